"""When a customer may be reminded of a form that was left: once, after a silence, while the dealership is open."""

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
