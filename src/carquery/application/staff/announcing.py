"""What the staff chat is told of leads: that one has come, and that nobody has touched it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carquery.application.conversation.navigator import Messengers
from carquery.application.marked_text import clip
from carquery.application.ports.alerts import AlertBell, LeadUntouched, NewLead
from carquery.application.ports.dealership import ToldOfDealership
from carquery.domain.effects import Effect
from carquery.domain.lead import Lead
from carquery.domain.masking import mask
from carquery.domain.meaning import Meaning

LONGEST_CAR: Final = 80
"""UTF-16 units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcing:
    """Makes announcements of leads that stand in the CRM.

    A lead is announced when it can be worked on: when it was delivered. Of one that was not, the staff hear by other
    alerts. While the dealership is closed, nobody is called; it is announced when it opens.

    Attributes:
        messengers: what each is called.
        is_anybody_there: whether there is a staff chat.
    """

    dealership: ToldOfDealership
    messengers: Messengers
    bell: AlertBell
    is_anybody_there: bool

    def delivered(self, lead: Lead, *, now: datetime) -> tuple[NewLead, ...]:
        """What is to be told of a lead that is delivered now: one announcement, or none if nobody reads it."""
        if not self.is_anybody_there or Effect.LEAD not in lead.made:
            return ()
        hours = self.dealership().hours
        opens_at = None if hours is None else hours.next_open(now)
        return (self.of(lead, not_before=None if opens_at is None or opens_at <= now else opens_at),)

    def of(self, lead: Lead, *, not_before: datetime | None = None) -> NewLead:
        """The announcement of a lead that has a deal."""
        return NewLead(
            reference=lead.reference,
            service=lead.service,
            car=car_of(lead),
            source=_source(lead),
            messenger=self._messenger(lead),
            deal=lead.made[Effect.LEAD],
            not_before=not_before,
            is_unfinished=lead.is_unfinished,
        )

    def untouched(self, lead: Lead, *, minutes: int, taken_by: str) -> LeadUntouched:
        """That nobody has touched it for so many working minutes."""
        return LeadUntouched(
            reference=lead.reference,
            service=lead.service,
            car=car_of(lead),
            source=_source(lead),
            messenger=self._messenger(lead),
            deal=lead.made[Effect.LEAD],
            minutes=minutes,
            taken_by=taken_by,
        )

    def _messenger(self, lead: Lead) -> str:
        channel = None if lead.customer is None else lead.customer.channel
        return "" if channel is None else self.messengers.get(channel, channel)


def car_of(lead: Lead) -> str:
    """What the customer calls it; whatever else somebody has typed there, nothing personal."""
    car = lead.said(Meaning.CAR)
    return "" if car is None else clip(mask(car.shown).text, LONGEST_CAR)


def _source(lead: Lead) -> str:
    """Where the customer came from. A link that says no more than the form says nothing."""
    return "" if lead.source is None or lead.source == lead.service.value else mask(lead.source).text
