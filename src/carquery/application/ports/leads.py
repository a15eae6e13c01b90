"""The port to stored leads, which are also the outbox to the CRM."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType, Protocol

from carquery.application.ports.alerts import Alert
from carquery.domain.contact import Phone
from carquery.domain.dealership.routing import Turn
from carquery.domain.ids import CustomerId, LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import HistoryEntry
from carquery.domain.lead_limits import LeadLimits

Lease = NewType("Lease", str)
"""A fencing token: names one claim; a later claim of the same leads has another."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Leads that one worker has taken, under one lease."""

    lease: Lease
    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which leads: of one of these statuses, received at `since` or later and before `until`; None: any.

    `customer`: theirs alone; leads that were erased are nobody's. `phone_ends`: digits that end the phone's number.
    `name`: words, each of which stands in the name, as they are or in small, capital or title letters; ё is е.
    """

    statuses: frozenset[LeadStatus] | None = None
    since: datetime | None = None
    until: datetime | None = None
    customer: CustomerId | None = None
    phone_ends: str | None = None
    name: str | None = None


ALL: Final = Chosen()


class ReferenceTaken(Exception):
    """Another lead has this reference; nothing was written."""


class TooManyLeads(Exception):
    """The customer has sent as many as are taken; nothing was written. `again_at`: when one more is taken."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(f"no more of this customer's leads are taken before {again_at.isoformat()}")
        self.again_at = again_at


class LeadUnreadable(Exception):
    """What is stored is no lead that this version knows."""

    def __init__(self) -> None:
        super().__init__("another version of CarQuery stored this lead; the newest one can read it")


@dataclass(frozen=True, slots=True)
class LeadChange:
    """How far a claimed lead has come, what happened to it on the way, and what people are to be told of that."""

    lead: Lead
    happened: tuple[HistoryEntry, ...] = ()
    told: tuple[Alert, ...] = ()


class Leads(Protocol):
    """Stored leads. Every method may raise `StoreUnavailable`."""

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        """Store a new lead and the customer's name and phone, end its draft, and take a turn for it, in ONE
        transaction.

        With `turn`, the lead is given to whose turn it is (`Turn.person`): the leads that were stored with a key are
        counted, from any process, so that each of its people gets as many as any other, or one more.

        A lead of that id that is there already stays, with its reference. Only if nobody has begun to deliver it, its
        answers are replaced: the customer, having been told that it was not stored, may have changed them. It
        takes no turn again, nor does one that could not be stored. An unfinished lead replaces nothing, and leaves the
        draft open: its customer may finish it.

        Args:
            limits: on the customer's leads, those that were erased left out; of many at once no more are stored.

        Returns:
            The lead that is stored under `lead.id`.

        Raises:
            ReferenceTaken: another lead has its reference.
            TooManyLeads: it would be one too many; a lead that is there already never is.
        """
        ...

    async def load(self, lead: LeadId) -> Lead | None:
        """The lead of that id; `None` if there is none. Raises LeadUnreadable."""
        ...

    async def find(self, reference: Reference) -> Lead | None:
        """The lead of that reference; `None` if there is none. Raises LeadUnreadable."""
        ...

    async def newest(self, *, limit: int, chosen: Chosen = ALL, before: Lead | None = None) -> tuple[Lead, ...]:
        """The latest of the chosen leads, newest first; with `before`, those that come after it in that order."""
        ...

    async def of_phones(self, phones: Collection[Phone], *, since: datetime) -> tuple[Lead, ...]:
        """The leads of these numbers, whatever stands beside them, received since then, oldest first; none erased."""
        ...

    async def history(self, lead: LeadId) -> tuple[HistoryEntry, ...]:
        """What happened to a lead, oldest first."""
        ...

    async def claim(self, *, limit: int, lease_for: timedelta, only: Collection[LeadId] | None = None) -> Claim:
        """Take leads that may be claimed (`Standing.may_be_claimed`), oldest first.

        They turn `delivering`. No lead is given to two callers while the first one's lease runs, from any process;
        time is the store's own. Erased leads are never given out, nor is one person's lead while another one of theirs
        is under somebody else's lease or may just have made their contact.

        Args:
            only: take none but these.
        """
        ...

    async def renew(self, lease: Lease, *, lease_for: timedelta) -> int:
        """Let the lease on a claim's leads run from now on. Returns on how many of them it still ran, unbroken."""
        ...

    async def update(self, changes: Sequence[LeadChange], lease: Lease, *, release: bool) -> frozenset[LeadId]:
        """Store how far claimed leads have come (`Lead.as_far_as`), what happened to them, and alerts of that, in ONE
        transaction.

        Of a lead whose lease ran out, so that somebody else has it, and of one that was erased, nothing is written; nor
        of one whose values the store refuses, which waits for a person then. The others are written.

        Args:
            changes: of each lead one at most.
            release: give the lease on them back.

        Returns:
            Those that were written.
        """
        ...

    async def put_back(self, leads: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        """Make leads due now, with all their attempts (`Lead.resubmitted`), and note it in their history.

        Leads that are delivered, erased or under a lease stay as they are.

        Returns:
            Those that were put back.
        """
        ...
