"""Sell and buy of one person: each note names the other lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carquery.application.leads import crm_texts
from carquery.application.leads.held_leads import HeldLeads
from carquery.application.ports.crm import Crm
from carquery.application.ports.leads import Leads
from carquery.domain.effects import Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead
from carquery.domain.trade_in import WITHIN, is_half, other_halves


@dataclass(frozen=True, slots=True)
class TradeIns:
    """Looks into the store alone, and only for leads that sell or buy."""

    leads: Leads
    crm: Crm

    async def of(self, leads: Sequence[Lead]) -> Mapping[LeadId, tuple[Lead, ...]]:
        """The other halves of each, oldest first. Raises StoreUnavailable."""
        halves = [lead for lead in leads if is_half(lead)]
        if not halves:
            return {}
        since = min(lead.created_at for lead in halves) - WITHIN
        stored = await self.leads.of_phones({lead.phone for lead in halves if lead.phone is not None}, since=since)
        found = {lead.id: other_halves(lead, stored) for lead in halves}
        return {lead: others for lead, others in found.items() if others}

    async def tell(self, lead: Lead, others: Sequence[Lead], held: HeldLeads) -> None:
        """Let the notes that others have already name this lead. Done twice is done once. Raises CrmFailure."""
        for other in others:
            if Effect.NOTE in other.made and lead.reference not in other.trade_in:
                await self.crm.add_to_note(other, crm_texts.trade_in((lead.reference,)), held)
