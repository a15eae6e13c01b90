"""The port to what one process of the installation does for all of them."""

from datetime import timedelta
from typing import Protocol


class Chores(Protocol):
    """Who does what, and when it was done last. Every method may raise `StoreUnavailable`."""

    async def take(self, chore: str, *, every: timedelta) -> bool:
        """Whether nobody took that chore within that time; then it is the caller's, and nobody else's."""
        ...

    async def is_due(self, chore: str, *, every: timedelta) -> bool:
        """Whether nobody took it within that time. It stays whose it is."""
        ...

    async def give_back(self, chore: str) -> None:
        """It was not done: whoever asks next may take it."""
        ...
