"""What a silence leads to while the dealership is open: a reminder, once, and then a lead that is not finished."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from carquery.domain.dealership.dealership import Dealership

LATEST: Final = timedelta(days=3)
"""Who was silent for longer, over a weekend and a holiday, knows what they left."""


@dataclass(frozen=True, slots=True)
class Silence:
    """How long customers have been silent who may be reminded now: since a moment after the one, until the other."""

    since: datetime
    until: datetime


def due_silence(dealership: Dealership, *, at: datetime) -> Silence | None:
    """Whom to remind at that moment; `None`: nobody. A dealership that does not tell its hours reminds nobody."""
    after = dealership.follow_up.reminder_after
    is_open = dealership.hours is not None and dealership.hours.is_open(at)
    return Silence(at - after - LATEST, at - after) if after and is_open else None


def unfinished_since(dealership: Dealership, *, at: datetime) -> datetime | None:
    """Forms that were touched last then or earlier are delivered as they are; `None`: none is."""
    after = dealership.follow_up.unfinished_lead_after
    is_closed = dealership.hours is not None and not dealership.hours.is_open(at)
    return None if not after or is_closed else at - after
