"""Who hears of updates, to count and to time them."""

from contextlib import AbstractContextManager
from typing import Final, Protocol

from carquery.domain.ids import Channel

UPDATE_KINDS: Final = ("message", "edited_message", "callback_query", "unreadable", "other")


class UpdateWatch(Protocol):
    """Counts; never fails."""

    def handling(self, channel: Channel, kind: str) -> AbstractContextManager[None]:
        """Around the handling of one update. An exception that leaves it counts as a failure, and goes on.

        Args:
            kind: one of `UPDATE_KINDS`.
        """
        ...
