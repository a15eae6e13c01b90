"""Count in the CRM what stands there for leads that were delivered lately: each should have one deal."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.leads import Chosen, Leads
from carquery.domain.effects import NOTHING_TO_MAKE, Effect
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus

PORTION: Final = 500
"""Leads at once."""

LONGEST_UNDER_WAY: Final = timedelta(days=30)
"""A lead that waited longer for its delivery is not counted."""


@dataclass(frozen=True, slots=True)
class Miscount:
    """A lead that does not have exactly one deal. `deals`: how many it has."""

    reference: Reference
    deals: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was counted. `leads`: how many were delivered in that time."""

    leads: int
    wrong: tuple[Miscount, ...]

    @property
    def missing(self) -> tuple[Reference, ...]:
        """Those without any deal: somebody deleted it, or it was never made."""
        return tuple(lead.reference for lead in self.wrong if lead.deals == 0)

    @property
    def doubled(self) -> tuple[Reference, ...]:
        """Those with several."""
        return tuple(lead.reference for lead in self.wrong if lead.deals > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileLeads:
    """One count. Leads of customers who had their data erased are left out: their deals may be deleted too."""

    leads: Leads
    deals: DealCounts

    async def __call__(self, *, since: datetime) -> Reconciliation:
        """Count the deals of leads that were delivered since then. Raises CrmFailure, StoreUnavailable."""
        delivered = [lead async for lead in self._delivered(since)]
        if not delivered:
            return Reconciliation(0, ())
        counts = await self.deals.count_deals(delivered, since=since)
        wrong = [Miscount(lead.reference, counts[lead.id]) for lead in delivered if counts[lead.id] != 1]
        return Reconciliation(len(delivered), tuple(sorted(wrong, key=lambda lead: lead.reference)))

    async def _delivered(self, since: datetime) -> AsyncIterator[Lead]:
        chosen = Chosen(statuses=frozenset({LeadStatus.DELIVERED}), since=since - LONGEST_UNDER_WAY)
        last: Lead | None = None
        while portion := await self.leads.newest(limit=PORTION, chosen=chosen, before=last):
            for lead in portion:
                if lead.delivered_at is not None and lead.delivered_at >= since and _has_deal(lead):
                    yield lead
            last = portion[-1]


def _has_deal(lead: Lead) -> bool:
    return lead.erased_at is None and lead.made.get(Effect.LEAD, NOTHING_TO_MAKE) != NOTHING_TO_MAKE
