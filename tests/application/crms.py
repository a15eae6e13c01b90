"""CRMs with a will of their own, each around one that works."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from carquery.application.ports.crm import (
    Closure,
    Crm,
    CrmAmbiguous,
    CrmBusy,
    CrmFailure,
    CrmGone,
    CrmLimits,
    CrmMade,
    CrmOutcome,
    Permit,
    StandingDeal,
)
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason


@dataclass(frozen=True, slots=True)
class WrappedCrm:
    """A CRM that does nothing of its own; the others differ from it."""

    crm: Crm

    @property
    def name(self) -> str:
        return self.crm.name

    @property
    def limits(self) -> CrmLimits:
        return self.crm.limits

    async def closure(self) -> Closure | None:
        return await self.crm.closure()

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        return await self.crm.make(effect, leads, permit)

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        return await self.crm.find(effect, leads)

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        return await self.crm.earlier_deals(leads, since=since)

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        return await self.crm.still_open(leads)

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        await self.crm.add_to_note(lead, line, permit)


@dataclass(frozen=True, slots=True)
class CrmOfSmallPortions(WrappedCrm):
    """A CRM that makes two contacts at a time."""

    @property
    def limits(self) -> CrmLimits:
        return replace(self.crm.limits, contacts=2)


@dataclass(frozen=True, slots=True)
class InterruptedCrm(WrappedCrm):
    """A CRM during one of whose calls, before its answer comes, something else happens."""

    during: Effect
    happens: Callable[[], Awaitable[object]]

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        outcomes = await self.crm.make(effect, leads, permit)
        if effect is self.during:
            await self.happens()
        return outcomes


@dataclass(frozen=True, slots=True)
class InterruptedLook(WrappedCrm):
    """A CRM during whose look for something, before its answer comes, something else happens."""

    happens: Callable[[], Awaitable[object]]

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        found = await self.crm.find(effect, leads)
        await self.happens()
        return found


@dataclass(frozen=True, slots=True)
class InterruptedLookForDeals(WrappedCrm):
    """A CRM right after whose answer what a customer has already, something else happens."""

    happens: Callable[[], Awaitable[object]]

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        found = await self.crm.earlier_deals(leads, since=since)
        await self.happens()
        return found


@dataclass(frozen=True, slots=True)
class ChoosyCrm(WrappedCrm):
    """A CRM that makes everything, but does not take one field of the deal."""

    left_out: str

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        outcomes = await self.crm.make(effect, leads, permit)
        if effect is not Effect.LEAD:
            return outcomes
        return {lead: self._without_field(outcome) for lead, outcome in outcomes.items()}

    def _without_field(self, outcome: CrmOutcome) -> CrmOutcome:
        return replace(outcome, left_out=(Reason(self.left_out),)) if isinstance(outcome, CrmMade) else outcome


@dataclass(frozen=True, slots=True)
class ContactsThatVanish(WrappedCrm):
    """A CRM in which somebody deletes each contact before its deal is made. `deals`: the leads that asked for one."""

    deals: list[LeadId] = field(default_factory=list)

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        if effect is not Effect.LEAD:
            return await self.crm.make(effect, leads, permit)
        self.deals.extend(lead.id for lead in leads)
        return {lead.id: CrmGone(Effect.CONTACT, Reason("нет такого контакта")) for lead in leads}


@dataclass(frozen=True, slots=True)
class CrmThatCannotLook(WrappedCrm):
    """A CRM in which nothing can be looked for just now; making things would work."""

    failure: CrmFailure

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        del leads, since
        raise self.failure

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        raise self.failure


@dataclass(frozen=True, slots=True)
class CrmWithoutAdditions(WrappedCrm):
    """A CRM whose notes can't be changed just now."""

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        del lead, line, permit
        raise CrmBusy("HTTP 503")


@dataclass(frozen=True, slots=True)
class PoisonedCrm(WrappedCrm):
    """A CRM that gives no answer to a call with that lead in it, and does nothing then.

    Attributes:
        calls: how many leads each call for deals was for.
    """

    poisoned: LeadId
    calls: list[int] = field(default_factory=list)

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        if effect is not Effect.LEAD:
            return await self.crm.make(effect, leads, permit)
        self.calls.append(len(leads))
        if self.poisoned in {lead.id for lead in leads}:
            return {lead.id: CrmAmbiguous("HTTP 500") for lead in leads}
        return await self.crm.make(effect, leads, permit)


@dataclass(frozen=True, slots=True)
class ObservedCrm(WrappedCrm):
    """A CRM that notes which calls reach it.

    Attributes:
        made: the effect and the leads of each call that makes something.
        sought: of each call that looks for something.
        looks: what was asked of deals that stand there, and for how many leads.
        added: the lines that notes were to say too.
    """

    made: list[tuple[Effect, tuple[LeadId, ...]]] = field(default_factory=list)
    sought: list[tuple[Effect, tuple[LeadId, ...]]] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        self.added.append(line)
        await self.crm.add_to_note(lead, line, permit)

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        self.looks.append(f"earlier deals of {len(leads)}")
        return await self.crm.earlier_deals(leads, since=since)

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        self.looks.append(f"still open of {len(leads)}")
        return await self.crm.still_open(leads)

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        self.made.append((effect, tuple(lead.id for lead in leads)))
        return await self.crm.make(effect, leads, permit)

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        self.sought.append((effect, tuple(lead.id for lead in leads)))
        return await self.crm.find(effect, leads)


@dataclass(frozen=True, slots=True)
class PartlyShutCrm(WrappedCrm):
    """A CRM that takes one lead's deal and then shuts its door, as when items go in several requests."""

    failure: CrmFailure
    lets_in: LeadId

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        if effect is not Effect.LEAD:
            return await self.crm.make(effect, leads, permit)
        made = await self.crm.make(effect, [lead for lead in leads if lead.id == self.lets_in], permit)
        return {lead.id: made.get(lead.id, self.failure) for lead in leads}
