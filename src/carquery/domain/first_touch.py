"""The first thing that a person does for a customer in the CRM, and how it is watched for."""

from datetime import datetime, timedelta
from typing import Final

from carquery.domain.ids import CrmUserId
from carquery.domain.values import dataclass

WATCHED_FOR: Final = timedelta(days=7)
"""A deal that nobody has touched for so long is not looked at any more."""
SETTLES: Final = timedelta(minutes=15)
"""So long after a touch an earlier one may yet appear: a CRM tells of what happened late, and in no order."""

_PACES: Final = (
    (timedelta(hours=2), timedelta(minutes=1)),
    (timedelta(days=1), timedelta(minutes=5)),
    (WATCHED_FOR, timedelta(minutes=30)),
)
"""Until that age, one look each so long."""


@dataclass(frozen=True, slots=True)
class FirstTouch:
    """When it was, by the CRM's clock, and which of the CRM's users it was."""

    at: datetime
    by: CrmUserId

    def or_earlier(self, other: "FirstTouch | None") -> "FirstTouch":
        """Whichever was first."""
        return self if other is None or self.at <= other.at else other


def next_look(delivered_at: datetime, touch: FirstTouch | None, *, now: datetime) -> datetime | None:
    """When to look again at a lead that stands in the CRM since then; None: it need not be looked at any more."""
    if touch is not None:
        settled_at = touch.at + SETTLES
        return settled_at if now < settled_at else None
    age = now - delivered_at
    return next((now + pace for until, pace in _PACES if age < until), None)
