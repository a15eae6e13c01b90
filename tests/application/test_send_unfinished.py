"""A form with a number in it whose customer fell silent becomes a lead, once; and who sends it later sends that one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from carquery.adapters.memory.crm import MEMORY
from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.application.follow_up.send_unfinished import AT_ONCE, SendUnfinished
from carquery.application.leads import crm_texts
from carquery.application.ports.leads import LeadChange
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import GoOnQuestion, MyLeads, Receipt
from carquery.domain.consent import ConsentTerms
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.routing import Route, Routing
from carquery.domain.dealership.week import read_week
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmUserId, CustomerId, LeadId
from carquery.domain.lead import LeadStatus
from carquery.domain.understanding import Understanding
from tests.application.faults import Boundaries, Breaks, Crash, crash, fail
from tests.application.in_memory import AGREED, Dealership
from tests.builders import ANNA, ANNA_S_HANDLE, BORIS, DAY, HOUR, TERMS, a_dialog, a_reviewed_dialog, an_arrival

AFTER: Final = 24 * HOUR
HOURS: Final = BusinessHours("ежедневно 9:00-20:00", read_week("ежедневно 9:00-20:00"), ZoneInfo("Europe/Moscow"))
"""`NOW` is half past twelve in Moscow."""
TOLD: Final = Told(hours=HOURS, follow_up=FollowUp(unfinished_lead_after=AFTER))


@dataclass(slots=True)
class Forgotten:
    """A dealership with forms that customers have left."""

    told: Told = TOLD
    terms: ConsentTerms | None = None
    dealership: Dealership = field(init=False)
    inputs: int = 0

    def __post_init__(self) -> None:
        self.dealership = Dealership(told=lambda: self.told, terms=self.terms)

    async def is_left(
        self, dialog: Dialog, customer: CustomerId = ANNA, *, ago: timedelta = AFTER, **visit: Any
    ) -> None:
        """The customer did something in that dialog last, so long ago; the visit is forgotten."""
        now = self.dealership.clock.now()
        self.dealership.visits.stored.pop(customer, None)
        self.dealership.clock.pass_time(-ago)
        await self.dealership.has_open(dialog, customer=customer, **visit)
        self.inputs += 1
        arrival = replace(an_arrival(self.inputs, customer), handle=ANNA_S_HANDLE)
        await self.dealership.inbound.sent_something_else(arrival)
        await self.dealership.left.write()
        self.dealership.clock.pass_time(now - self.dealership.clock.now())

    async def writes(self, text: str) -> object:
        self.inputs += 1
        return (await self.dealership.inbound.wrote(an_arrival(self.inputs), text)).screen

    def pass_of(self, **parts: Any) -> SendUnfinished:
        """A pass of one process."""
        world = self.dealership
        usual: dict[str, Any] = {
            "drafts": world.drafts,
            "customers": world.customers,
            "leads": world.leads,
            "navigator": world.navigator,
            "clock": world.clock,
            "randomness": world.randomness,
            "bell": world.bell,
            "dealership": lambda: self.told,
        }
        return SendUnfinished(**usual | parts)


def a_form(**details: Any) -> Dialog:
    """One with a number in it."""
    usual: dict[str, Any] = {"number": 77, "step": "comment"}
    return a_dialog(**usual | details)


@pytest.fixture
def forgotten() -> Forgotten:
    return Forgotten()


async def test_it_becomes_a_lead_that_is_due_and_says_what_it_is(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_form())

    made = await forgotten.pass_of()()

    lead = forgotten.dealership.only_lead
    assert made == (lead.reference,)
    assert (lead.id, lead.is_unfinished, lead.status) == (LeadId(a_form().id), True, LeadStatus.PENDING)
    assert (dict(lead.answers), lead.handle) == (dict(a_form().answers), ANNA_S_HANDLE)
    assert await forgotten.dealership.has_rung()


async def test_what_was_written_before_the_form_goes_along(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_form(), conversation=("Один хозяин",))

    await forgotten.pass_of()()

    assert forgotten.dealership.only_lead.conversation == ("Один хозяин",)


async def test_one_form_makes_one_lead(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_form())

    for _ in range(3):
        await forgotten.pass_of()()
        forgotten.dealership.clock.pass_time(DAY)

    assert len(forgotten.dealership.stored_leads) == 1


async def test_of_many_processes_at_once_one_makes_it(forgotten: Forgotten) -> None:
    for number in range(1, 11):
        await forgotten.is_left(a_form(number=number), CustomerId(ANNA.channel, str(number)))

    await asyncio.gather(*(forgotten.pass_of()() for _ in range(4)))

    assert len(forgotten.dealership.stored_leads) == 10


@pytest.mark.parametrize("step", ["car_brand", "price", "name", "phone"])
async def test_without_a_number_nobody_could_call(forgotten: Forgotten, step: str) -> None:
    await forgotten.is_left(a_form(step=step))

    assert await forgotten.pass_of()() == ()


async def test_a_form_that_only_waited_to_be_sent_is_a_lead_as_well(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_reviewed_dialog(number=77))

    await forgotten.pass_of()()

    assert forgotten.dealership.only_lead.is_unfinished


async def test_before_the_time_has_come_it_waits(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_form(), ago=AFTER - HOUR)

    assert await forgotten.pass_of()() == ()


@pytest.mark.parametrize(
    ("told", "ago", "count"),
    [
        (TOLD, AFTER + 2 * DAY, 1),
        (TOLD, AFTER + 3 * DAY + HOUR, 0),
        (replace(TOLD, hours=None), AFTER + DAY - HOUR, 1),
        (replace(TOLD, hours=None), AFTER + DAY + HOUR, 0),
    ],
    ids=["24 open hours", "more", "without hours, a day", "more"],
)
async def test_who_left_long_before_it_was_wanted_is_left_alone(told: Told, ago: timedelta, count: int) -> None:
    forgotten = Forgotten(told)
    await forgotten.is_left(a_form(), ago=ago)

    assert len(await forgotten.pass_of()()) == count


async def test_those_who_may_not_be_called_keep_nobody_else_waiting() -> None:
    forgotten = Forgotten(terms=TERMS)
    for number in range(1, AT_ONCE + 1):
        without_consent = CustomerId(ANNA.channel, str(number))
        await forgotten.is_left(a_form(number=number), without_consent, ago=AFTER + HOUR)
    await forgotten.dealership.customers.consent(BORIS, AGREED)
    await forgotten.is_left(a_form(number=AT_ONCE + 1), BORIS)

    assert len(await forgotten.pass_of()()) == 1


async def test_while_it_is_closed_it_waits(forgotten: Forgotten) -> None:
    forgotten.dealership.clock.pass_time(10 * HOUR)
    await forgotten.is_left(a_form())
    assert await forgotten.pass_of()() == ()

    forgotten.dealership.clock.pass_time(12 * HOUR)
    assert len(await forgotten.pass_of()()) == 1


async def test_without_hours_nobody_has_to_wait() -> None:
    forgotten = Forgotten(Told(follow_up=TOLD.follow_up))
    await forgotten.is_left(a_form())

    assert len(await forgotten.pass_of()()) == 1


async def test_nothing_is_sent_unless_the_dealership_says_so() -> None:
    forgotten = Forgotten(Told(hours=HOURS))
    await forgotten.is_left(a_form())

    assert await forgotten.pass_of()() == ()


async def test_it_is_routed_as_others_are() -> None:
    people = (CrmUserId(501), CrmUserId(502))
    routing = Routing(services={Service.SELL: Route(responsible=people, tags=("выкуп",))})
    forgotten = Forgotten(replace(TOLD, routing=routing))
    await forgotten.is_left(a_form())

    await forgotten.pass_of()()

    lead = forgotten.dealership.only_lead
    assert (lead.responsible, lead.route.tags) == (people[0], ("выкуп",))


# Consent


async def test_the_lead_carries_the_consent() -> None:
    forgotten = Forgotten(terms=TERMS)
    await forgotten.dealership.customers.consent(ANNA, AGREED)
    await forgotten.is_left(a_form())

    await forgotten.pass_of()()

    assert forgotten.dealership.only_lead.consent == TERMS.fingerprint


@pytest.mark.parametrize("terms", [TERMS, None], ids=["consent is due", "it was not when the form was left"])
async def test_without_consent_nothing_is_sent(terms: ConsentTerms | None) -> None:
    forgotten = Forgotten(terms=TERMS)
    await forgotten.is_left(replace(a_form(), terms=terms))

    assert await forgotten.pass_of()() == ()


# Who comes back


async def test_who_comes_back_goes_on_where_they_stood(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_form())
    await forgotten.pass_of()()

    screen = await forgotten.writes("/start")

    assert isinstance(screen, GoOnQuestion)
    assert screen.dialog.at == "comment"


async def sent_in_the_end(forgotten: Forgotten, *answers: str) -> Receipt:
    """What Anna reads who comes back to her form, answers its last question and sends it."""
    for text in ("/start", "да", *answers):
        await forgotten.writes(text)
    screen = await forgotten.writes("отправить")
    assert isinstance(screen, Receipt)
    return screen


async def test_who_sends_it_before_anybody_has_it_sends_that_one(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_form())
    (reference,) = await forgotten.pass_of()()

    receipt = await sent_in_the_end(forgotten, "Звоните после шести")

    lead = forgotten.dealership.only_lead
    assert (receipt.reference, lead.reference, lead.is_unfinished) == (reference, reference, False)
    assert lead.answers["comment"].shown == "Звоните после шести"
    await forgotten.dealership.left.write()
    forgotten.dealership.clock.pass_time(2 * DAY)
    assert await forgotten.pass_of()() == ()


@pytest.mark.parametrize("has_begun", ["in hand", "delivered"])
async def test_who_sends_it_when_the_crm_has_it_sends_that_one(forgotten: Forgotten, has_begun: str) -> None:
    """The manager is told what has come to it, and there is no second request."""
    await forgotten.is_left(a_form())
    (reference,) = await forgotten.pass_of()()
    claim = await forgotten.dealership.leads.claim(limit=1, lease_for=HOUR)
    if has_begun == "delivered":
        done = LeadChange(claim.leads[0].delivered(at=forgotten.dealership.clock.now()))
        await forgotten.dealership.leads.update([done], claim.lease, release=True)

    receipt = await sent_in_the_end(forgotten, "Звоните после шести")

    lead = forgotten.dealership.only_lead
    assert (receipt.reference, lead.reference) == (reference, reference)
    (amendment,) = (await forgotten.dealership.amendments.of([lead.id]))[lead.id]
    assert {step: answer.shown for step, answer in amendment.after.items()} == {"comment": "Звоните после шести"}
    if has_begun == "delivered":
        assert (lead.is_unfinished, lead.answers["comment"].shown) == (False, "Звоните после шести")


async def test_what_was_written_since_reaches_the_lead_that_the_crm_has(forgotten: Forgotten) -> None:
    wish = "лучше проверьте машину, хозяин темнит"
    interpreter = MemoryInterpreter({wish: Understanding(Service.CHECK, 0.9)})
    forgotten.dealership = Dealership(told=lambda: forgotten.told, interpreter=interpreter)
    await forgotten.is_left(a_form().say_aside("Птс оригинал"), conversation=("Один хозяин",))
    await forgotten.pass_of()()
    await forgotten.dealership.leads.claim(limit=1, lease_for=HOUR)

    await sent_in_the_end(forgotten, "Звоните после шести", wish, "нет")

    (amendment,) = (await forgotten.dealership.amendments.of([forgotten.dealership.only_lead.id])).values()
    assert amendment[0].said == (wish,)


@pytest.mark.parametrize("has_begun", ["in hand", "delivered"])
async def test_sent_as_it_was_left_it_is_a_lead_that_was_sent(forgotten: Forgotten, has_begun: str) -> None:
    """The manager, who reads that it was not finished, learns of it; and the customer sees it."""
    await forgotten.is_left(a_reviewed_dialog(number=77))
    await forgotten.pass_of()()
    claim = await forgotten.dealership.leads.claim(limit=1, lease_for=HOUR)
    if has_begun == "delivered":
        done = LeadChange(claim.leads[0].delivered(at=forgotten.dealership.clock.now()))
        await forgotten.dealership.leads.update([done], claim.lease, release=True)

    receipt = await sent_in_the_end(forgotten)

    lead = forgotten.dealership.only_lead
    (amendment,) = (await forgotten.dealership.amendments.of([lead.id]))[lead.id]
    note = crm_texts.amendment_note(lead, amendment, MEMORY)
    assert (amendment.before, amendment.after) == ({}, {})
    assert note.startswith(f"Клиент отправил заявку {lead.reference}")
    mine = await forgotten.writes("/status")
    assert isinstance(mine, MyLeads)
    assert [sent.lead.reference for sent in mine.leads] == [receipt.reference]


async def test_sent_twice_it_is_told_once(forgotten: Forgotten) -> None:
    """The visit was not saved the first time."""
    await forgotten.is_left(a_form())
    await forgotten.pass_of()()
    await forgotten.dealership.leads.claim(limit=1, lease_for=HOUR)
    for text in ("/start", "да", "Звоните после шести"):
        await forgotten.writes(text)
    visit, world = await forgotten.dealership.visit(), forgotten.dealership
    assert visit.dialog is not None

    decided = [await world.submit_lead.decide(visit, visit.dialog, None) for _ in range(2)]

    assert [type(screen) for _, screen in decided] == [Receipt, Receipt]
    assert len((await world.amendments.of([world.only_lead.id]))[world.only_lead.id]) == 1


async def test_what_was_sent_is_made_no_unfinished_lead_of(forgotten: Forgotten) -> None:
    """The customer sends it at the same moment."""
    await forgotten.is_left(a_form())
    for text in ("/start", "да", "-", "отправить"):
        await forgotten.writes(text)
    sent = forgotten.dealership.only_lead

    draft = forgotten.dealership.drafts
    await forgotten.pass_of(drafts=draft)()

    assert forgotten.dealership.only_lead == sent
    assert not sent.is_unfinished


async def test_who_is_reminded_no_more_is_called_all_the_same(forgotten: Forgotten) -> None:
    await forgotten.is_left(a_form())
    await forgotten.is_left(a_form(number=78), BORIS)
    await forgotten.dealership.inbound.blocked(ANNA, is_blocked=True)

    assert len(await forgotten.pass_of()()) == 2


@dataclass(slots=True)
class Fragile:
    """A store whose calls have boundaries: a call fails with nothing done, or done and the answer lost."""

    thing: Any
    boundaries: Boundaries

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.thing, name)

        async def called(*args: object, **named: object) -> object:
            await self.boundaries.reach_in_store()
            done = await call(*args, **named)
            await self.boundaries.reach_in_store()
            return done

        return called


@pytest.mark.parametrize("breaks", [crash, fail], ids=["the process dies", "the call fails"])
async def test_whatever_breaks_it_is_one_lead_in_the_end(breaks: Breaks) -> None:
    undisturbed = Boundaries()
    await _left_and_sent(undisturbed)
    assert undisturbed.passed == 6  # what is silent, who is known, the lead: before and after

    in_the_end = [await _left_and_sent(Boundaries({place: breaks})) for place in range(undisturbed.passed)]

    assert in_the_end == [1] * undisturbed.passed


async def _left_and_sent(boundaries: Boundaries) -> int:
    """How many leads there are, once other passes have come."""
    forgotten = Forgotten()
    await forgotten.is_left(a_form())
    world = forgotten.dealership
    stores = {"drafts": world.drafts, "customers": world.customers, "leads": world.leads}
    with suppress(Crash, StoreUnavailable):
        await forgotten.pass_of(**{name: Fragile(store, boundaries) for name, store in stores.items()})()
    for _ in range(2):
        await forgotten.pass_of()()
    return len(world.stored_leads)
