"""What a silence leads to while the dealership is open: a reminder, once, and then a lead that is not finished."""

from datetime import datetime, timedelta
from typing import Final

from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.values import dataclass

LATEST: Final = timedelta(days=3)
"""Who was silent for longer, over a weekend and a holiday, knows what they left."""

LATEST_IN_HOURS: Final = timedelta(hours=24)
"""Of hours that it was open: what was due so long ago was left while nobody wanted such leads, or had them."""
KEPT_DAYS: Final = 7
"""No form is older."""


@dataclass(frozen=True, slots=True)
class Silence:
    """When customers were there last whose silence is due now: after the one moment, until the other."""

    since: datetime
    until: datetime


def due_silence(dealership: Dealership, *, at: datetime) -> Silence | None:
    """Whom to remind at that moment; `None`: nobody. A dealership that does not tell its hours reminds nobody."""
    after = dealership.follow_up.reminder_after
    is_open = dealership.hours is not None and dealership.hours.is_open(at)
    return Silence(at - after - LATEST, at - after) if after and is_open else None


def unfinished_silence(dealership: Dealership, *, at: datetime) -> Silence | None:
    """Whose forms are delivered as they are at that moment; `None`: nobody's.

    Those of the last week do not all become leads when a dealership begins to want them.
    """
    after, hours = dealership.follow_up.unfinished_lead_after, dealership.hours
    if not after or (hours is not None and not hours.is_open(at)):
        return None
    latest = LATEST_IN_HOURS if hours is None else _time_with(LATEST_IN_HOURS, hours, before=at)
    return Silence(at - after - latest, at - after)


def _time_with(open_hours: timedelta, hours: BusinessHours, *, before: datetime) -> timedelta:
    """Whole days before that moment in which it was open for so long."""
    days = (timedelta(days=count) for count in range(1, KEPT_DAYS))
    was_open = (time for time in days if hours.between(before - time, before) >= open_hours)
    return next(was_open, timedelta(days=KEPT_DAYS))
