"""Photos and files in the process."""

from collections.abc import Callable

from carquery.application.ports.sent_files import FileContent, FileGone, FilesAway
from carquery.domain.ids import Channel, FileId


class MemorySentFiles:
    """A file for every name, unless it is gone; `asked`: the channels that files were wanted of.

    Args:
        make: what the file of that name holds.
    """

    def __init__(self, make: Callable[[FileId], FileContent]) -> None:
        self._make = make
        self.gone: set[FileId] = set()
        self.asked: set[Channel] = set()
        self.is_away = False

    async def read(self, channel: Channel, file: FileId) -> FileContent:
        self.asked.add(channel)
        if self.is_away:
            raise FilesAway("the messenger does not answer")
        if file in self.gone:
            raise FileGone
        return self._make(file)
