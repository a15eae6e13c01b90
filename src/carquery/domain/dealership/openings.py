"""The days on which a dealership opens, and when: what its staff are told in the morning goes by these."""

from datetime import date, datetime, time, timedelta
from typing import Final

from carquery.domain.dealership.hours import BusinessHours

AROUND_THE_CLOCK: Final = time(9)
"""Where a day begins open, its morning is then."""

_DAY: Final = timedelta(days=1)


def opening(hours: BusinessHours, day: date) -> datetime | None:
    """When it opens on that day, by its own clock; None: it does not."""
    midnight = datetime.combine(day, time(), hours.zone)
    opens = hours.next_open(midnight)
    if opens is None or opens.date() != day:
        return None
    return datetime.combine(day, AROUND_THE_CLOCK, hours.zone) if opens == midnight else opens


def last_open_day(hours: BusinessHours, *, before: date, at_most: int) -> date | None:
    """The last day before that one on which it opened; None: none of so many."""
    days = (before - ahead * _DAY for ahead in range(1, at_most + 1))
    return next((day for day in days if opening(hours, day) is not None), None)


def begins_week(hours: BusinessHours, day: date) -> bool:
    """Whether it has not been open since Monday."""
    return last_open_day(hours, before=day, at_most=day.weekday()) is None
