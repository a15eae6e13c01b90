"""What people are told reaches them, in order, whatever happens on the way; and the same cause once in a while."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.staff_chat import MemoryStaffChat
from carquery.application.ports.alert_outbox import (
    AT_ONCE,
    MOST_WAITING,
    AlertRefused,
    ChatAway,
    ChatBusy,
    ChatRefuses,
    NotSaid,
)
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    AlertsLeftOut,
    ClassifierClosed,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    LeadsNotDelivered,
    LeftOut,
)
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.alert_rules import (
    CONVERSATIONS_KEPT,
    QUIET,
    QUIET_ABOUT_CLASSIFIERS,
    QUIET_ABOUT_FIELDS,
    QUIET_ABOUT_THE_BUDGET,
)
from carquery.application.staff.deliver_alerts import (
    AWAY_LONGEST,
    LEASE,
    LONGEST_HUSH,
    LOOK,
    REFUSED_LONGEST,
    SET_ASIDE,
    DeliverAlerts,
)
from carquery.domain.contact import Handle
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.effects import CrmId
from carquery.domain.ids import Reference
from carquery.domain.reason import Reason
from tests.application.staff import LONG, Staff
from tests.builders import ANNA, BORIS, MINUTE, SECOND, business_hours

ONE, TWO = (Reference("CQ-000001"),), (Reference("CQ-000002"),)
TO_ERASE = ContactToErase((CrmId(77),))
CLOSED = CrmClosed(Reason("HTTP 403"))

RATIONED = pytest.mark.parametrize(
    ("first", "again", "quiet"),
    [
        (CrmAway(ONE, Reason("timeout")), CrmAway(TWO, Reason("HTTP 502")), QUIET),
        (CrmClosed(Reason("HTTP 403")), CrmClosed(Reason("HTTP 403")), QUIET),
        (LeftOut(ONE, Reason("Поле «VIN»")), LeftOut(TWO, Reason("Поле «VIN»")), QUIET_ABOUT_FIELDS),
        (ClassifierClosed("gpt", "HTTP 401"), ClassifierClosed("gpt", "HTTP 403"), QUIET_ABOUT_CLASSIFIERS),
        (AiBudgetSpent(Decimal(5)), AiBudgetSpent(Decimal(5)), QUIET_ABOUT_THE_BUDGET),
    ],
    ids=lambda value: type(value).__name__,
)


@pytest.fixture
def staff() -> Staff:
    return Staff()


async def test_what_is_told_is_said_in_order(staff: Staff) -> None:
    told: list[Alert] = [
        CLOSED,
        LeadsNotDelivered(ONE, Reason("воронки 7 нет"), dead=False),
        TO_ERASE,
        CrmAway(TWO, Reason("timeout")),
    ]
    for alert in told:
        await staff.alerts.tell(alert)

    await staff.catch_up()

    assert (staff.said, staff.waiting) == (told, [])


async def test_whoever_says_alerts_is_woken(staff: Staff) -> None:
    await staff.alerts.tell(CLOSED)

    assert staff.bell.is_rung


@RATIONED
async def test_the_same_cause_is_said_once_in_a_while(
    staff: Staff, first: Alert, again: Alert, quiet: timedelta
) -> None:
    await staff.alerts.tell(first)
    await staff.catch_up()
    staff.clock.pass_time(quiet - SECOND)
    await staff.alerts.tell(again)
    await staff.catch_up()
    assert staff.said == [first]

    staff.clock.pass_time(SECOND)
    await staff.alerts.tell(again)
    await staff.catch_up()
    assert staff.said == [first, again]


@RATIONED
async def test_quiet_begins_when_it_was_said_not_when_it_was_told(
    staff: Staff, first: Alert, again: Alert, quiet: timedelta
) -> None:
    staff.chat.fail_next(ChatAway("Telegram"), times=3)
    await staff.alerts.tell(first)
    await staff.live_through(MINUTE)
    said_by = staff.clock.now()
    assert staff.said == [first]

    staff.clock.pass_time(quiet - 2 * MINUTE)
    await staff.alerts.tell(again)
    await staff.catch_up()

    assert staff.said == [first]
    assert staff.clock.now() < said_by + quiet


@RATIONED
async def test_what_is_told_again_before_it_was_said_waits_once(
    staff: Staff, first: Alert, again: Alert, quiet: timedelta
) -> None:
    for _ in range(8):
        await staff.alerts.tell(first)
        await staff.alerts.tell(again)

    assert len(staff.waiting) == 1
    assert await staff.live_through(quiet + LOOK) == staff.said[:1]


async def test_a_state_that_has_ended_by_then_is_not_said_after_its_quiet_time(staff: Staff) -> None:
    await staff.alerts.tell(CrmAway(ONE, Reason("timeout")))
    await staff.catch_up()
    await staff.alerts.tell(CrmAway(TWO, Reason("timeout")))

    assert await staff.live_through(LONG) == []


async def test_leads_that_a_quiet_time_kept_silent_are_named_after_it(staff: Staff) -> None:
    await staff.alerts.tell(LeftOut(ONE, Reason("Поле «VIN»")))
    await staff.catch_up()
    for reference in ("CQ-000002", "CQ-000003"):
        await staff.alerts.tell(LeftOut((Reference(reference),), Reason("Поле «VIN»")))

    said = await staff.live_through(QUIET_ABOUT_FIELDS + LOOK)

    assert said == [LeftOut((Reference("CQ-000002"), Reference("CQ-000003")), Reason("Поле «VIN»"))]


@pytest.mark.parametrize(
    "causes",
    [
        [CrmClosed(Reason("HTTP 402: не оплачено")), CrmClosed(Reason("HTTP 403: заблокировано"))],
        [LeftOut(ONE, Reason("Поле «VIN»")), LeftOut(ONE, Reason("Тег «бот»"))],
        [CrmAway(ONE, Reason("timeout")), CrmClosed(Reason("timeout")), LeftOut(ONE, Reason("timeout"))],
        [LeadsNotDelivered(ONE, Reason("timeout"), dead=False), LeadsNotDelivered(ONE, Reason("timeout"), dead=True)],
        [CustomerNotUnderstood(ANNA, None, ("ау",)), CustomerNotUnderstood(BORIS, None, ("ау",))],
    ],
    ids=["closed", "left out", "of different kinds", "refused and dead", "two customers"],
)
async def test_another_cause_is_said_at_once(staff: Staff, causes: list[Alert]) -> None:
    for alert in causes:
        await staff.alerts.tell(alert)
        await staff.catch_up()

    assert staff.said == causes


@pytest.mark.parametrize(
    "alert",
    [
        LeadsNotDelivered(ONE, Reason("воронки 7 нет"), dead=False),
        LeadsNotDelivered(ONE, Reason("timeout"), dead=True),
        TO_ERASE,
        CustomerNotUnderstood(ANNA, Handle("Telegram", "@anna"), ("ау",)),
    ],
    ids=["refused", "dead", "to erase", "not understood"],
)
async def test_what_a_person_must_do_is_said_every_time(staff: Staff, alert: Alert) -> None:
    for _ in range(3):
        await staff.alerts.tell(alert)
        await staff.catch_up()

    assert staff.said == [alert] * 3


FAILURES = [
    ChatAway("Telegram: TelegramNetworkError"),
    ChatRefuses("Telegram: Forbidden: bot was kicked from the group chat"),
    ChatBusy(timedelta(seconds=60)),
    ChatBusy(timedelta(hours=2)),
    AlertRefused("Telegram: Bad Request: can't parse entities"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=str)
@pytest.mark.parametrize("times", [1, 5, 300])
async def test_no_failure_of_the_chat_loses_anything(staff: Staff, failure: NotSaid, times: int) -> None:
    told: list[Alert] = [TO_ERASE, LeadsNotDelivered(ONE, Reason("воронки 7 нет"), dead=True), CLOSED]
    for alert in told:
        await staff.alerts.tell(alert)
    staff.chat.fail_next(failure, times=times)

    await staff.live_until_all_is_said()

    assert sorted(map(str, staff.said)) == sorted(map(str, told))


@pytest.mark.parametrize("failure", FAILURES[:-1], ids=str)
async def test_what_could_not_be_said_keeps_its_place(staff: Staff, failure: NotSaid) -> None:
    await staff.alerts.tell(TO_ERASE)
    await staff.alerts.tell(CLOSED)
    staff.chat.fail_next(failure, times=5)

    await staff.live_until_all_is_said()

    assert staff.said == [TO_ERASE, CLOSED]


@pytest.mark.parametrize("seconds", [1, 29, 31, 60, 3600, 86_400])
async def test_a_flood_limit_is_waited_out_as_long_as_it_says(staff: Staff, seconds: int) -> None:
    wait = timedelta(seconds=seconds)
    await staff.alerts.tell(CLOSED)
    staff.chat.fail_next(ChatBusy(wait))

    assert (await staff.turn()).again_in == wait
    staff.clock.pass_time(wait - SECOND)
    await staff.turn()
    assert staff.said == []

    staff.clock.pass_time(SECOND)
    await staff.turn()
    assert staff.said == [CLOSED]


@pytest.mark.parametrize(
    ("failure", "longest"),
    [(ChatAway("Telegram"), AWAY_LONGEST), (ChatRefuses("kicked"), REFUSED_LONGEST)],
    ids=["away", "refuses"],
)
async def test_waits_grow_up_to_a_limit_and_the_log_has_one_line(
    staff: Staff, failure: NotSaid, longest: timedelta
) -> None:
    await staff.alerts.tell(CLOSED)
    staff.chat.fail_next(failure, times=30)

    turns = []
    for _ in range(30):
        turns.append(await staff.turn())
        staff.clock.pass_time(turns[-1].again_in)

    waits = [turn.again_in for turn in turns]
    assert waits == sorted(waits)
    assert waits[0] < waits[1]
    assert waits[-1] == longest
    assert [turn.is_first for turn in turns] == [True, *[False] * 29]
    assert {turn.trouble for turn in turns} == {str(failure)}


async def test_an_alert_that_is_refused_keeps_nobody_waiting(staff: Staff) -> None:
    await staff.alerts.tell(CrmAway(ONE, Reason("<b>")))
    await staff.alerts.tell(TO_ERASE)
    staff.chat.fail_next(AlertRefused("can't parse entities"))

    await staff.catch_up()
    assert staff.said == [TO_ERASE]

    assert await staff.live_through(SET_ASIDE + LOOK) == [CrmAway(ONE, Reason("<b>"))]


async def test_no_minute_sees_more_than_twenty_messages(staff: Staff) -> None:
    moments: list[datetime] = []
    for number in range(60):
        await staff.alerts.tell(CrmClosed(Reason(f"{number}")))

    while staff.waiting:
        turn = await staff.turn()
        moments += [staff.clock.now()] * (turn.said is not None)
        staff.clock.pass_time(turn.again_in)

    assert len(moments) == 60
    assert moments[AT_ONCE - 1] == moments[0]
    assert all(later - earlier >= MINUTE for earlier, later in zip(moments, moments[20:], strict=False))


async def test_a_process_that_died_before_saying_it_or_before_noting_it_costs_nothing(staff: Staff) -> None:
    """A SIGKILL between any two steps leaves what the steps before it left."""
    await staff.alerts.tell(TO_ERASE)
    await staff.outbox.take(lease_for=LEASE)  # … and here it died, the message said or not
    await staff.alerts.tell(ContactToErase((CrmId(88),)))

    staff.clock.pass_time(LEASE - SECOND)
    await staff.catch_up()
    assert staff.said == []

    staff.clock.pass_time(SECOND)
    await staff.catch_up()
    assert staff.said == [TO_ERASE, ContactToErase((CrmId(88),))]


@dataclass
class BreaksTheStore:
    """A chat that takes the message; by then, the store is away."""

    chat: MemoryStaffChat
    database: MemoryDatabase

    async def say(self, alert: Alert, *, since: datetime | None = None, times: int = 1) -> None:
        await self.chat.say(alert, since=since, times=times)
        self.database.fail_next(StoreUnavailable())


async def test_what_was_said_and_could_not_be_noted_is_said_again(staff: Staff) -> None:
    await staff.alerts.tell(TO_ERASE)

    turn = DeliverAlerts(outbox=staff.outbox, chat=BreaksTheStore(staff.chat, staff.database), clock=staff.clock)
    with pytest.raises(StoreUnavailable):
        await turn()
    staff.clock.pass_time(LEASE)
    await staff.catch_up()

    assert (staff.said, staff.waiting) == ([TO_ERASE, TO_ERASE], [])


async def test_what_cannot_be_kept_is_said_at_once(staff: Staff) -> None:
    staff.database.fail_next(StoreUnavailable())

    await staff.alerts.tell(CLOSED)

    assert staff.at_once.told == [CLOSED]


async def test_without_a_chat_only_what_somebody_was_promised_is_kept_for_the_day_when_there_is_one(
    staff: Staff,
) -> None:
    nobody_there = replace(staff.alerts, only_owed=True)
    told: list[Alert] = [CLOSED, TO_ERASE, CustomerNotUnderstood(ANNA, None, ("ау",))]

    for alert in told:
        await nobody_there.tell(alert)

    assert (staff.waiting, staff.at_once.told) == ([TO_ERASE], [told[0], told[2]])


async def test_a_conversation_that_nobody_could_read_in_time_is_forgotten(staff: Staff) -> None:
    await staff.alerts.tell(CustomerNotUnderstood(ANNA, Handle("Telegram", "@anna"), ("мой телефон 89161234567",)))
    await staff.alerts.tell(TO_ERASE)

    staff.clock.pass_time(CONVERSATIONS_KEPT)
    await staff.catch_up()

    assert staff.said == [TO_ERASE]
    assert await staff.outbox.forget_expired() == 1
    assert staff.waiting == []


async def test_of_too_many_the_oldest_are_said_and_the_others_counted(staff: Staff) -> None:
    for number in range(MOST_WAITING + 30):
        await staff.alerts.tell(LeadsNotDelivered(ONE, Reason(f"{number}"), dead=True))
    await staff.alerts.tell(TO_ERASE)

    await staff.live_until_all_is_said()

    assert staff.said[:MOST_WAITING] == [
        LeadsNotDelivered(ONE, Reason(f"{number}"), dead=True) for number in range(MOST_WAITING)
    ]
    assert staff.said[MOST_WAITING:] == [AlertsLeftOut(30), TO_ERASE]


async def test_a_week_without_telegram_ends_in_one_message_for_each_cause(staff: Staff) -> None:
    staff.chat.fail_next(ChatAway("Telegram"), times=40)
    for number in range(2_000):
        reference = (Reference(f"CQ-{number:06}"),)
        await staff.alerts.tell(CrmAway(reference, Reason("HTTP 502")))
        await staff.alerts.tell(LeadsNotDelivered(reference, Reason("воронки 7 нет"), dead=True))
        if number % 50 == 0:
            staff.clock.pass_time((await staff.turn()).again_in)

    await staff.live_until_all_is_said()

    assert [type(alert) for alert in staff.said] == [CrmAway, LeadsNotDelivered]


# While the dealership is closed

AT_NIGHT = Dealership(hours=business_hours("вт 9:00-20:00"))
"""At `NOW`, a Monday at 12:30, it opens in 20 and a half hours."""
OPENS_IN = timedelta(hours=20, minutes=30)
URGENT: list[Alert] = [
    CLOSED,
    CrmAway(ONE, Reason("HTTP 502")),
    LeadsNotDelivered(ONE, Reason("нет этапа"), dead=False),
    CustomerNotUnderstood(ANNA, None, ("Вы мошенники!",), is_upset=True),
]
WAITING: list[Alert] = [
    TO_ERASE,
    LeftOut(ONE, Reason("Поле «VIN»")),
    CustomerNotUnderstood(BORIS, None, ("привет",)),
    ClassifierClosed("mini", "HTTP 401"),
    AiBudgetSpent(Decimal(5)),
]


async def test_what_keeps_leads_from_being_delivered_and_complaints_are_said_at_night() -> None:
    staff = Staff()
    staff.told = AT_NIGHT
    for alert in (*WAITING, *URGENT):
        await staff.alerts.tell(alert)

    assert await staff.live_through(MINUTE) == URGENT


async def test_what_can_wait_is_said_in_its_order_when_the_dealership_opens() -> None:
    staff = Staff()
    staff.told = AT_NIGHT
    for alert in WAITING:
        await staff.alerts.tell(alert)

    assert await staff.live_through(OPENS_IN - MINUTE) == []
    assert (await staff.outbox.figures()).waiting == 0
    assert await staff.live_through(2 * MINUTE) == WAITING


async def test_while_it_is_open_and_where_nobody_knows_the_hours_nothing_waits() -> None:
    for told in (NEUTRAL, Dealership(hours=business_hours())):
        staff = Staff()
        staff.told = told
        for alert in WAITING:
            await staff.alerts.tell(alert)

        assert await staff.live_through(MINUTE) == WAITING


async def test_over_long_holidays_what_waits_is_said_before_it_expires() -> None:
    staff = Staff()
    staff.told = Dealership(hours=business_hours("пт 9:00-20:00"))
    await staff.alerts.tell(WAITING[2])

    assert await staff.live_through(LONGEST_HUSH - MINUTE) == []
    assert await staff.live_through(2 * MINUTE) == [WAITING[2]]
    assert LONGEST_HUSH < CONVERSATIONS_KEPT
