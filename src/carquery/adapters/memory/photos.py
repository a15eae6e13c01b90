"""Photos in the process."""

from collections.abc import Callable

from carquery.application.ports.photos import Photo, PhotoGone, PhotosAway
from carquery.domain.ids import FileId


class MemoryPhotos:
    """A photo for every name, unless it is gone.

    Args:
        make: what the photo of that name looks like.
    """

    def __init__(self, make: Callable[[FileId], Photo]) -> None:
        self._make = make
        self.gone: set[FileId] = set()
        self.is_away = False

    async def read(self, file: FileId) -> Photo:
        if self.is_away:
            raise PhotosAway("the messenger does not answer")
        if file in self.gone:
            raise PhotoGone
        return self._make(file)
