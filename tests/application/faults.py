"""What can come between the calls of a delivery: crashes, lost answers, other workers, passing time."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar

from carquery.application.ports.crm import (
    Closure,
    Crm,
    CrmAmbiguous,
    CrmBusy,
    CrmLimits,
    CrmOutcome,
    Permit,
    StandingDeal,
)
from carquery.application.ports.leads import ALL, Chosen, Claim, LeadChange, Leads, Lease
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.contact import Phone
from carquery.domain.dealership.routing import Turn
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead
from carquery.domain.lead_history import HistoryEntry
from carquery.domain.lead_limits import LeadLimits

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone; nobody catches this."""


class CallFails(Exception):
    """This call fails, as its port allows."""


class Boundaries:
    """The moments just before and just after each call to a store or to the CRM, counted.

    Args:
        happens: what happens at which of them, counted from 0; it may raise `Crash` or `CallFails`.
    """

    def __init__(self, happens: Mapping[int, Callable[[], Awaitable[None]]] | None = None) -> None:
        self._happens = happens or {}
        self.passed = 0

    async def reach(self) -> None:
        here, self.passed = self.passed, self.passed + 1
        if here in self._happens:
            await self._happens[here]()

    async def reach_in_store(self) -> None:
        try:
            await self.reach()
        except CallFails as fails:
            raise StoreUnavailable from fails


async def crash() -> None:
    raise Crash


async def fail() -> None:
    raise CallFails


@dataclass(frozen=True, slots=True)
class FragileLeads:
    """Leads whose calls have boundaries: a call fails with nothing done, or done and the answer lost."""

    leads: Leads
    boundaries: Boundaries

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        return await self.leads.add(lead, limits=limits, turn=turn)

    async def load(self, lead: LeadId) -> Lead | None:
        return await self.leads.load(lead)

    async def find(self, reference: Reference) -> Lead | None:
        return await self.leads.find(reference)

    async def of_phones(self, phones: Collection[Phone], *, since: datetime) -> tuple[Lead, ...]:
        await self.boundaries.reach_in_store()
        found = await self.leads.of_phones(phones, since=since)
        await self.boundaries.reach_in_store()
        return found

    async def newest(self, *, limit: int, chosen: Chosen = ALL, before: Lead | None = None) -> tuple[Lead, ...]:
        return await self.leads.newest(limit=limit, chosen=chosen, before=before)

    async def history(self, lead: LeadId) -> tuple[HistoryEntry, ...]:
        return await self.leads.history(lead)

    async def claim(self, *, limit: int, lease_for: timedelta, only: Collection[LeadId] | None = None) -> Claim:
        await self.boundaries.reach_in_store()
        claim = await self.leads.claim(limit=limit, lease_for=lease_for, only=only)
        await self.boundaries.reach_in_store()
        return claim

    async def renew(self, lease: Lease, *, lease_for: timedelta) -> int:
        return await self.leads.renew(lease, lease_for=lease_for)

    async def update(self, changes: Sequence[LeadChange], lease: Lease, *, release: bool) -> frozenset[LeadId]:
        await self.boundaries.reach_in_store()
        written = await self.leads.update(changes, lease, release=release)
        await self.boundaries.reach_in_store()
        return written

    async def put_back(self, leads: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        return await self.leads.put_back(leads, at=at)


@dataclass(frozen=True, slots=True)
class FragileCrm:
    """A CRM whose calls have boundaries: a call fails with nothing done, or done and the answer lost.

    What reads the store only, fails as a store does.
    """

    crm: Crm
    boundaries: Boundaries

    @property
    def name(self) -> str:
        return self.crm.name

    @property
    def limits(self) -> CrmLimits:
        return self.crm.limits

    async def closure(self) -> Closure | None:
        await self.boundaries.reach_in_store()
        closure = await self.crm.closure()
        await self.boundaries.reach_in_store()
        return closure

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        try:
            await self.boundaries.reach()
            outcomes = await self.crm.make(effect, leads, permit)
            await self.boundaries.reach()
        except CallFails:
            return {lead.id: CrmAmbiguous("timeout") for lead in leads}
        return outcomes

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        try:
            await self.boundaries.reach()
            found = await self.crm.find(effect, leads)
            await self.boundaries.reach()
        except CallFails as fails:
            raise CrmAmbiguous("timeout") from fails
        return found

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        return await self._reading(self.crm.earlier_deals(leads, since=since))

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        return await self._reading(self.crm.still_open(leads))

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        await self._reading(self.crm.add_to_note(lead, line, permit))

    async def _reading(self, call: Coroutine[object, object, T]) -> T:
        """Something that may be repeated: whoever gets no answer knows nothing, and nothing is in doubt."""
        try:
            await self.boundaries.reach()
            found = await call
            await self.boundaries.reach()
        except CallFails as fails:
            raise CrmBusy("timeout") from fails
        finally:
            call.close()
        return found


Breaks: TypeAlias = Callable[[], Awaitable[None]]
