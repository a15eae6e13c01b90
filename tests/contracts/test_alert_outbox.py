"""What every outbox of alerts promises."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from carquery.application.ports.alert_outbox import AT_ONCE, MOST_WAITING, PACE, TakenAlert
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    AlertsLeftOut,
    ClassifierClosed,
    ContactMayExist,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    DealsMiscounted,
    Digest,
    LeadsNotDelivered,
    LeftOut,
    UpdatesStopped,
)
from carquery.application.staff.alert_rules import (
    CONVERSATIONS_KEPT,
    MOST_CONTACTS,
    MOST_REFERENCES,
    QUIET,
    QUIET_ABOUT_FIELDS,
)
from carquery.domain.contact import Handle
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import CustomerId, Reference
from carquery.domain.reason import Reason
from tests.builders import ANNA, BORIS, HOUR, NAMESAKE, NOW, a_lead
from tests.contracts.databases import Database

LEASE = timedelta(seconds=30)
NONE_YET = timedelta()
CLOSED = CrmClosed(Reason("HTTP 403: <заблокировано>"))

ONE_OF_EACH: list[Alert] = [
    LeadsNotDelivered((Reference("CQ-000001"),), Reason("нет «поля» & этапа"), dead=False),
    LeadsNotDelivered((Reference("CQ-000001"), Reference("CQ-000002")), Reason("timeout"), dead=True),
    LeftOut((Reference("CQ-000003"),), Reason("Поле «VIN»")),
    CrmAway((Reference("CQ-000004"),), Reason("HTTP 502")),
    CLOSED,
    ContactToErase((CrmId(2**40), CrmId(12))),
    ContactMayExist("0001", NOW),
    DealsMiscounted((Reference("CQ-000001"),), (Reference("CQ-000002"),)),
    CustomerNotUnderstood(ANNA, Handle("Telegram", "@anna_k"), ("привет 👋", "почём\nLada?")),
    CustomerNotUnderstood(BORIS, None, ()),
    ClassifierClosed("gpt-4o-mini", "HTTP 401"),
    AiBudgetSpent(Decimal("5.50")),
    UpdatesStopped("MAX"),
    UpdatesStopped("MAX", is_back=True),
    Digest(first=NOW.date(), last=NOW.date(), opened=3, sent=1, delivered=1, touched=0, worst_step="phone"),
    AlertsLeftOut(7),
]


def references(*numbers: int) -> tuple[Reference, ...]:
    return tuple(Reference(f"CQ-{number:06}") for number in numbers)


async def take(database: Database) -> TakenAlert:
    """The alert whose turn it is; there must be one."""
    taken = await database.outbox.take(lease_for=LEASE)
    assert taken is not None, "nothing is due"
    return taken


async def say_all(database: Database) -> list[Alert]:
    """Say everything that is due, one after another, and let the pace's time pass."""
    said: list[Alert] = []
    while (taken := await database.outbox.take(lease_for=LEASE)) is not None:
        said.append(taken.alert)
        await database.pass_time(await database.outbox.said(taken))
    return said


@pytest.mark.parametrize("alert", ONE_OF_EACH, ids=lambda alert: type(alert).__name__)
async def test_every_alert_comes_back_as_it_was_told(database: Database, alert: Alert) -> None:
    await database.outbox.add(alert)

    taken = await take(database)

    assert (taken.alert, taken.times, taken.failures) == (alert, 1, 0)
    assert abs(taken.since - database.now()) < timedelta(minutes=5)


async def test_they_come_in_the_order_in_which_they_were_told_and_are_gone_when_said(database: Database) -> None:
    for alert in ONE_OF_EACH:
        await database.outbox.add(alert)

    assert await say_all(database) == ONE_OF_EACH
    assert (await database.outbox.figures()).waiting == 0


async def test_only_one_has_a_turn_at_a_time(database: Database) -> None:
    await database.outbox.add(ONE_OF_EACH[0])
    await database.outbox.add(CLOSED)

    turns = await asyncio.gather(*(database.outbox.take(lease_for=LEASE) for _ in range(5)))

    assert [turn.alert for turn in turns if turn is not None] == [ONE_OF_EACH[0]]


async def test_a_turn_whose_process_died_ends_with_its_lease(database: Database) -> None:
    await database.outbox.add(CLOSED)
    await take(database)
    assert await database.outbox.take(lease_for=LEASE) is None

    await database.pass_time(LEASE)

    assert (await take(database)).alert == CLOSED


async def test_what_was_said_after_the_lease_had_run_out_is_gone_all_the_same(database: Database) -> None:
    await database.outbox.add(CLOSED)
    late = await take(database)
    await database.pass_time(LEASE)
    other = await take(database)

    await database.outbox.said(late)
    await database.outbox.pause(late, for_=HOUR, because="late")
    await database.outbox.said(other)

    await database.outbox.add(ONE_OF_EACH[0])
    assert (await take(database)).alert == ONE_OF_EACH[0]


@pytest.mark.parametrize("alert", [CLOSED, CrmAway(references(1), Reason("timeout"))], ids=["closed", "away"])
async def test_a_cause_is_quiet_from_the_moment_it_was_said(database: Database, alert: Alert) -> None:
    await database.outbox.add(alert)
    taken = await take(database)
    await database.outbox.add(alert)  # while it is being said
    await database.outbox.said(taken)
    await database.outbox.add(alert)
    assert await say_all(database) == []

    await database.pass_time(QUIET)
    assert await say_all(database) == []

    await database.outbox.add(alert)
    assert await say_all(database) == [alert]


async def test_what_waits_takes_in_what_is_of_its_cause(database: Database) -> None:
    for number in (1, 2, 2, 3):
        await database.outbox.add(LeadsNotDelivered(references(number), Reason("нет"), dead=False))
        await database.outbox.add(LeadsNotDelivered(references(number), Reason("нет"), dead=True))

    taken = await take(database)
    assert (taken.alert, taken.times) == (LeadsNotDelivered(references(1, 2, 3), Reason("нет"), dead=False), 4)

    await database.outbox.add(
        LeadsNotDelivered(references(4), Reason("нет"), dead=False)
    )  # not into what is being said
    await database.outbox.said(taken)
    assert await say_all(database) == [
        LeadsNotDelivered(references(1, 2, 3), Reason("нет"), dead=True),
        LeadsNotDelivered(references(4), Reason("нет"), dead=False),
    ]


async def test_many_who_tell_one_cause_at_once_make_one_alert(database: Database) -> None:
    tellings = (
        database.outbox.add(LeadsNotDelivered(references(number), Reason("нет"), dead=True)) for number in range(9)
    )
    await asyncio.gather(*tellings)

    (said,) = await say_all(database)

    assert isinstance(said, LeadsNotDelivered)
    assert sorted(said.references) == list(references(*range(9)))


async def test_what_could_not_be_said_keeps_its_place_and_takes_in_more(database: Database) -> None:
    await database.outbox.add(CrmAway(references(1), Reason("timeout")))
    await database.outbox.add(CLOSED)

    await database.outbox.pause(await take(database), for_=HOUR, because="Telegram")
    await database.outbox.add(CrmAway(references(2), Reason("HTTP 502")))
    assert await database.outbox.take(lease_for=LEASE) is None
    await database.pass_time(HOUR)

    taken = await take(database)
    assert (taken.alert, taken.failures) == (CrmAway(references(1, 2), Reason("HTTP 502")), 1)


async def test_failures_are_counted_until_something_was_said(database: Database) -> None:
    await database.outbox.add(CLOSED)
    counted = []
    for is_failure in (True, True, False):
        taken = await take(database)
        counted.append(taken.failures)
        await database.outbox.pause(taken, for_=HOUR, because="away", is_failure=is_failure)
        await database.pass_time(HOUR)
    await say_all(database)
    await database.outbox.add(ONE_OF_EACH[0])

    assert [*counted, (await take(database)).failures] == [0, 1, 2, 0]


async def test_a_pause_after_failures_can_be_ended(database: Database) -> None:
    await database.outbox.add(CLOSED)
    await database.outbox.pause(await take(database), for_=HOUR, because="kicked")

    await database.outbox.resume()

    assert (await take(database)).failures == 0


async def test_a_pause_that_the_messenger_wants_cannot_be_ended(database: Database) -> None:
    await database.outbox.add(CLOSED)
    await database.outbox.pause(await take(database), for_=HOUR, because="kicked")
    await database.pass_time(HOUR)
    await database.outbox.pause(await take(database), for_=HOUR, because="a flood limit", is_failure=False)

    await database.outbox.resume()

    assert await database.outbox.take(lease_for=LEASE) is None


async def test_what_was_set_aside_lets_others_go_first(database: Database) -> None:
    await database.outbox.add(CLOSED)
    await database.outbox.add(ONE_OF_EACH[0])

    await database.outbox.set_aside(await take(database), for_=HOUR)

    assert await say_all(database) == [ONE_OF_EACH[0]]
    await database.pass_time(HOUR)
    assert await say_all(database) == [CLOSED]


async def test_what_is_hushed_is_said_later_and_counts_as_nothing_that_waits(database: Database) -> None:
    field = Reason("Поле «VIN»")
    await database.outbox.add(LeftOut(references(1), field))
    await database.outbox.add(CLOSED)

    await database.outbox.hush(await take(database), for_=HOUR)
    assert await say_all(database) == [CLOSED]
    assert (await database.outbox.figures()).waiting == 0

    await database.outbox.add(LeftOut(references(2), field))
    assert await database.outbox.take(lease_for=LEASE) is None
    await database.pass_time(HOUR)
    assert await say_all(database) == [LeftOut(references(1, 2), field)]


async def test_some_follow_one_another_at_once_then_one_each_pace(database: Database) -> None:
    for number in range(AT_ONCE + 2):
        await database.outbox.add(CrmClosed(Reason(f"{number}")))

    waits = [await database.outbox.said(await take(database)) for _ in range(AT_ONCE)]

    assert waits[:-1] == [NONE_YET] * (AT_ONCE - 1)
    assert PACE - timedelta(seconds=5) < waits[-1] <= PACE
    assert await database.outbox.take(lease_for=LEASE) is None
    await database.pass_time(PACE)
    await database.outbox.said(await take(database))
    await database.pass_time(PACE * AT_ONCE)
    assert await database.outbox.take(lease_for=LEASE) is not None


@pytest.mark.parametrize(("erased", "spared"), [(ANNA, NAMESAKE), (NAMESAKE, ANNA)], ids=str)
async def test_the_same_number_in_two_channels_is_two_customers(
    database: Database, erased: CustomerId, spared: CustomerId
) -> None:
    for customer in (erased, spared):
        await database.outbox.add(CustomerNotUnderstood(customer, Handle("MAX", "Анна"), (f"я {customer}",)))

    await database.customers.erase(erased)

    assert await say_all(database) == [CustomerNotUnderstood(spared, Handle("MAX", "Анна"), (f"я {spared}",))]


async def test_what_has_expired_is_not_said_and_is_forgotten(database: Database) -> None:
    await database.outbox.add(CustomerNotUnderstood(ANNA, None, ("ау",)))
    await database.outbox.add(CLOSED)
    assert await database.outbox.forget_expired() == 0

    await database.pass_time(CONVERSATIONS_KEPT)

    assert (await database.outbox.figures()).waiting == 1
    assert await database.outbox.forget_expired() == 1
    assert await say_all(database) == [CLOSED]


async def test_what_waits_stays_due_since_its_cause_was_quiet_no_longer(database: Database) -> None:
    for number in range(2):
        await database.outbox.add(LeftOut(references(number), Reason("Поле «VIN»")))
        if number == 0:
            await say_all(database)
    await database.pass_time(QUIET_ABOUT_FIELDS)
    due_since = (await database.outbox.figures()).oldest

    await database.outbox.forget_expired()

    assert (await database.outbox.figures()).oldest == due_since


async def test_the_latest_conversation_of_a_customer_takes_the_place_of_the_one_before(database: Database) -> None:
    for written in (("ау",), ("ау", "есть кто?")):
        await database.outbox.add(CustomerNotUnderstood(ANNA, None, written))

    assert await say_all(database) == [CustomerNotUnderstood(ANNA, None, ("ау", "есть кто?"))]


async def test_contacts_to_erase_come_in_messages_that_people_can_tick_off(database: Database) -> None:
    for number in range(1, 2 * MOST_CONTACTS + 2):
        await database.outbox.add(ContactToErase((CrmId(number),)))

    said = await say_all(database)

    contacts = [alert.contacts for alert in said if isinstance(alert, ContactToErase)]
    assert [len(some) for some in contacts] == [MOST_CONTACTS, MOST_CONTACTS, 1]
    assert [one for some in contacts for one in some] == list(range(1, 2 * MOST_CONTACTS + 2))


async def test_thousands_of_leads_of_one_cause_make_one_alert_that_is_not_endless(database: Database) -> None:
    numbers = list(range(MOST_REFERENCES + 500))
    for start in range(0, len(numbers), 100):
        await database.outbox.add(CrmAway(references(*numbers[start : start + 100]), Reason("timeout")))

    assert await say_all(database) == [CrmAway(references(*numbers[:MOST_REFERENCES]), Reason("timeout"))]


async def test_of_too_many_causes_the_oldest_are_kept_and_the_others_counted(database: Database) -> None:
    for number in range(MOST_WAITING + 3):
        await database.outbox.add(CrmClosed(Reason(f"{number}")))
    await database.outbox.add(ContactToErase((CrmId(77),)))

    kinds = dict((await database.outbox.figures()).kinds)
    assert kinds == {"crm closed": MOST_WAITING, "alerts left out": 1, "contact to erase": 1}
    assert (await take(database)).alert == CrmClosed(Reason("0"))


async def test_figures_tell_what_waits_since_when_and_why(database: Database) -> None:
    empty = await database.outbox.figures()
    assert (empty.waiting, empty.oldest, empty.because) == (0, None, "")

    began = database.now()
    await database.outbox.add(CLOSED)
    await database.outbox.add(ONE_OF_EACH[0])
    await database.outbox.pause(await take(database), for_=HOUR, because="Telegram: away")
    figures = await database.outbox.figures()

    assert (dict(figures.kinds), figures.because) == ({"crm closed": 1, "leads not delivered": 1}, "Telegram: away")
    assert figures.oldest is not None
    assert abs(figures.oldest - began) < timedelta(minutes=5)


async def test_what_waits_for_a_quiet_time_is_no_trouble(database: Database) -> None:
    left_out = LeftOut(references(1), Reason("Поле «VIN»"))
    await database.outbox.add(left_out)
    await say_all(database)
    await database.outbox.add(left_out)

    assert (await database.outbox.figures()).waiting == 0


async def test_words_that_no_database_takes_are_kept_without_what_it_does_not_take(database: Database) -> None:
    await database.outbox.add(LeadsNotDelivered(references(1), Reason("нет\0 поля"), dead=False))

    (said,) = await say_all(database)

    assert isinstance(said, LeadsNotDelivered)
    assert str(said.reason).replace("\0", "") == "нет поля"


async def test_an_erasure_keeps_for_people_what_the_customer_was_told_they_will_do(database: Database) -> None:
    await database.leads.add(a_lead(1, made={Effect.CONTACT: CrmId(77)}))
    await database.leads.add(a_lead(2, made={Effect.CONTACT: CrmId(78)}))

    await database.customers.erase(ANNA)
    await database.customers.erase(ANNA)

    assert await say_all(database) == [ContactToErase((CrmId(77), CrmId(78)))]


async def test_an_erasure_without_contacts_asks_nothing_of_people(database: Database) -> None:
    await database.leads.add(a_lead())

    await database.customers.erase(ANNA)

    assert await say_all(database) == []


async def test_an_erasure_takes_back_what_waits_about_the_customer(database: Database) -> None:
    hers = await database.leads.add(a_lead(1))
    his = await database.leads.add(a_lead(2, customer=BORIS))
    words = "телефон +79161234567 не принят"
    await database.outbox.add(CustomerNotUnderstood(ANNA, Handle("Telegram", "@anna"), ("я Анна",)))
    await database.outbox.add(CustomerNotUnderstood(BORIS, None, ("я Борис",)))
    await database.outbox.add(LeadsNotDelivered((hers.reference,), Reason(words), dead=True))
    await database.outbox.add(CrmAway((hers.reference, his.reference), Reason("timeout")))

    await database.customers.erase(ANNA)

    assert await say_all(database) == [
        CustomerNotUnderstood(BORIS, None, ("я Борис",)),
        CrmAway((his.reference,), Reason("timeout")),
    ]
