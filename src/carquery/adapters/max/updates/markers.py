"""The port to where polling goes on: MAX forgets that, and without it brings the latest update alone."""

from typing import Protocol


class Markers(Protocol):
    """How far each bot has read. Every method may raise StoreUnavailable."""

    async def load(self, bot: int) -> int | None:
        """The marker that was kept last for the bot with that user id; `None`: none was."""
        ...

    async def keep(self, bot: int, marker: int) -> None:
        """Remember a marker durably, in place of the one before."""
        ...
