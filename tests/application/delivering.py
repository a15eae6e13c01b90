"""Delivery on memory adapters."""

from datetime import timedelta

import pytest

from carquery.adapters.memory.crm import LIMITS, MemoryCrm
from carquery.adapters.memory.crm_amendments import MemoryCrmAmendments
from carquery.application.leads.deliver_amendments import DeliverAmendments
from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.held_leads import REAL_TIMES, DeliveryTimes
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.amendments import Amendments
from carquery.application.ports.crm import Crm
from carquery.application.ports.crm_amendments import CrmAmendments
from carquery.application.ports.leads import Leads
from carquery.domain.backoff import Backoff
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.effects import Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from tests.application.in_memory import Dealership
from tests.builders import a_full_lead, a_phone

EFFECTS = pytest.mark.parametrize("effect", list(Effect))
INTERVAL = timedelta(minutes=5)
MOST_ATTEMPTS = 4
LEASE = REAL_TIMES.lease
QUARANTINE = REAL_TIMES.patience + LIMITS.lands_within
LOST_IS_KNOWN = max(LEASE, QUARANTINE)
"""After so long a crashed pass's leases have run out, and its last call can no longer land."""


class Delivery:
    """A dealership, its CRM, and passes over the leads that are due. Waits after failures are the longest possible.

    Args:
        told_of: what the dealership's file says, if it says more than after how long repeat requests join nothing.
    """

    def __init__(
        self, *, most_attempts: int = MOST_ATTEMPTS, join_open_deal_days: int = 0, told_of: Told | None = None
    ) -> None:
        self.told_of = told_of or Told(follow_up=FollowUp(join_open_deal_days=join_open_deal_days))
        self.dealership = Dealership() if told_of is None else Dealership(told=lambda: told_of)
        self.clock = self.dealership.clock
        self.database = self.dealership.database
        self.leads = self.dealership.leads
        self.randomness = self.dealership.randomness
        self.told = self.dealership.alerts.told
        self.crm = self.dealership.crm
        self.crm_amendments = MemoryCrmAmendments(self.crm, self.clock)
        self.backoff = Backoff(INTERVAL, most_attempts)

    def pass_of(
        self,
        *,
        leads: Leads | None = None,
        crm: Crm | None = None,
        alerts: Alerts | None = None,
        times: DeliveryTimes = REAL_TIMES,
    ) -> DeliverLeads:
        """A pass that has not begun."""
        return DeliverLeads(
            leads=leads or self.leads,
            crm=crm or self.crm,
            alerts=alerts or self.dealership.alerts,
            clock=self.clock,
            randomness=self.randomness,
            backoff=self.backoff,
            times=times,
            dealership=lambda: self.told_of,
        )

    def amending_pass(
        self, *, amendments: Amendments | None = None, crm: Crm | None = None, made_in: CrmAmendments | None = None
    ) -> DeliverAmendments:
        """A pass over what customers changed that has not begun."""
        return DeliverAmendments(
            amendments=amendments or self.dealership.amendments,
            crm=crm or self.crm,
            crm_amendments=made_in or self.crm_amendments,
            alerts=self.dealership.alerts,
            clock=self.clock,
            randomness=self.randomness,
            backoff=self.backoff,
            times=REAL_TIMES,
        )

    async def has(self, *leads: Lead) -> None:
        """These leads are stored."""
        for lead in leads:
            await self.leads.add(lead)

    async def stored(self, lead: Lead) -> Lead:
        """The lead as it is stored now."""
        stored = await self.leads.load(lead.id)
        assert stored is not None, "leads are never deleted"
        return stored

    async def status(self, lead: Lead) -> LeadStatus:
        return (await self.stored(lead)).status

    async def happened(self, lead: Lead) -> list[tuple[Happening, Effect | None]]:
        """What happened to it, oldest first."""
        return [(entry.what, entry.effect) for entry in await self.leads.history(lead.id)]

    async def last_entry(self, lead: Lead) -> HistoryEntry:
        return (await self.leads.history(lead.id))[-1]


def leads_of_many(most: int) -> list[Lead]:
    """Leads of as many people, each with a phone of their own."""
    return [a_full_lead(number, phone=a_phone(number)) for number in range(1, most + 1)]


def counts(crm: MemoryCrm) -> dict[str, int]:
    """What stands in the CRM."""
    return {
        "contacts": len(crm.contacts),
        "deals": len(crm.deals),
        "notes": len(crm.notes),
        "tasks": len(crm.tasks),
        "files": sum(len(deal.files) for deal in crm.deals.values()),
    }


EVERYTHING_ONCE = {"contacts": 1, "deals": 1, "notes": 1, "tasks": 1, "files": 2}
NOTHING = dict.fromkeys(EVERYTHING_ONCE, 0)


def once_each(leads: int) -> dict[str, int]:
    """What stands in the CRM when so many of `leads_of_many` are delivered."""
    return {name: leads * count for name, count in EVERYTHING_ONCE.items()}


def an_eager_delivery(
    *, most_attempts: int = 10, join_open_deal_days: int = 0, told_of: Told | None = None
) -> Delivery:
    """Chance sends failed leads back at once; only the quarantine keeps them waiting."""
    delivery = Delivery(most_attempts=most_attempts, join_open_deal_days=join_open_deal_days, told_of=told_of)
    delivery.randomness.next_chance = 0.0
    return delivery
