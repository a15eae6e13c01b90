"""A lead as its customer sees it once it was sent."""

from collections.abc import Sequence
from enum import StrEnum

from carquery.domain.amendment import Amendment, as_the_customer_sees, cancelled_at
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.meaning import Meaning
from carquery.domain.values import dataclass


class Stage(StrEnum):
    """How far it has come: `received → handed_over → in_work → closed`; or the customer cancelled it."""

    RECEIVED = "received"
    HANDED_OVER = "handed_over"
    IN_WORK = "in_work"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SentLead:
    """One of a customer's leads.

    Attributes:
        lead: with everything that the customer has changed of it.
        who: has it; empty: nobody says.
    """

    lead: Lead
    stage: Stage
    who: str = ""

    @classmethod
    def of(cls, lead: Lead, amendments: Sequence[Amendment]) -> "SentLead":
        """As far as we know by ourselves."""
        seen = as_the_customer_sees(lead, amendments)
        if cancelled_at(amendments) is not None:
            return cls(seen, Stage.CANCELLED)
        return cls(seen, Stage.HANDED_OVER if lead.status is LeadStatus.DELIVERED else Stage.RECEIVED)

    @property
    def may_be_changed(self) -> bool:
        """Whether the customer may correct or cancel it."""
        return self.stage not in (Stage.CLOSED, Stage.CANCELLED)

    @property
    def car(self) -> str:
        """Which car it is about; empty: none, or that was not said."""
        car = self.lead.said(Meaning.CAR)
        return "" if car is None else car.shown
