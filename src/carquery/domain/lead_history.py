"""What happened to a lead on its way into the CRM, for those who ask why it is not there."""

from datetime import datetime
from enum import StrEnum

from carquery.domain.effects import Effect
from carquery.domain.reason import Reason
from carquery.domain.values import dataclass


class Happening(StrEnum):
    """One thing that may happen to a lead.

    `made` in the CRM; `lost`: the call's answer; then `found` there, or `missed`: it isn't there; `refused` by the CRM;
    `failed` for another reason; `waited`: the CRM was closed to everyone; `delivered`; `dead`; `resubmitted`.
    """

    MADE = "made"
    LOST = "lost"
    FOUND = "found"
    MISSED = "missed"
    REFUSED = "refused"
    FAILED = "failed"
    WAITED = "waited"
    DELIVERED = "delivered"
    DEAD = "dead"
    RESUBMITTED = "resubmitted"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """It happened then. `why`: the reason, or under which number it stands and what the CRM would not take of it."""

    at: datetime
    what: Happening
    effect: Effect | None = None
    why: Reason | None = None
