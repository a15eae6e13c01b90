"""Hypothesis lets anything happen to several passes; in the end everything stands in the CRM exactly once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from carquery.adapters.memory.crm import CrmContact
from carquery.application.ports.crm import CrmAmbiguous, CrmLeaseTooShort, CrmOutcome, Permit
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.claiming import CONTACT_SETTLES
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening
from tests.application.crms import WrappedCrm
from tests.application.delivering import Delivery
from tests.application.faults import Boundaries, CallFails, Crash, FragileCrm, FragileLeads
from tests.builders import PERMIT, SECOND, a_lead_with_files


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens before or after a call.

    Attributes:
        seconds: how long a pause is, or how late a call lands. A call begins at most 75 s after its intent (the lease
            less the call's own limit), so what lands 40 s later is there when the quarantine of 120 s is over.
        is_fatal: the process dies of it.
    """

    kind: str
    seconds: int = 0
    is_fatal: bool = False


class When(StrEnum):
    """Before the CRM is asked for an effect, or before its answer is heard."""

    CALLING = "calling"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens during a pass.

    Attributes:
        anywhere: before or after any call, by its place among all of them.
        at_calls: around calls that make something, one after the other.
        pause: seconds to the next pass.
        back: whether somebody puts all leads back before that.
    """

    anywhere: dict[int, Fault]
    at_calls: list[tuple[When, Effect, Fault]]
    pause: int
    back: bool

    def at_call(self, when: When, effect: Effect) -> list[Fault]:
        return [fault for moment, struck, fault in self.at_calls if (moment, struck) == (when, effect)]


pauses = st.builds(Fault, st.just("pause"), st.sampled_from([10, 70, 130]))
others = st.builds(
    Fault,
    st.sampled_from(
        [
            "another worker passes",
            "somebody puts all leads back",
            "one more lead comes in",
            "a manager merges contacts",
        ]
    ),
)
failures = st.builds(Fault, st.just("fails"), is_fatal=st.booleans())
losses = st.builds(Fault, st.sampled_from(["lands late", "lands half"]), st.sampled_from([15, 40]), st.booleans())
effects = st.sampled_from([Effect.LEAD, Effect.NOTE, Effect.TASK, Effect.CONTACT, Effect.FILES])
at_calls = st.one_of(
    st.tuples(st.just(When.CALLING), effects, losses),
    st.tuples(st.just(When.CALLED), effects, st.one_of(failures, pauses, others)),
    st.tuples(st.just(When.CALLING), effects, st.one_of(losses, pauses, others)),
)
troubles = st.builds(
    Trouble,
    at_calls=st.lists(at_calls, min_size=1, max_size=3),
    anywhere=st.dictionaries(st.integers(0, 60), st.one_of(failures, pauses, others), max_size=1),
    pause=st.sampled_from([10, 20, 90]),
    back=st.booleans(),
)


class Lands(CallFails):
    """The call's answer is lost, and it lands somehow."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A call that amoCRM has not acted on yet; it looked for contacts, and found none, before it was sent."""

    lands_at: datetime
    effect: Effect
    leads: Sequence[Lead]
    new_people: frozenset[Phone]


class World:
    """Leads of two people, and calls that are still on their way."""

    def __init__(self) -> None:
        self.delivery = Delivery(most_attempts=1000)
        self.delivery.randomness.next_chance = 0.0
        self.leads: list[Lead] = []
        self.on_their_way: list[OnItsWay] = []

    async def one_more(self, person: int) -> None:
        """A lead with a photo, a file and the phone of that person."""
        lead = a_lead_with_files(len(self.leads))
        self.leads.append(replace(lead, answers={**lead.answers, "phone": Phone(f"+7916123456{person}")}))
        await self.delivery.has(self.leads[-1])

    def send(self, effect: Effect, leads: Sequence[Lead], *, lands_in: timedelta) -> None:
        known = {contact.phone for contact in self.delivery.crm.contacts.values()}
        new_people = frozenset(lead.phone for lead in leads if lead.phone is not None) - known
        self.on_their_way.append(OnItsWay(self.delivery.clock.now() + lands_in, effect, leads, new_people))

    async def pass_time(self, time: timedelta) -> None:
        clock = self.delivery.clock
        end = clock.now() + time
        while self.on_their_way and (call := min(self.on_their_way, key=lambda call: call.lands_at)).lands_at <= end:
            self.on_their_way.remove(call)
            clock.pass_time(max(call.lands_at - clock.now(), timedelta()))
            await self._land(call)
        clock.pass_time(max(end - clock.now(), timedelta()))

    async def _land(self, call: OnItsWay) -> None:
        if call.effect is not Effect.CONTACT:
            await self.delivery.crm.make(call.effect, call.leads, PERMIT)
            return
        contacts = self.delivery.crm.contacts
        for phone in call.new_people:
            number = CrmId(1_000_000 + len(contacts))
            contacts[number] = CrmContact(number, "Анна", phone)

    async def happen(self, fault: Fault) -> None:
        match fault.kind:
            case "pause":
                await self.pass_time(fault.seconds * SECOND)
            case "another worker passes":
                await self.delivery.pass_of()()
            case "somebody puts all leads back":
                await self.put_back()
            case "a manager merges contacts":
                self.merge_contacts()
            case "one more lead comes in":
                await self.one_more(len(self.leads) % 2)
            case "fails":
                raise Crash if fault.is_fatal else CallFails
            case _:
                raise Lands(fault)

    def merge_contacts(self) -> None:
        """As a manager does: the contacts are others now, and their deals are theirs."""
        crm = self.delivery.crm
        for old in list(crm.contacts):
            new = CrmId(2_000_000 + len(crm.contacts) + old)
            crm.contacts[new] = replace(crm.contacts.pop(old), id=new)
            for deal in [deal for deal in crm.deals.values() if deal.contact == old]:
                crm.deals[deal.id] = replace(deal, contact=new)

    async def put_back(self) -> None:
        await self.delivery.leads.put_back([lead.id for lead in self.leads], at=self.delivery.clock.now())

    async def troubled_pass(self, trouble: Trouble) -> None:
        boundaries = Boundaries({place: partial(self.happen, fault) for place, fault in trouble.anywhere.items()})
        leads = FragileLeads(self.delivery.leads, boundaries)
        crm = UnreliableCrm(FragileCrm(self.delivery.crm, boundaries), self, trouble)
        try:
            await self.delivery.pass_of(leads=leads, crm=crm)()
        except (Crash, StoreUnavailable):
            return

    async def settle(self) -> None:
        """The troubles are over. A few passes are enough, however they were."""
        for _ in range(len(self.leads) + 2):
            await self.pass_time(CONTACT_SETTLES)
            await self.delivery.pass_of()()


@dataclass(frozen=True, slots=True)
class UnreliableCrm(WrappedCrm):
    """A CRM in which calls whose answers are lost may land late, or in part."""

    world: World
    trouble: Trouble

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        try:
            for fault in self.trouble.at_call(When.CALLING, effect):
                await self.world.happen(fault)
            outcomes = await self.crm.make(effect, leads, permit)
            for fault in self.trouble.at_call(When.CALLED, effect):
                await self.world.happen(fault)
        except Lands as lands:
            return await self._land(lands.fault, effect, leads, permit)
        except CallFails:
            return _lost(leads)
        return outcomes

    async def _land(
        self, fault: Fault, effect: Effect, leads: Sequence[Lead], permit: Permit
    ) -> Mapping[LeadId, CrmOutcome]:
        try:
            permit.check()
        except CrmLeaseTooShort as too_short:
            return {lead.id: too_short for lead in leads}
        if fault.kind == "lands late":
            self.world.send(effect, leads, lands_in=fault.seconds * SECOND)
        else:
            await self.crm.make(effect, leads[: len(leads) // 2], permit)
        if fault.is_fatal:
            raise Crash
        return _lost(leads)


def _lost(leads: Sequence[Lead]) -> Mapping[LeadId, CrmOutcome]:
    return {lead.id: CrmAmbiguous("timeout") for lead in leads}


@settings(max_examples=200)
@given(people=st.lists(st.integers(0, 1), min_size=1, max_size=3), past=st.lists(troubles, min_size=2, max_size=4))
def test_whatever_happens_everything_stands_there_exactly_once(people: list[int], past: list[Trouble]) -> None:
    world = World()
    asyncio.run(_live_through(world, people, past))

    crm, leads = world.delivery.crm, world.leads
    assert {lead.status for lead in world.delivery.dealership.stored_leads} == {LeadStatus.DELIVERED}
    contacts = {contact.phone: number for number, contact in crm.contacts.items()}
    assert (set(contacts), len(crm.contacts)) == ({lead.phone for lead in leads}, len(contacts))
    deals = {deal.reference: deal.contact for deal in crm.deals.values()}
    assert (deals, len(crm.deals)) == ({lead.reference: contacts[lead.phone] for lead in leads}, len(leads))
    assert sorted(note.deal for note in crm.notes.values()) == sorted(crm.deals)
    assert sorted(task.deal for task in crm.tasks.values()) == sorted(crm.deals)
    assert {deal.files for deal in crm.deals.values()} == {leads[0].attached}
    for history in world.delivery.database.history.values():
        assert [entry.what for entry in history].count(Happening.DELIVERED) == 1


async def _live_through(world: World, people: list[int], past: list[Trouble]) -> None:
    for person in people:
        await world.one_more(person)
    for trouble in past:
        await world.troubled_pass(trouble)
        await world.pass_time(trouble.pause * SECOND)
        if trouble.back:
            await world.put_back()
    await world.settle()
