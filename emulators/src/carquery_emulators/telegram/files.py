"""Files that were sent, by file_id."""

import base64
import itertools
import struct
from dataclasses import dataclass

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.errors import bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes. Source: Bot API, getFile
A_PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChAGA4Z8ZJQAAAABJRU5ErkJggg=="
)
"""The smallest picture: one pixel, PNG."""
_MIME_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as Telegram keeps it. `size` may be more than the bytes really held, to try limits cheaply."""

    file_id: str
    file_unique_id: str
    path: str
    content: bytes
    size: int
    name: str | None = None
    mime_type: str | None = None

    def identity(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": self.size}


class Files:
    """Every file ever sent through this Telegram, in memory."""

    def __init__(self) -> None:
        self._files: dict[str, SentFile] = {}
        self._numbers = itertools.count(1)

    def add(
        self,
        content: bytes,
        *,
        folder: str,
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
    ) -> SentFile:
        number = next(self._numbers)
        kind = picture_kind(content)
        ending = kind or (name.rpartition(".")[2] if name and "." in name else "bin")
        stored = SentFile(
            file_id=f"AgACAgIAAxkBAAI{number:06d}_{folder}",
            file_unique_id=f"AQAD{number:06d}",
            path=f"{folder}/file_{number}.{ending}",
            content=content,
            size=len(content) if size is None else size,
            name=name,
            mime_type=mime_type or _MIME_TYPES.get(kind or ""),
        )
        self._files[stored.file_id] = stored
        return stored

    def find(self, file_id: str) -> SentFile | None:
        return self._files.get(file_id)

    def at(self, path: str) -> SentFile | None:
        return next((file for file in self._files.values() if file.path == path), None)

    def to_download(self, file_id: str) -> Json:
        """The Bot API's File. Raises BotApiError: unknown, or over the limit."""
        file = self.find(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if file.size > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        return {**file.identity(), "file_path": file.path}

    def add_photo(self, content: bytes) -> list[Json]:
        """The sizes of one new picture, the smallest first: what `Message.photo` holds."""
        sizes = []
        width, height = picture_size(content)
        for factor in (4, 1):
            file = self.add(content, folder="photos")
            sizes.append({**file.identity(), "width": max(width // factor, 1), "height": max(height // factor, 1)})
        return sizes

    def document(self, file: SentFile) -> Json:
        """What `Message.document` holds."""
        body = file.identity()
        if file.name is not None:
            body["file_name"] = file.name
        if file.mime_type is not None:
            body["mime_type"] = file.mime_type
        return body


def picture_kind(content: bytes) -> str | None:
    """png, jpg, gif or webp; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    return None


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels; a made-up size for formats whose header is not worth reading here."""
    if picture_kind(content) == "png" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    return 1280, 960
