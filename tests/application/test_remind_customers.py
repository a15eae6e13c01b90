"""One reminder and never two: to whom, when, and whatever breaks meanwhile."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from carquery.adapters.memory.outreach import MemoryOutreach
from carquery.adapters.messenger.message import Message, PressButton
from carquery.adapters.messenger.presenter import present
from carquery.adapters.telegram.channel import TELEGRAM
from carquery.application.follow_up.remind_customers import OTHERS_FIRST, RemindCustomers, Reminded, ReminderOutcome
from carquery.application.ports.outreach import CustomerGone, NotSent, OutreachFailed, PerhapsSent
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.presses import FreePress, FreeVerb
from carquery.application.screens import (
    GoOnQuestion,
    Menu,
    Notice,
    Question,
    Receipt,
    Reminder,
    RemindersStopped,
    Summary,
)
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.week import read_week
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId
from tests.application.faults import Boundaries, Breaks, Crash, crash, fail
from tests.application.in_memory import Dealership, button_of, shown
from tests.builders import ANNA, BORIS, HOUR, MINUTE, NAMESAKE, NOW, a_dialog, a_lead, a_reviewed_dialog, an_arrival

AFTER: Final = 40 * MINUTE
HOURS: Final = BusinessHours("ежедневно 9:00-20:00", read_week("ежедневно 9:00-20:00"), ZoneInfo("Europe/Moscow"))
"""`NOW` is half past twelve in Moscow."""
TOLD: Final = Told(hours=HOURS, follow_up=FollowUp(reminder_after=AFTER))


@dataclass(slots=True)
class Salon:
    """A dealership that reminds, and what customers were reminded of."""

    told: Told = TOLD
    dealership: Dealership = field(init=False)
    outreach: MemoryOutreach = field(default_factory=lambda: MemoryOutreach(TELEGRAM))
    inputs: int = 0

    def __post_init__(self) -> None:
        self.dealership = Dealership(told=lambda: self.told)

    async def is_left(self, dialog: Dialog, customer: CustomerId = ANNA, *, ago: timedelta = AFTER) -> None:
        """The customer did something in that dialog last, so long ago; the visit is forgotten."""
        self.dealership.visits.stored.pop(customer, None)
        now = self.dealership.clock.now()
        self.dealership.clock.pass_time(-ago)
        await self.dealership.has_open(dialog, customer=customer)
        await self.touches(customer)
        await self.dealership.left.write()
        self.dealership.clock.pass_time(now - self.dealership.clock.now())

    async def touches(self, customer: CustomerId = ANNA) -> None:
        self.inputs += 1
        await self.dealership.inbound.sent_something_else(an_arrival(self.inputs, customer))

    async def presses(self, verb: FreeVerb, argument: str = "") -> object:
        """A press on a reminder's button, and what Anna sees then."""
        self.inputs += 1
        return (await self.dealership.inbound.pressed(an_arrival(self.inputs), FreePress(verb, argument))).screen

    def pass_of(self, **parts: Any) -> RemindCustomers:
        """A pass of one process."""
        usual: dict[str, Any] = {
            "reminders": self.dealership.reminders,
            "visits": self.dealership.visits,
            "outreach": self.outreach,
            "clock": self.dealership.clock,
            "dealership": lambda: self.told,
        }
        return RemindCustomers(**usual | parts)

    @property
    def reminded(self) -> list[CustomerId]:
        return [customer for customer, _ in self.outreach.shown]


def a_form(**details: Any) -> Dialog:
    """A dialog that is none of those that are opened later."""
    usual: dict[str, Any] = {"number": 77, "step": "mileage"}
    return a_dialog(**usual | details)


@pytest.fixture
def salon() -> Salon:
    return Salon()


async def test_who_left_a_form_is_reminded_once(salon: Salon) -> None:
    await salon.is_left(a_form())

    first, second = await salon.pass_of()(), await salon.pass_of()()

    assert (first.outcomes, second.outcomes) == ({ReminderOutcome.SENT: 1}, {})
    ((customer, screen),) = salon.outreach.shown
    assert isinstance(screen, Reminder)
    assert (customer, screen.dialog.at) == (ANNA, "mileage")


async def test_one_form_makes_one_reminder_however_often_it_is_left(salon: Salon) -> None:
    await salon.is_left(a_form())
    await salon.pass_of()()

    for _ in range(3):
        await salon.touches()
        await salon.dealership.left.write()
        salon.dealership.clock.pass_time(AFTER)
        await salon.pass_of()()

    assert salon.reminded == [ANNA]


async def test_before_the_time_has_come_nobody_is_reminded(salon: Salon) -> None:
    await salon.is_left(a_form(), ago=AFTER - MINUTE)

    assert await salon.pass_of()() == Reminded({})


async def test_while_it_is_closed_everybody_waits_until_it_opens(salon: Salon) -> None:
    salon.dealership.clock.pass_time(8 * HOUR)  # half past eight
    await salon.is_left(a_form())
    await salon.pass_of()()
    assert salon.reminded == []

    salon.dealership.clock.pass_time(13 * HOUR)  # half past nine
    await salon.pass_of()()

    assert salon.reminded == [ANNA]


@pytest.mark.parametrize("told", [Told(hours=HOURS), Told(follow_up=TOLD.follow_up), Told()])
async def test_nobody_is_reminded_unless_the_dealership_wants_it(told: Told) -> None:
    salon = Salon(told)
    await salon.is_left(a_form())

    await salon.pass_of()()

    assert salon.reminded == []


async def test_a_change_of_the_file_counts_at_once(salon: Salon) -> None:
    await salon.is_left(a_form())
    salon.told = Told(hours=HOURS)
    await salon.pass_of()()
    assert salon.reminded == []

    salon.told = TOLD
    await salon.pass_of()()

    assert salon.reminded == [ANNA]


async def test_another_channel_s_customers_are_its_own_process_s(salon: Salon) -> None:
    await salon.is_left(a_form(), NAMESAKE)

    await salon.pass_of()()
    assert salon.reminded == []

    theirs = MemoryOutreach(NAMESAKE.channel)
    await salon.pass_of(outreach=theirs)()

    assert [customer for customer, _ in theirs.shown] == [NAMESAKE]


# Who is at it, who has done with it, who wants none


async def test_who_is_at_it_is_not_disturbed(salon: Salon) -> None:
    """What was done a second ago may not be written yet."""
    await salon.is_left(a_form())
    await salon.touches()

    assert (await salon.pass_of()()).outcomes == {ReminderOutcome.CAME_BACK: 1}
    salon.dealership.clock.pass_time(AFTER)
    await salon.pass_of()()

    assert salon.reminded == [ANNA]


async def test_who_has_sent_it_is_not_reminded(salon: Salon) -> None:
    await salon.is_left(a_form())
    await salon.dealership.leads.add(a_lead(77))

    await salon.pass_of()()

    assert salon.reminded == []


async def test_who_has_just_thrown_it_away_is_not_reminded(salon: Salon) -> None:
    """Which is not written yet, and the visit knows."""
    await salon.is_left(a_form())
    await salon.dealership.has_open(None)

    assert (await salon.pass_of()()).outcomes == {ReminderOutcome.CAME_BACK: 1}
    assert salon.reminded == []


async def test_who_has_blocked_the_bot_is_reminded_of_nothing(salon: Salon) -> None:
    await salon.is_left(a_form())
    await salon.is_left(a_form(number=78), BORIS)
    await salon.dealership.inbound.blocked(ANNA, is_blocked=True)

    await salon.pass_of()()

    assert salon.reminded == [BORIS]


async def test_that_a_customer_is_gone_is_learned_from_the_messenger(salon: Salon) -> None:
    await salon.is_left(a_form())
    salon.outreach.fail_next(CustomerGone())

    assert (await salon.pass_of()()).outcomes == {ReminderOutcome.GONE: 1}
    await salon.is_left(a_form(number=78))
    await salon.pass_of()()

    assert salon.reminded == []


async def test_who_comes_back_to_the_bot_may_be_reminded_of_the_next_form(salon: Salon) -> None:
    await salon.dealership.inbound.blocked(ANNA, is_blocked=True)
    await salon.dealership.inbound.blocked(ANNA, is_blocked=False)
    await salon.is_left(a_form())

    await salon.pass_of()()

    assert salon.reminded == [ANNA]


@pytest.mark.parametrize(("ago", "reminded"), [(2 * HOUR, [ANNA]), (MINUTE, []), (-HOUR, [])])
async def test_what_a_messenger_says_late_concerns_what_was_before(
    salon: Salon, ago: timedelta, reminded: list[CustomerId]
) -> None:
    await salon.is_left(a_form())
    await salon.dealership.inbound.blocked(ANNA, is_blocked=True, at=salon.dealership.clock.now() - ago)

    await salon.pass_of()()

    assert salon.reminded == reminded


async def test_who_has_declined_is_reminded_of_nothing_any_more(salon: Salon) -> None:
    await salon.is_left(a_form())
    await salon.pass_of()()

    assert await salon.presses(FreeVerb.NO_REMINDERS) == RemindersStopped(is_kept=True)
    assert await salon.presses(FreeVerb.NO_REMINDERS) == RemindersStopped(is_kept=True)
    await salon.is_left(a_form(number=78))
    await salon.pass_of()()

    assert salon.reminded == [ANNA]


# What the buttons do


@pytest.mark.parametrize("is_forgotten", [True, False], ids=["the visit is forgotten", "the visit is there"])
async def test_going_on_shows_the_step(salon: Salon, *, is_forgotten: bool) -> None:
    await salon.is_left(a_form(), ago=AFTER if is_forgotten else MINUTE)

    screen = await salon.presses(FreeVerb.GO_ON)

    assert isinstance(screen, Question)
    assert screen.dialog.at == "mileage"


async def test_going_on_with_a_finished_form_shows_the_summary(salon: Salon) -> None:
    await salon.is_left(a_reviewed_dialog(number=77))

    assert isinstance(await salon.presses(FreeVerb.GO_ON), Summary)


async def test_going_on_with_what_is_gone_says_so(salon: Salon) -> None:
    assert await salon.presses(FreeVerb.GO_ON) == Menu(Notice.EXPIRED)
    assert await salon.presses(FreeVerb.NO_REMINDERS) == RemindersStopped(is_kept=False)


async def test_going_on_with_what_was_sent_shows_the_receipt(salon: Salon) -> None:
    dialog = a_reviewed_dialog(number=77)
    await salon.dealership.has_open(dialog)
    sent = await salon.dealership.submit_lead(an_arrival(99), button_of(dialog))

    assert await salon.presses(FreeVerb.GO_ON) == shown(sent, Receipt)


async def test_a_reminder_is_no_answer_to_the_question_that_comes_later(salon: Salon) -> None:
    await salon.is_left(a_form())
    await salon.pass_of()()

    reply = await salon.dealership.inbound.wrote(an_arrival(99), "/start")

    assert isinstance(reply.screen, GoOnQuestion)


# What a messenger or a store does


async def test_a_messenger_that_is_away_is_asked_again_later(salon: Salon) -> None:
    await salon.is_left(a_form())
    await salon.is_left(a_form(number=78), BORIS)
    salon.outreach.fail_next(NotSent(HOUR))

    reminded = await salon.pass_of()()

    assert reminded == Reminded({ReminderOutcome.NOT_SENT: 1})
    await salon.pass_of()()
    assert sorted(map(str, salon.reminded)) == sorted(map(str, [ANNA, BORIS]))


async def test_whom_a_messenger_never_writes_to_keeps_nobody_waiting(salon: Salon) -> None:
    """Anna was silent for longer, so she would come first in each pass."""
    await salon.is_left(a_form(), ago=AFTER + MINUTE)
    await salon.is_left(a_form(number=78), BORIS)
    process = salon.pass_of()
    salon.outreach.fail_next(NotSent())
    assert (await process()).outcomes == {ReminderOutcome.NOT_SENT: 1}

    assert (await process()).outcomes == {ReminderOutcome.SENT: 1}
    assert salon.reminded == [BORIS]
    salon.dealership.clock.pass_time(OTHERS_FIRST)
    await process()
    assert salon.reminded == [BORIS, ANNA]


async def test_a_messenger_that_is_away_keeps_nobody_of_another_waiting(salon: Salon) -> None:
    salon.outreach = MemoryOutreach(TELEGRAM, NAMESAKE.channel)
    await salon.is_left(a_form(), ago=AFTER + MINUTE, customer=NAMESAKE)
    await salon.is_left(a_form(number=78))
    salon.outreach.fail_next(NotSent(HOUR))

    process = salon.pass_of()

    assert await process() == Reminded({ReminderOutcome.NOT_SENT: 1, ReminderOutcome.SENT: 1})
    assert salon.reminded == [ANNA]

    salon.dealership.clock.pass_time(HOUR - MINUTE)  # it is left alone for so long, not the other one
    await salon.is_left(a_form(number=79), BORIS)
    assert await process() == Reminded({ReminderOutcome.SENT: 1})
    salon.dealership.clock.pass_time(MINUTE)
    await process()
    assert salon.reminded == [ANNA, BORIS, NAMESAKE]


async def test_what_was_perhaps_sent_is_not_sent_again(salon: Salon) -> None:
    await salon.is_left(a_form())
    salon.outreach.fail_next(PerhapsSent())

    assert (await salon.pass_of()()).outcomes == {ReminderOutcome.UNKNOWN: 1}
    assert (await salon.pass_of()()).outcomes == {}


async def test_of_many_processes_at_once_one_reminds(salon: Salon) -> None:
    customers = [CustomerId(TELEGRAM, str(number)) for number in range(1, 21)]
    for number, customer in enumerate(customers, start=1):
        await salon.is_left(a_form(number=number), customer)

    await asyncio.gather(*(salon.pass_of()() for _ in range(4)))

    assert Counter(salon.reminded) == Counter(customers)


@dataclass(slots=True)
class Fragile:
    """Something whose calls have boundaries: a call fails with nothing done, or done and the answer lost."""

    thing: Any
    boundaries: Boundaries
    lost: Exception

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.thing, name)
        if not asyncio.iscoroutinefunction(call):
            return call

        async def called(*args: object, **named: object) -> object:
            try:
                await self.boundaries.reach()
                done = await call(*args, **named)
                await self.boundaries.reach()
            except Exception as fails:
                raise self.lost from fails
            return done

        return called


def fragile_pass(salon: Salon, boundaries: Boundaries) -> RemindCustomers:
    return salon.pass_of(
        reminders=Fragile(salon.dealership.reminders, boundaries, StoreUnavailable()),
        visits=Fragile(salon.dealership.visits, boundaries, StoreUnavailable()),
        outreach=Fragile(salon.outreach, boundaries, PerhapsSent()),
    )


POINTS: Final = ("claim", "claimed", "visit", "visit read", "send", "sent", "claim the next", "none left")
SWEEP: Final = """
                 the process dies  the call fails
claim                         1               1
claimed                       0               0
visit                         0               1
visit read                    0               1
send                          0               0
sent                          1               1
claim the next                1               1
none left                     1               1
"""
"""Reminders that Anna gets in the end, by where it breaks: never two. What is claimed and not sent, as far as anybody
knows, costs the one."""


async def test_whatever_breaks_nobody_is_reminded_twice() -> None:
    undisturbed, salon = Boundaries(), Salon()
    await salon.is_left(a_form())
    await fragile_pass(salon, undisturbed)()
    assert undisturbed.passed == len(POINTS)

    table = f"\n{'':15}  the process dies  the call fails\n"
    for place, point in enumerate(POINTS):
        reminders = [await _reminders_in_the_end(place, breaks) for breaks in (crash, fail)]
        table += f"{point:15}{reminders[0]:16}{reminders[1]:16}\n"

    assert table == SWEEP


async def _reminders_in_the_end(place: int, breaks: Breaks) -> int:
    salon = Salon()
    await salon.is_left(a_form())
    with suppress(Crash, StoreUnavailable):
        await fragile_pass(salon, Boundaries({place: breaks}))()
    for _ in range(3):
        await salon.pass_of()()
        salon.dealership.clock.pass_time(HOUR)
    return len(salon.reminded)


async def test_a_messenger_that_fails_again_and_again_costs_nobody_the_reminder(salon: Salon) -> None:
    await salon.is_left(a_form())
    salon.outreach.fail_next(NotSent(), times=5)

    outcomes: Counter[ReminderOutcome] = Counter()
    for _ in range(7):
        outcomes.update((await salon.pass_of()()).outcomes)

    assert outcomes == {ReminderOutcome.NOT_SENT: 5, ReminderOutcome.SENT: 1}
    assert issubclass(NotSent, OutreachFailed)


# The words: service, and no offer of anything. Source: 38-FZ, article 18; a reminder of one's own request is no
# advertisement as long as it offers nothing

OFFERS: Final = re.compile(
    r"[!₽%]|\d{4,}|руб|цен|скид|акци|выгод|дёшев|дешев|подар|бонус|кредит|спецпредлож|предлага|предлож|успе|торопи"
    r"|только сегодня|последн|лучш|куп|прода[йм]|другие авто|похожие",
    re.IGNORECASE,
)
EVERY_STEP: Final = [(service, step) for service in Service for step in a_dialog(service=service).form.steps]


def words_of(dialog: Dialog) -> Message:
    message = present(Reminder(dialog), at=NOW)
    assert isinstance(message, Message)
    return message


@pytest.mark.parametrize(("service", "step"), EVERY_STEP, ids=lambda one: getattr(one, "name", str(one)))
def test_a_reminder_offers_nothing(service: Service, step: Any) -> None:
    dialog = a_dialog(service=service, step=step.name)
    said = Reminder(dialog).text

    assert OFFERS.search(said) is None
    assert not [answer for answer in dialog.answers.values() if answer.shown in words_of(dialog).text.plain]


@pytest.mark.parametrize("service", list(Service))
def test_a_reminder_of_a_finished_form_offers_nothing(service: Service) -> None:
    dialog = a_reviewed_dialog(service=service)

    assert OFFERS.search(Reminder(dialog).text) is None
    assert not [answer for answer in dialog.answers.values() if answer.shown in words_of(dialog).text.plain]


def test_a_reminder_can_be_followed_and_stopped() -> None:
    (row,) = words_of(a_form()).rows

    assert [button.label for button in row] == ["Продолжить", "Не напоминать"]
    assert all(isinstance(button, PressButton) for button in row)


@pytest.mark.parametrize(
    "said", ["Скидка 10 %", "Есть похожие авто", "Успейте сегодня!", "Всего за 900 000 ₽", "Лучшая цена"]
)
def test_the_lint_finds_an_offer(said: str) -> None:
    assert OFFERS.search(said) is not None


def test_what_stops_reminders_offers_nothing_either() -> None:
    assert OFFERS.search(RemindersStopped.TEXT + RemindersStopped.KEPT) is None
