"""Who hears of updates, to count and to time them."""

from typing import Final, Protocol

from carquery.domain.ids import Channel

UPDATE_KINDS: Final = ("message", "edited_message", "callback_query", "unreadable", "other")


class UpdateWatch(Protocol):
    """Counts; never fails."""

    def handled(self, channel: Channel, kind: str, *, seconds: float, is_failed: bool) -> None:
        """One update was taken, and its reply shown; or something of that has failed, for want of more than a store.

        Args:
            kind: one of `UPDATE_KINDS`.
        """
        ...
