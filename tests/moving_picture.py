"""A moving picture of a page: its screenshots, one after another, in one animated PNG.

Source of the format: W3C, Portable Network Graphics (Third Edition), 11.3.6, «Animation information».
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Page

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(slots=True)
class MovingPicture:
    """Takes frames of a page, each of which stays for some seconds; it begins anew for ever."""

    page: Page
    frames: list[tuple[bytes, float]] = field(default_factory=list)

    async def keep(self, seconds: float) -> None:
        """The page as it looks now. One that looks as before makes that frame stay longer."""
        shown = await self.page.screenshot(animations="disabled", scale="css")
        if self.frames and self.frames[-1][0] == shown:
            seconds += self.frames.pop()[1]
        self.frames.append((shown, seconds))

    def png(self) -> bytes:
        """All frames, which have one size."""
        head = dict(_chunks(self.frames[0][0]))[b"IHDR"]
        width, height = struct.unpack_from(">II", head)
        parts, sequence = [_chunk(b"IHDR", head), _chunk(b"acTL", struct.pack(">II", len(self.frames), 0))], 0
        for number, (frame, seconds) in enumerate(self.frames):
            shown = struct.pack(">IIIIIHHBB", sequence, width, height, 0, 0, round(seconds * 100), 100, 0, 0)
            parts.append(_chunk(b"fcTL", shown))
            sequence += 1
            for kind, data in _chunks(frame):
                if kind != b"IDAT":
                    continue
                if number == 0:
                    parts.append(_chunk(b"IDAT", data))
                else:
                    parts.append(_chunk(b"fdAT", struct.pack(">I", sequence) + data))
                    sequence += 1
        return SIGNATURE + b"".join([*parts, _chunk(b"IEND", b"")])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
