"""What is done by itself when a customer, or the staff, has fallen silent."""

from datetime import timedelta
from typing import Final

from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Nothing of it is done unless the dealership says so: zero is off. All of it rests while it is closed.

    Attributes:
        reminder_after: how long after the last touch a customer is reminded, once, of a form that was left.
        unfinished_lead_after: how long after it a form with consent and phone is delivered as it is.
        join_open_deal_days: for so long a customer's next request joins the deal that is still open.
        first_touch_minutes: working minutes after which a lead that nobody touched is announced again, once.
    """

    reminder_after: timedelta = timedelta()
    unfinished_lead_after: timedelta = timedelta()
    join_open_deal_days: int = 0
    first_touch_minutes: int = 0


SILENT: Final = FollowUp()
"""Nothing is done."""
