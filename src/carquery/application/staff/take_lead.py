"""A member of the staff chat takes a lead: whoever is first has it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.crm_deals import CrmDeals, DealPhase
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Bell, Clock
from carquery.application.ports.leads import Leads, LeadUnreadable
from carquery.application.ports.takes import Takes
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from carquery.domain.take import StaffMember, Take

ASKED_FOR: Final = timedelta(seconds=3)
"""So long the CRM may think about whether the deal is open; who pressed a button waits meanwhile."""


class Taking(Enum):
    """What became of a press."""

    TAKEN = "taken"
    YOURS = "yours"
    """Whoever pressed has it already."""
    OTHERS = "others"
    CLOSED = "closed"
    GONE = "gone"
    """The deal is not in the CRM any more."""
    ERASED = "erased"
    NOT_DELIVERED = "not delivered"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class TakenLead:
    """`lead` and `take` are there as far as there are such."""

    outcome: Taking
    lead: Lead | None = None
    take: Take | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLead:
    """Decided in the store: of two who press at once one has it, in whatever process. The CRM is told afterwards."""

    leads: Leads
    takes: Takes
    deals: CrmDeals
    dealership: ToldOfDealership
    bell: Bell
    clock: Clock

    async def __call__(self, reference: Reference, by: StaffMember) -> TakenLead:
        """Raises StoreUnavailable: whether it is taken, the next press tells."""
        try:
            lead = await self.leads.find(reference)
        except LeadUnreadable:
            return TakenLead(Taking.UNREADABLE)
        if lead is None:
            return TakenLead(Taking.MISSING)
        if lead.erased_at is not None:
            return TakenLead(Taking.ERASED)
        if Effect.LEAD not in lead.made:
            return TakenLead(Taking.NOT_DELIVERED)
        earlier = await self.takes.of(lead.id)
        if earlier is not None:
            return _found(lead, earlier, by)
        unfit = await self._unfit(lead.made[Effect.LEAD])
        return TakenLead(unfit, lead) if unfit is not None else await self._take(lead, by)

    async def _take(self, lead: Lead, by: StaffMember) -> TakenLead:
        now = self.clock.now()
        mine = Take(
            lead=lead.id,
            reference=lead.reference,
            deal=lead.made[Effect.LEAD],
            by=by,
            crm_user=self.dealership().staff.crm_users.get(by.id),
            at=now,
            due_at=now,
        )
        stored = await self.takes.take(mine)
        self.bell.ring()
        return TakenLead(Taking.TAKEN, lead, stored) if stored == mine else _found(lead, stored, by)

    async def _unfit(self, deal: CrmId) -> Taking | None:
        """Why nobody can take it any more; a CRM that does not answer keeps nobody from it."""
        try:
            async with asyncio.timeout(ASKED_FOR.total_seconds()):
                states = await self.deals.states([deal])
        except (CrmFailure, TimeoutError):
            return None
        if deal not in states:
            return Taking.GONE
        return Taking.CLOSED if states[deal].phase is DealPhase.CLOSED else None


def _found(lead: Lead, stored: Take, by: StaffMember) -> TakenLead:
    return TakenLead(Taking.YOURS if stored.by.id == by.id else Taking.OTHERS, lead, stored)
