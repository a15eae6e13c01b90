"""The port to the photos and files that customers sent."""

from dataclasses import dataclass, field
from typing import Protocol

from carquery.domain.ids import Channel, FileId


@dataclass(frozen=True, slots=True)
class FileContent:
    """A photo or file as it was sent. `picture_type`: such as `image/jpeg`, if its bytes say that it is a picture."""

    content: bytes = field(repr=False)
    picture_type: str | None = None


class FileGone(Exception):
    """The messenger does not have this file any more, or never had it; asking again won't help."""


class FilesAway(Exception):
    """The messenger can't be asked just now."""


class SentFiles(Protocol):
    """Photos and files, by the names that the channel they came by has for them."""

    async def read(self, channel: Channel, file: FileId) -> FileContent:
        """Fetch one, at most 20 MB.

        Raises:
            FileGone: it can't be had.
            FilesAway: it can't be had now.
        """
        ...
