"""When the dealership is open: a pure value, by the dealership's own clock, changes of summer time included."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, TypeAlias

from carquery.domain.values import dataclass

MINUTES_A_DAY: Final = 24 * 60
FARTHEST_DAYS: Final = 366
"""Nobody is promised anything farther away."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from `opens` until `closes`, in minutes since midnight; 1440: until midnight."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise ValueError(f"a span from {self.opens} to {self.closes}")


Week: TypeAlias = tuple[tuple[Span, ...], ...]
"""Seven days from Monday on; a day's spans in order, none touching another."""


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The hours of a week, but for holidays.

    Attributes:
        text: as the dealership writes them.
        zone: whose clock they are by.
        holidays: closed all day.
    """

    text: str
    week: Week
    zone: tzinfo
    holidays: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at that (aware) moment."""
        return self.next_open(at) == at

    def next_open(self, at: datetime) -> datetime | None:
        """The first open moment from then on, by the dealership's clock; None: none within a year."""
        for opens, closes in self._spans_from(at):
            if at < closes:
                return max(opens, at).astimezone(self.zone)
        return None

    def next_close(self, at: datetime) -> datetime | None:
        """When it closes next, by the dealership's clock, being open until then from `at` or from the next opening on.

        None: not within a year. Where a day's hours end at midnight and the next one's begin there, it does not close.
        """
        closes = None
        for opens, until in self._spans_from(at):
            if until <= at:
                continue
            if closes is not None and opens > closes:
                return closes.astimezone(self.zone)
            closes = until
        return None

    def after(self, at: datetime, minutes: int) -> datetime | None:
        """The moment when that many open minutes will have passed; of none: as `next_open`. None: not within a year."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._spans_from(at):
            begins = max(opens, at)
            if begins >= closes:
                continue
            if begins + left <= closes:
                return (begins + left).astimezone(self.zone)
            left -= closes - begins
        return None

    def between(self, since: datetime, until: datetime) -> timedelta:
        """How much of that time it was open."""
        total = timedelta()
        for opens, closes in self._spans_from(since):
            if opens >= until:
                break
            total += max(min(closes, until) - max(opens, since), timedelta())
        return total

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Begin and end, in UTC, of each time that it is open, from the day of `at` on; ends may lie before `at`."""
        first = at.astimezone(self.zone).date()
        for ahead in range(FARTHEST_DAYS + 1):
            day = first + timedelta(days=ahead)
            if day in self.holidays:
                continue
            for span in self.week[day.weekday()]:
                yield self._moment(day, span.opens), self._moment(day, span.closes)

    def _moment(self, day: date, minutes: int) -> datetime:
        if minutes == MINUTES_A_DAY:
            day, minutes = day + timedelta(days=1), 0
        return datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).astimezone(UTC)
