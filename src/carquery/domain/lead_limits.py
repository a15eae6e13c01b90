"""How many requests of one customer are taken: more are a mistake, or no customer's."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from carquery.domain.values import dataclass

COUNTED: Final = timedelta(days=1)
"""Leads that were received within that time matter."""


@dataclass(frozen=True, slots=True)
class LeadLimits:
    """At most so many within any hour, and within any day."""

    an_hour: int = 3
    a_day: int = 10

    def next_at(self, received: Iterable[datetime], *, at: datetime) -> datetime:
        """When one more is taken, at `at` or later. `received`: when the customer's leads of the day before were."""
        times = sorted(received)
        windows = ((self.an_hour, timedelta(hours=1)), (self.a_day, COUNTED))
        return max([at, *(times[-most] + within for most, within in windows if len(times) >= most)])


USUAL_LIMITS: Final = LeadLimits()
