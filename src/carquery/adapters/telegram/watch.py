"""Who is told of what happens here, to count and to time it."""

from contextlib import AbstractContextManager
from typing import Protocol

from carquery.application.screens import Screen


class Watch(Protocol):
    """Counts; never fails."""

    def handling(self, kind: str) -> AbstractContextManager[None]:
        """Around the handling of one update. An exception that leaves it counts as a failure, and goes on.

        Args:
            kind: `message`, `edited_message`, `callback_query`, `unreadable` or `other`.
        """
        ...

    def replied(self, screen: Screen) -> None:
        """A customer is shown that."""
        ...
