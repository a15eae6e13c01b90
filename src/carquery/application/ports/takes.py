"""The port to leads that members of the staff chat have taken, which is also the outbox to the CRM."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from carquery.application.ports.leads import Lease
from carquery.domain.ids import LeadId
from carquery.domain.take import Take


@dataclass(frozen=True, slots=True)
class TakeClaim:
    """One that a worker tells the CRM of, under a lease."""

    lease: Lease
    take: Take


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFigures:
    """How many the CRM has not been told of, and since when the oldest waits; None: none does."""

    waiting: int
    oldest: datetime | None


class Takes(Protocol):
    """At most one for each lead. Every method may raise `StoreUnavailable`; time is the store's own."""

    async def take(self, take: Take) -> Take:
        """Store it, unless the lead has been taken. Of several at once exactly one is stored, from any process.

        Returns:
            The one that is stored.
        """
        ...

    async def of(self, lead: LeadId) -> Take | None:
        """Who took it; None: nobody."""
        ...

    async def of_leads(self, leads: Collection[LeadId]) -> Mapping[LeadId, Take]:
        """Who took which of these; those that nobody took are not among them."""
        ...

    async def claim(self, *, lease_for: timedelta) -> TakeClaim | None:
        """Take the one in hand that has been due for longest; None: none is.

        No two callers have it while a lease runs.
        """
        ...

    async def update(self, take: Take, lease: Lease, *, release: bool) -> bool:
        """Store how far it has come; `release`: give the lease back.

        Returns:
            False: somebody else has it, nothing was written.
        """
        ...

    async def figures(self) -> TakeFigures:
        """What the CRM has not been told of."""
        ...
