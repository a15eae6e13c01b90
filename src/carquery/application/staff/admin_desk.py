"""What managers ask of the bot in the admin chat."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from carquery.application.ports.amendments import Amendments
from carquery.application.ports.environment import Bell, Clock
from carquery.application.ports.leads import Chosen, Leads, LeadUnreadable
from carquery.application.ports.leads_maintenance import LeadFigures, LeadsMaintenance
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus

SHOWN: Final = 10
"""Leads in one list."""

UNDELIVERED: Final = Chosen(statuses=frozenset({LeadStatus.FAILED, LeadStatus.DEAD}))


class Retried(Enum):
    """What became of the wish to deliver a lead again."""

    PUT_BACK = "put back"
    """It is due now; whoever delivers takes it within seconds."""
    UNDER_WAY = "under way"
    DELIVERED = "delivered"
    ERASED = "erased"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    """Another version stored it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminDesk:
    """Every method may raise StoreUnavailable."""

    leads: Leads
    amendments: Amendments
    counts: LeadsMaintenance
    bell: Bell
    clock: Clock

    async def latest(self) -> tuple[Lead, ...]:
        """The latest leads, newest first."""
        return await self.leads.newest(limit=SHOWN)

    async def undelivered(self) -> tuple[Lead, ...]:
        """The latest leads whose delivery failed, newest first; dead ones wait for a person, the others do not."""
        return await self.leads.newest(limit=SHOWN, chosen=UNDELIVERED)

    async def of_phone(self, ends: str) -> tuple[Lead, ...]:
        """The latest leads whose phone's number ends so, newest first."""
        return await self.leads.newest(limit=SHOWN, chosen=Chosen(phone_ends=ends))

    async def figures(self) -> LeadFigures:
        """How many leads there are."""
        return await self.counts.figures()

    async def retry(self, reference: Reference) -> Retried:
        """Make a lead due now, with all its attempts; what is in the CRM already is not made again."""
        try:
            lead = await self.leads.find(reference)
        except LeadUnreadable:
            return Retried.UNREADABLE
        if lead is None:
            return Retried.MISSING
        if lead.erased_at is not None:
            return Retried.ERASED
        if lead.status is LeadStatus.DELIVERED:
            return await self._retry_amendments(lead)
        if not await self.leads.put_back([lead.id], at=self.clock.now()):
            return Retried.UNDER_WAY
        self.bell.ring()
        return Retried.PUT_BACK

    async def _retry_amendments(self, lead: Lead) -> Retried:
        """Of a delivered lead, what the CRM has refused of the customer's changes."""
        if not await self.amendments.put_back([lead.id], at=self.clock.now()):
            return Retried.DELIVERED
        self.bell.ring()
        return Retried.PUT_BACK
