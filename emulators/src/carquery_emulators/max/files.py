"""Files that were sent or uploaded, by token, and the addresses at which they can be had for a while."""

import base64
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from carquery_emulators.kit.json_types import Json

FileKind: TypeAlias = Literal["image", "video", "audio", "file", "sticker"]
A_PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChAGA4Z8ZJQAAAABJRU5ErkJggg=="
)
"""The smallest picture: one pixel, PNG."""
_MIME_TYPES: dict[FileKind, str] = {
    "image": "image/png",
    "video": "video/mp4",
    "audio": "audio/ogg",
    "file": "application/octet-stream",
    "sticker": "image/webp",
}
URL_LIFETIME = 3600.0
"""Seconds. Made up: that addresses of files expire is known, not when."""


class UrlExpired(Exception):
    """The file is there; its address is not good any more."""


@dataclass(frozen=True, slots=True)
class MaxFile:
    """A file as MAX keeps it. `size` may be more than the bytes really held, to try limits cheaply."""

    token: str
    number: int
    kind: FileKind
    content: bytes
    size: int
    name: str
    mime_type: str


class MaxFiles:
    """Every file of this MAX, in memory.

    Args:
        clock: Unix seconds.
        host: where files can be had; asked anew for each address.
    """

    def __init__(self, clock: Callable[[], float], host: Callable[[], str], *, url_lifetime: float) -> None:
        self._clock = clock
        self._host = host
        self._url_lifetime = url_lifetime
        self._files: dict[str, MaxFile] = {}
        self._numbers = itertools.count(1)
        self._addresses = itertools.count(1)
        self._void_up_to = 0

    def add(
        self,
        content: bytes,
        kind: FileKind,
        *,
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
    ) -> MaxFile:
        number = next(self._numbers)
        stored = MaxFile(
            token=f"f9LHod{number:06d}_{kind}",
            number=7_000_000_000 + number,
            kind=kind,
            content=content,
            size=len(content) if size is None else size,
            name=name or f"{kind}_{number}",
            mime_type=mime_type or _MIME_TYPES[kind],
        )
        self._files[stored.token] = stored
        return stored

    def find(self, token: object) -> MaxFile | None:
        return self._files.get(token) if isinstance(token, str) else None

    def url(self, file: MaxFile) -> str:
        """An address that is good for a while, another one each time."""
        expires = int((self._clock() + self._url_lifetime) * 1000)
        return f"{self._host()}/files/{file.token}?r={next(self._addresses)}&expires={expires}"

    def expire_urls(self) -> None:
        """No address that was given so far is good any more."""
        self._void_up_to = next(self._addresses)

    def at(self, token: str, address: int, expires: int) -> MaxFile | None:
        """The file at an address. Raises UrlExpired."""
        if address <= self._void_up_to or expires < self._clock() * 1000:
            raise UrlExpired
        return self._files.get(token)

    def payload(self, file: MaxFile) -> Json:
        """What an attachment says of the file, with an address that is new."""
        body: Json = {"token": file.token, "url": self.url(file)}
        if file.kind == "image":
            body = {"photo_id": file.number, **body}
        return body
