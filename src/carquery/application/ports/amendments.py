"""The port to what customers change of leads that were sent, which is also the outbox of it to the CRM."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from carquery.application.ports.leads import Lease
from carquery.domain.amendment import Amendment
from carquery.domain.ids import AmendmentId, CustomerId, LeadId
from carquery.domain.lead import Lead


class NotAmended(Exception):
    """The lead can't be changed: it is not that customer's, was erased or cancelled, or too often; nothing was
    written."""


@dataclass(frozen=True, slots=True)
class ClaimedAmendment:
    """An amendment that one worker has taken, and its lead as it is stored."""

    amendment: Amendment
    lead: Lead
    lease: Lease


class Amendments(Protocol):
    """Stored amendments. Every method may raise `StoreUnavailable`."""

    async def add(self, amendment: Amendment, customer: CustomerId) -> Amendment:
        """Store an amendment of a lead of that customer, in ONE transaction with what it changes of the lead.

        - Nothing of the lead is in the CRM, and nobody has it in hand: the lead says it from now on, and so it is
          delivered (`included`; a cancellation is to be told of all the same).
        - It was delivered: the lead says it from now on, and the CRM is to be told.
        - It is on its way: the lead stays as it is being delivered, and says it when the amendment is claimed.

        What it changes is taken from the lead as it stands then (`Amendment.against`). The customer's name and phone
        are those that they have given last.

        Returns:
            What is stored: an amendment of that id that is there already stays as it is.

        Raises:
            NotAmended.
        """
        ...

    async def load(self, amendment: AmendmentId) -> Amendment | None:
        """The amendment of that id; `None` if there is none."""
        ...

    async def of(self, leads: Collection[LeadId]) -> Mapping[LeadId, tuple[Amendment, ...]]:
        """The amendments of these leads, oldest first; who has none is not in it."""
        ...

    async def claim(self, *, lease_for: timedelta) -> ClaimedAmendment | None:
        """Take the oldest amendment that is due, of a delivered lead none of whose earlier ones is still pending or in
        hand; `None`: there is none.

        None is given to two callers while the first one's lease runs, from any process; time is the store's own.
        """
        ...

    async def update(self, amendment: Amendment, lease: Lease, *, lease_for: timedelta | None) -> bool:
        """Store how far a claimed amendment has come; the lease runs so long from now on, `None`: it is given back.

        Returns:
            Whether it was written: not, if the lease is not ours any more or the lead was erased.
        """
        ...

    async def put_back(self, leads: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        """Make dead amendments of these leads due again (`Amendment.put_back`). Returns the leads that had any."""
        ...
