"""How long an emulator listens."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Emulator(ABC):
    """A server that listens from entering it as a context until leaving it, or until `close`."""

    @abstractmethod
    async def open(self) -> None:
        """Listen. Raises OSError: the port can't be had."""

    @abstractmethod
    async def close(self) -> None:
        """End whatever is under way, then the server; a second time changes nothing."""

    async def __aenter__(self) -> Self:
        try:
            await self.open()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
