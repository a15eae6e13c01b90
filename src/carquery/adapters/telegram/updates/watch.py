"""Who is told of what happens here, to count and to time it."""

from contextlib import AbstractContextManager
from typing import Final, Protocol

from carquery.application.screens import Screen

UPDATE_KINDS: Final = ("message", "edited_message", "callback_query", "unreadable", "other")


class Watch(Protocol):
    """Counts; never fails."""

    def handling(self, kind: str) -> AbstractContextManager[None]:
        """Around the handling of one update. An exception that leaves it counts as a failure, and goes on.

        Args:
            kind: one of `UPDATE_KINDS`.
        """
        ...

    def replied(self, screen: Screen) -> None:
        """A customer is shown that."""
        ...
