"""The port to the CRM: what is made there for a lead, and what can go wrong.

CrmFailure
├── CrmBusy            not done: try again later
├── CrmLeaseTooShort   not done: the lead may not be ours any more
├── CrmAmbiguous       perhaps done: look before trying again
├── CrmUnauthorised    our authorisation is gone: tell someone; no lead is to blame
└── CrmShutOut         blocked or unpaid: stop everything, tell someone; no lead is to blame

Of the last two, `is_perhaps_done` says whether one has to look as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import EarlierDeal, Lead
from carquery.domain.reason import Reason


class CrmFailure(Exception):
    """A call failed.

    Attributes:
        reason: why; a code alone stands for the reason without facts.
        is_perhaps_done: it may or may not have been done, or may yet be: look before trying again.
    """

    def __init__(self, reason: Reason | str, *, is_perhaps_done: bool = False) -> None:
        super().__init__(reason)
        self.reason = Reason(reason) if isinstance(reason, str) else reason
        self.is_perhaps_done = is_perhaps_done


class CrmBusy(CrmFailure):
    """Nothing was done. `retry_after`: how long the CRM wants to be left alone, if it said so."""

    def __init__(self, reason: Reason | str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class CrmLeaseTooShort(CrmFailure):
    """Nothing was done: the call could have outlasted our hold on the lead."""


class CrmAmbiguous(CrmFailure):
    """The call was sent and its answer was lost, or not the CRM's own: it is perhaps done."""

    def __init__(self, reason: Reason | str) -> None:
        super().__init__(reason, is_perhaps_done=True)


class CrmUnauthorised(CrmFailure):
    """The CRM does not accept our authorisation, and renewing it did not help."""


class CrmShutOut(CrmFailure):
    """The CRM has blocked us, or the account is unpaid, or nobody we know lives at its address."""


@dataclass(frozen=True, slots=True)
class CrmMade:
    """It is in the CRM. `left_out`: what the CRM would not take of it, and why."""

    id: CrmId
    left_out: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CrmRefused:
    """The CRM will not make this one item, however often it is asked. `reason`: its explanation."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class CrmGone:
    """The CRM will not make it because what it was to hang on does not stand there any more: nothing was made.

    Attributes:
        effect: what is gone, to be looked for or made again.
        reason: the CRM's explanation.
    """

    effect: Effect
    reason: Reason


CrmOutcome: TypeAlias = CrmMade | CrmRefused | CrmGone | CrmFailure
"""What became of one lead's item. A failure is a value here: some items of a call may be made and others not."""


@dataclass(frozen=True, slots=True)
class StandingDeal:
    """A deal of a lead's contact. `is_open`: people work on it, so that another request may be put to it."""

    deal: EarlierDeal
    is_open: bool


@dataclass(frozen=True, slots=True)
class Closure:
    """The CRM is closed to the whole installation."""

    reason: Reason
    reopens_in: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmLimits:
    """How much a CRM takes at once, and how long nobody can know what became of a call.

    Attributes:
        batch: the most leads for one call of `make`.
        contacts: the most for one that makes contacts: each is searched for before it is made, in requests of its own.
            It may change as it becomes known how many each takes.
        call: the longest that a call takes, with something to spare.
        lands_within: so long after it began, a call whose answer was lost has had its effect, or never will.
    """

    batch: int
    contacts: int
    call: timedelta
    lands_within: timedelta


class Permit(Protocol):
    """The right to act for leads: it ends with the lease on them."""

    def check(self) -> None:
        """Ask before every call that changes something.

        Raises:
            CrmLeaseTooShort: a call that began now could outlast the lease.
        """
        ...


class Crm(Protocol):
    """Contacts, leads, notes, tasks and files in the CRM. Every method may raise `StoreUnavailable`: what was asked
    for before that may have been done."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def limits(self) -> CrmLimits:
        """What may be asked of it at once, and for how long an answer may be lost."""
        ...

    async def closure(self) -> Closure | None:
        """Why and how long nobody may call; None: calls may be made. Asks nobody."""
        ...

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        """Make one kind of thing for as many leads as `limits` allows, each of which has all effects before this one.

        - contact: found by the lead's phone, or made; name, phone and messenger are added, nothing is overwritten;
          leads with one phone get one contact;
        - lead: the deal, linked with the contact, the reference in its name; a contact that was deleted or merged
          meanwhile is `CrmGone`;
        - note: all answers; task: the manager's; files: photos and other files.

        For a lead that has joined a deal (`Lead.joined_to`), note, task and files go there; if that deal does not stand
        there any more, they are answered with `CrmGone`.

        What a lead doesn't need is answered with `NOTHING_TO_MAKE`. One refused item does not keep the others from
        being made. Contacts and files are looked for before they are made, so that repeating them makes nothing twice;
        the CRM knows no idempotency key, so repeating a lead, note or task makes a second one: `find` it first.

        Returns:
            For each lead, by its id, what happened to it. After all failures but those that are perhaps done, nothing
            was made that making it again would repeat.
        """
        ...

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        """What earlier calls made for these leads, found without relying on the CRM's search index alone.

        Returns:
            By lead; who is not in it has no such thing in the CRM.

        Raises:
            CrmFailure: nothing is known.
        """
        ...

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        """What these leads' contacts have already: the newest open deal that was made since then, else the newest.

        Asks for as little as can be: of a contact that was made or found a moment ago, what was seen then counts, but
        for deals that were made through this port since. A deal is open where people work on
        it: neither won nor lost, nor waiting to be accepted, nor out of their sight in a pipeline that is archived.

        Args:
            leads: each has its contact, and no deal.

        Returns:
            By lead; who is not in it comes for the first time.

        Raises:
            CrmFailure: nothing is known.
        """
        ...

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        """Which of these leads' deals people still work on. Raises CrmFailure: nothing is known."""
        ...

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        """Let the note that was made for a lead say this too, below what stands there by now.

        Done twice is done once. A note that is gone, or that the CRM will not have changed, stays as it is.

        Raises:
            CrmFailure: nobody knows whether it says so; it may be done again.
        """
        ...
