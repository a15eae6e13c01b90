"""Time and chance that a test holds in its hand."""

from datetime import datetime, timedelta

from carquery.domain.ids import DialogId, MessageId, Reference
from carquery.domain.reference import CROCKFORD


class SettableClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def pass_time(self, by: timedelta) -> None:
        """Move on."""
        self._now += by


class CountingRandomness:
    """Draws 1, 2, 3 …; `draw_again` repeats the last reference, as chance sometimes does.

    Attributes:
        next_chance: what `chance` gives.
    """

    def __init__(self) -> None:
        self._drawn = 0
        self.next_chance = 1.0

    def dialog_id(self) -> DialogId:
        return DialogId(self._next(13))

    def message_id(self) -> MessageId:
        return MessageId(self._next(13))

    def reference(self) -> Reference:
        return Reference(f"CQ-{self._next(6)}")

    def chance(self) -> float:
        return self.next_chance

    def draw_again(self) -> None:
        """The next draw gives what the last one gave."""
        self._drawn -= 1

    def _next(self, length: int) -> str:
        self._drawn += 1
        signs, left = "", self._drawn
        for _ in range(length):
            left, sign = divmod(left, len(CROCKFORD))
            signs = CROCKFORD[sign] + signs
        return signs
