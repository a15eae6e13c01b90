"""The port to stored leads, which are also the outbox to the CRM."""

from datetime import timedelta
from typing import NewType, Protocol

from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus

__all__ = ["Leads", "Lease", "LeaseLost", "ReferenceTaken", "StoreUnavailable"]

Lease = NewType("Lease", str)
"""A fencing token: names one claim of one lead; a later claim of it has another."""


class ReferenceTaken(Exception):
    """Another lead has this reference; nothing was written."""


class LeaseLost(Exception):
    """The lease ran out and somebody else has the lead, or the customer erased it; nothing was written."""


class Leads(Protocol):
    """Stored leads. Every method may raise `StoreUnavailable`."""

    async def add(self, lead: Lead) -> Lead:
        """Store a new lead and the customer's name and phone, in ONE transaction.

        A lead of that id that is there already stays, with its reference. Only if nobody has begun to deliver it, its
        answers are replaced: the customer, having been told that it was not stored, may have changed them.

        Returns:
            The lead that is stored under `lead.id`.

        Raises:
            ReferenceTaken: another lead has its reference.
        """
        ...

    async def load(self, lead: LeadId) -> Lead | None:
        """The lead of that id; None: there is none."""
        ...

    async def find(self, reference: Reference) -> Lead | None:
        """The lead of that reference; None: there is none."""
        ...

    async def newest(self, *, limit: int, status: LeadStatus | None = None) -> tuple[Lead, ...]:
        """The latest leads, newest first; with `status`, only those."""
        ...

    async def claim(self, *, limit: int, lease_for: timedelta) -> tuple[tuple[Lead, Lease], ...]:
        """Take leads that are due, oldest first: `next_attempt_at` is past and nobody holds a lease that still runs.

        They turn `delivering`. No lead is given to two callers while the first one's lease runs, from any process;
        time is the store's own. Erased leads are never given out.
        """
        ...

    async def update(self, lead: Lead, lease: Lease, *, release: bool) -> None:
        """Store how far a claimed lead has come; with `release`, give the lease back.

        Raises:
            LeaseLost: nothing was written.
        """
        ...
