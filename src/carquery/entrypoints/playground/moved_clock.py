"""A clock that whoever plays moves on: night comes, or the weekend, when they want to see it."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from carquery.application.ports.environment import Clock
from carquery.domain.dealership.hours import BusinessHours

SATURDAY: Final = 5
"""Of a week from Monday on."""


class MovedClock:
    """Ahead of another one; it only goes forward, as leases, tokens and all that waits must see it.

    Args:
        ahead: by so much at the beginning.
    """

    def __init__(self, clock: Clock, *, ahead: timedelta = timedelta()) -> None:
        self._clock = clock
        self._ahead = ahead

    def now(self) -> datetime:
        return self._clock.now() + self._ahead

    def monotonic(self) -> float:
        return self._clock.monotonic() + self._ahead.total_seconds()

    def seconds(self) -> float:
        """Since 1970."""
        return self.now().timestamp()

    def move(self, by: timedelta) -> None:
        """Forward."""
        self._ahead += max(by, timedelta())


class When(StrEnum):
    """Where it can be moved to, by the dealership's own clock."""

    HOUR = "hour"
    """An hour on."""
    NIGHT = "night"
    """Two at night."""
    OPEN = "open"
    """An hour after the next opening."""
    WEEKEND = "weekend"
    """Noon of a Saturday."""


def wait_until(when: When, hours: BusinessHours, *, now: datetime) -> timedelta:
    """How long it is until then."""
    here = now.astimezone(hours.zone)
    match when:
        case When.HOUR:
            return timedelta(hours=1)
        case When.NIGHT:
            return _next(here, time(2)) - here
        case When.WEEKEND:
            noon = _next(here, time(12))
            return noon + timedelta(days=(SATURDAY - noon.weekday()) % 7) - here
        case When.OPEN:
            tomorrow = here if not hours.is_open(now) else (hours.next_close(now) or here)
            opens = hours.next_open(tomorrow) or here
            return opens + timedelta(hours=1) - here


def _next(here: datetime, at: time) -> datetime:
    today = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > here else today + timedelta(days=1)
