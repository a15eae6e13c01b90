"""A customer's leads as they see them, with how far each has come."""

from collections.abc import Sequence
from typing import Final

from carquery.application.conversation.remembered_deals import RememberedDeals
from carquery.application.ports.amendments import Amendments
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.ports.leads import Chosen, Leads
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import CustomerId, Reference
from carquery.domain.lead import Lead
from carquery.domain.sent_lead import SentLead, Stage
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit

MOST_SHOWN: Final = 8
"""Newest first: nobody looks for older ones, and each has a button."""

_STAGES: Final = {
    DealPhase.WAITING: Stage.HANDED_OVER,
    DealPhase.IN_WORK: Stage.IN_WORK,
    DealPhase.CLOSED: Stage.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLeads:
    """Reads those that the customer has sent.

    What the CRM says of their deals is asked for at once, and not waited for long.
    """

    leads: Leads
    amendments: Amendments
    deals: RememberedDeals

    async def newest(self, customer: CustomerId) -> tuple[SentLead, ...]:
        """The customer's latest leads, newest first. Raises StoreUnavailable."""
        leads = await self.leads.newest(limit=MOST_SHOWN, chosen=Chosen(customer=customer))
        return await self._seen(leads)

    async def find(self, customer: CustomerId, reference: Reference) -> SentLead | None:
        """That one; `None`: this customer has none of that reference. Raises StoreUnavailable."""
        lead = await self.leads.find(reference)
        if lead is None or lead.customer != customer:
            return None
        return next(iter(await self._seen([lead])), None)

    async def _seen(self, leads: Sequence[Lead]) -> tuple[SentLead, ...]:
        """Those of them that the customer has sent."""
        amendments = await self.amendments.of([lead.id for lead in leads])
        every = (SentLead.of(lead, amendments.get(lead.id, ())) for lead in leads)
        sent = [one for one in every if not one.lead.is_unfinished]
        asked = [_deal_of(one.lead) for one in sent if one.stage is Stage.HANDED_OVER]
        states = await self.deals.states([deal for deal in asked if deal != NOTHING_TO_MAKE])
        return tuple(_as_the_crm_says(one, states.get(_deal_of(one.lead))) for one in sent)


def meant(visit: Visit, leads: Sequence[SentLead]) -> SentLead | None:
    """Of those that may be changed the one that was just sent, or the only one; `None`: the customer has to say."""
    open_ones = [one for one in leads if one.may_be_changed]
    just_sent = [one for one in open_ones if one.lead.reference == visit.receipt]
    alone = just_sent or open_ones
    return alone[0] if len(alone) == 1 else None


def _deal_of(lead: Lead) -> CrmId:
    return lead.made.get(Effect.LEAD, NOTHING_TO_MAKE)


def _as_the_crm_says(sent: SentLead, state: DealState | None) -> SentLead:
    if state is None or sent.stage is not Stage.HANDED_OVER:
        return sent
    stage = _STAGES[state.phase]
    return replace(sent, stage=stage, who=state.responsible_name if stage is Stage.IN_WORK else "")
