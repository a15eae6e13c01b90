"""A lead that a member of the staff chat has taken, and what of it has reached the CRM.

The CRM is told exactly once: the intent is stored before the call, the end after it. An intent without an end means
that nobody knows the outcome: then one looks first.
"""

from datetime import datetime
from enum import StrEnum

from carquery.domain.backoff import Backoff
from carquery.domain.effects import CrmId
from carquery.domain.ids import CrmUserId, LeadId, Reference, StaffId
from carquery.domain.reason import Reason
from carquery.domain.values import dataclass, replace


class TakeEnd(StrEnum):
    """How it ended in the CRM."""

    HANDED_OVER = "handed_over"
    """Whoever took it is responsible."""
    NOTED = "noted"
    """A note says who took it: nobody told who they are in the CRM."""
    OTHERS = "others"
    """Somebody made another one responsible meanwhile, and that stands."""
    CLOSED = "closed"
    GONE = "gone"
    """The deal was deleted, or merged into another."""
    REFUSED = "refused"
    """The CRM will not, or did not, however often it was asked."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who takes. `name`: as the messenger's users see it."""

    id: StaffId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One lead, taken once.

    Attributes:
        deal: the lead's, in the CRM.
        crm_user: who the member is in the CRM; None: nobody told.
        was_with: who was responsible when the call was intended; a call is repeated only while that is so.
        due_at: when the CRM may be told; None: it has been, as `end` says.
        failure: why the last try failed, or why the CRM refused.
    """

    lead: LeadId
    reference: Reference
    deal: CrmId
    by: StaffMember
    crm_user: CrmUserId | None
    at: datetime
    was_with: CrmUserId | None = None
    intent_at: datetime | None = None
    attempts: int = 0
    due_at: datetime | None
    end: TakeEnd | None = None
    failure: Reason | None = None

    def intends(self, *, at: datetime, was_with: CrmUserId | None = None) -> "Take":
        """To be stored before the CRM is called."""
        return replace(self, intent_at=at, was_with=was_with)

    def ended(self, end: TakeEnd, why: Reason | None = None) -> "Take":
        """The CRM has been told, or need not be."""
        return replace(self, end=end, failure=why, due_at=None)

    def postponed(self, *, until: datetime) -> "Take":
        """The CRM can't be asked now, or it is too early to look: no try is counted."""
        return replace(self, due_at=until)

    def failed(self, why: Reason, *, at: datetime, backoff: Backoff, chance: float) -> "Take":
        """One more try went wrong: there is another after a wait, or none after the last."""
        tried = replace(self, attempts=self.attempts + 1, failure=why)
        if tried.attempts >= backoff.most_attempts:
            return tried.ended(TakeEnd.REFUSED, why)
        return replace(tried, due_at=at + backoff.wait(tried.attempts, chance=chance))
