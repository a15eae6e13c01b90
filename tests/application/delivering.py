"""Delivery on memory adapters, and what can come between its calls."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from carquery.adapters.memory.crm import MemoryCrm
from carquery.application.deliver_leads import LEASE, DeliverLeads
from carquery.application.ports.crm import Crm, CrmAmbiguous, CrmFailure, CrmMade, CrmRefused
from carquery.application.ports.leads import Leads, Lease
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.answers import Photos
from carquery.domain.ids import CustomerId, FileId, LeadId, Reference
from carquery.domain.lead import QUARANTINE, CrmId, Effect, Lead, LeadStatus
from tests.application.in_memory import Dealership
from tests.builders import ANNA, EVERY_KIND_OF_ANSWER, a_lead

INTERVAL = timedelta(minutes=5)
MOST_ATTEMPTS = 4
LOST_IS_KNOWN = max(LEASE, QUARANTINE)
"""After so long a crashed pass's leases have run out, and its last call can no longer land."""


class Delivery:
    """A dealership, its CRM, and passes over the leads that are due."""

    def __init__(self) -> None:
        self.dealership = Dealership()
        self.clock = self.dealership.clock
        self.leads = self.dealership.leads
        self.told = self.dealership.alerts.told
        self.crm = MemoryCrm(self.clock)

    def pass_of(self, *, leads: Leads | None = None, crm: Crm | None = None) -> DeliverLeads:
        """A pass that has not begun."""
        return DeliverLeads(
            leads=leads or self.leads,
            crm=crm or self.crm,
            alerts=self.dealership.alerts,
            clock=self.clock,
            interval=INTERVAL,
            most_attempts=MOST_ATTEMPTS,
        )

    async def stored(self, lead: Lead) -> Lead:
        """The lead as it is stored now."""
        stored = await self.leads.load(lead.id)
        assert stored is not None, "leads are never deleted"
        return stored

    async def status(self, lead: Lead) -> LeadStatus:
        return (await self.stored(lead)).status


def a_lead_with_photos(number: int = 1, *, customer: CustomerId = ANNA) -> Lead:
    """A lead that needs every effect."""
    answers = EVERY_KIND_OF_ANSWER | {"photos": Photos((FileId("front"), FileId("back")))}
    return a_lead(number, answers=answers, customer=customer)


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


class Crash(BaseException):
    """The process is gone; nobody catches this."""


class Boundaries:
    """The moments just before and just after each call to a store or to the CRM, counted; at some of them it fails.

    Args:
        fail_at: at which of them, counted from 0.
        crash: the process dies there; otherwise the call fails as its port allows.
    """

    def __init__(self, *fail_at: int, crash: bool) -> None:
        self._fail_at = frozenset(fail_at)
        self._crash = crash
        self.passed = 0

    def reach(self, failure: Exception) -> None:
        here, self.passed = self.passed, self.passed + 1
        if here in self._fail_at:
            raise Crash if self._crash else failure


@dataclass(frozen=True, slots=True)
class FragileLeads:
    """Leads whose calls fail at boundaries: with nothing done, or done and the answer lost."""

    leads: Leads
    boundaries: Boundaries

    async def add(self, lead: Lead) -> Lead:
        return await self.leads.add(lead)

    async def load(self, lead: LeadId) -> Lead | None:
        return await self.leads.load(lead)

    async def find(self, reference: Reference) -> Lead | None:
        return await self.leads.find(reference)

    async def newest(self, *, limit: int, status: LeadStatus | None = None) -> tuple[Lead, ...]:
        return await self.leads.newest(limit=limit, status=status)

    async def claim(self, *, limit: int, lease_for: timedelta) -> tuple[tuple[Lead, Lease], ...]:
        self.boundaries.reach(StoreUnavailable())
        claimed = await self.leads.claim(limit=limit, lease_for=lease_for)
        self.boundaries.reach(StoreUnavailable())
        return claimed

    async def update(self, lead: Lead, lease: Lease, *, release: bool) -> None:
        self.boundaries.reach(StoreUnavailable())
        await self.leads.update(lead, lease, release=release)
        self.boundaries.reach(StoreUnavailable())


@dataclass(frozen=True, slots=True)
class FragileCrm:
    """A CRM whose calls fail at boundaries: with nothing done, or done and the answer lost."""

    crm: Crm
    boundaries: Boundaries

    async def make(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmMade | CrmRefused]:
        self.boundaries.reach(CrmAmbiguous("timeout"))
        made = await self.crm.make(effect, leads)
        self.boundaries.reach(CrmAmbiguous("timeout"))
        return made

    async def find(self, effect: Effect, lead: Lead) -> CrmId | None:
        self.boundaries.reach(CrmAmbiguous("timeout"))
        found = await self.crm.find(effect, lead)
        self.boundaries.reach(CrmAmbiguous("timeout"))
        return found


@dataclass(frozen=True, slots=True)
class InterruptedCrm:
    """A CRM during one of whose calls something else happens."""

    crm: Crm
    during: Effect
    happens: Callable[[], Awaitable[object]]

    async def make(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmMade | CrmRefused]:
        made = await self.crm.make(effect, leads)
        if effect is self.during:
            await self.happens()
        return made

    async def find(self, effect: Effect, lead: Lead) -> CrmId | None:
        return await self.crm.find(effect, lead)


@dataclass(frozen=True, slots=True)
class ChoosyCrm:
    """A CRM that makes everything, but does not take one field of the deal."""

    crm: Crm
    left_out: str

    async def make(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmMade | CrmRefused]:
        answers = await self.crm.make(effect, leads)
        if effect is not Effect.LEAD:
            return answers
        return {lead: self._without_field(answer) for lead, answer in answers.items()}

    async def find(self, effect: Effect, lead: Lead) -> CrmId | None:
        return await self.crm.find(effect, lead)

    def _without_field(self, answer: CrmMade | CrmRefused) -> CrmMade | CrmRefused:
        return replace(answer, left_out=(self.left_out,)) if isinstance(answer, CrmMade) else answer


@dataclass(frozen=True, slots=True)
class CrmThatCannotLook:
    """A CRM in which nothing can be looked for just now; making things would work."""

    crm: Crm
    failure: CrmFailure

    async def make(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmMade | CrmRefused]:
        return await self.crm.make(effect, leads)

    async def find(self, effect: Effect, lead: Lead) -> CrmId | None:
        raise self.failure
