"""Repeat requests: a lead whose customer has an open deal already gets no second one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from carquery.application.ports.crm import Crm, CrmFailure, CrmGone, CrmMade, CrmOutcome, StandingDeal
from carquery.application.ports.environment import Clock
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import EarlierDeal, Lead


@dataclass(frozen=True, slots=True)
class Joining:
    """What one pass knows of the deals of its leads' contacts.

    Attributes:
        within: a deal that is older is not joined; zero: none is, and nobody is asked.
        opened: the deal that this pass has opened for a contact, or found open.
        stuck: contacts for one of whose leads no deal could be made just now.
    """

    crm: Crm
    clock: Clock
    within: timedelta
    opened: dict[CrmId, EarlierDeal] = field(default_factory=dict)
    stuck: dict[CrmId, CrmFailure] = field(default_factory=dict)

    def first_of_each(self, leads: Iterable[Lead]) -> tuple[Lead, ...]:
        """Of one contact's leads the oldest alone: the others join what becomes of it, whoever decides it and when."""
        if not self.within:
            return tuple(leads)
        first: dict[CrmId, Lead] = {}
        for lead in sorted(leads, key=lambda lead: (lead.created_at, lead.id)):
            first.setdefault(contact_of(lead), lead)
        return tuple(first.values())

    async def look(self, leads: Sequence[Lead]) -> Mapping[LeadId, StandingDeal]:
        """What stands in the CRM for them. Raises CrmFailure."""
        known = {lead.id: self.opened[contact_of(lead)] for lead in leads if contact_of(lead) in self.opened}
        unknown = [lead for lead in leads if lead.id not in known]
        if not self.within or not unknown:
            standing: Mapping[LeadId, StandingDeal] = {}
        else:
            standing = await self.crm.earlier_deals(unknown, since=self.clock.now() - self.within)
        return {**standing, **{lead: StandingDeal(deal, is_open=True) for lead, deal in known.items()}}

    def joins(self, lead: Lead) -> None:
        """It stands with an open deal now."""
        if lead.joined_to is not None:
            self.opened[contact_of(lead)] = lead.joined_to

    def learns(self, effect: Effect, lead: Lead, outcome: CrmOutcome) -> None:
        """What became of a call for the lead decides where others of its contact go."""
        match outcome:
            case CrmMade(id=crm_id) if effect is Effect.LEAD and self.within:
                self.opened[contact_of(lead)] = EarlierDeal(crm_id, lead.reference, next(iter(lead.people), None))
            case CrmFailure() if effect is Effect.LEAD and self.within:
                self.stuck[contact_of(lead)] = outcome
            case CrmGone(effect=Effect.LEAD):
                self.closed(lead)
            case _:
                pass

    def closed(self, lead: Lead) -> None:
        """The deal that it had joined is open no more."""
        self.opened.pop(contact_of(lead), None)

    def waits_for(self, lead: Lead) -> CrmFailure | None:
        """Why nothing can be decided for it: another lead of its contact got no deal, or perhaps it did."""
        return self.stuck.get(contact_of(lead))


def contact_of(lead: Lead) -> CrmId:
    """Of a lead that has one."""
    return lead.made[Effect.CONTACT]
