"""The port to the photos that customers sent."""

from dataclasses import dataclass, field
from typing import Protocol

from carquery.domain.ids import FileId


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it was sent. `content_type`: such as `image/jpeg`."""

    content: bytes = field(repr=False)
    content_type: str


class PhotoGone(Exception):
    """The messenger does not have this photo any more, or never had it; asking again won't help."""


class PhotosAway(Exception):
    """The messenger can't be asked just now."""


class Photos(Protocol):
    """Photos, by the messenger's names for them."""

    async def read(self, file: FileId) -> Photo:
        """Fetch one photo, at most 20 MB (Bot API, getFile).

        Raises:
            PhotoGone: it can't be had.
            PhotosAway: it can't be had now.
        """
        ...
