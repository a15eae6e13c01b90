"""The staff are told of the days before when the dealership opens: once, of no day twice, and of none not at all."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.first_touches import MemoryFirstTouches
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.outcomes import MemoryOutcomes
from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.alerts import Digest
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.reports.read_reports import ReadReports
from carquery.application.staff.announcing import Announcing
from carquery.application.staff.digest_texts import digest
from carquery.application.staff.tell_digest import TellDigest
from carquery.domain.dealership.dealership import NEUTRAL
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.moscow import MOSCOW
from tests.application.in_memory import Dealership
from tests.application.showroom import open_from
from tests.builders import DAY, HOUR, MINUTE, a_pending_lead, an_arrival

MONDAY = datetime(2026, 3, 2, tzinfo=MOSCOW)
SHOP = replace(NEUTRAL, hours=open_from("пн-пт 9:00-20:00"))
ALWAYS = replace(NEUTRAL, hours=open_from("ежедневно 0:00-24:00"))


class Mornings:
    """A dealership whose staff come in the morning, and whose customers come on the Sunday before."""

    def __init__(self, told: Told = SHOP, *, is_anybody_there: bool = True, is_visited: bool = True) -> None:
        self.told = told
        self.is_visited = is_visited
        self.world = Dealership(told=lambda: self.told)
        self.is_anybody_there = is_anybody_there

    def process(self) -> TellDigest:
        """One of several, which knows nothing of the others."""
        world = self.world
        return TellDigest(
            reports=ReadReports(
                tallies=world.tallies,
                outcomes=MemoryOutcomes(world.database),
                touches=MemoryFirstTouches(world.database, world.clock),
            ),
            outbox=world.staff.outbox,
            announcing=Announcing(
                dealership=lambda: self.told,
                messengers=Messengers({}),
                bell=MemoryBell(),
                is_anybody_there=self.is_anybody_there,
            ),
            dealership=lambda: self.told,
            clock=world.clock,
        )

    def at(self, moment: datetime) -> None:
        self.world.clock.pass_time(moment - self.world.clock.now())

    async def told_at(self, moment: datetime) -> list[Digest]:
        """What a process tells that looks then, and what the chat says."""
        if self.is_visited:
            self.is_visited = False
            self.at(MONDAY - DAY)
            await self.world.inbound.started(an_arrival(1_000), "buy")
            await self.world.tally.write()
        self.at(moment)
        before = len(self.world.staff.said)
        await self.process()()
        await self.world.staff.catch_up()
        return [alert for alert in self.world.staff.said[before:] if isinstance(alert, Digest)]


def days(told: list[Digest]) -> list[tuple[date, date, bool]]:
    return [(one.first, one.last, one.is_week) for one in told]


async def test_each_morning_tells_of_yesterday_and_monday_of_the_weekend_and_the_week() -> None:
    mornings = Mornings()
    told = [await mornings.told_at(MONDAY + ahead * DAY + 9 * HOUR) for ahead in range(8)]

    monday, friday = MONDAY.date(), (MONDAY + 4 * DAY).date()
    assert days(told[1]) == [(monday, monday, False)]
    assert days(told[0]) == [(friday - 7 * DAY, monday - DAY, False), (monday - 7 * DAY, monday - DAY, True)]
    assert told[5] == told[6] == []
    assert days(told[7]) == [(friday, friday + 2 * DAY, False), (monday, monday + 6 * DAY, True)]


async def test_nobody_is_told_before_the_opening_and_who_starts_late_tells_late() -> None:
    mornings = Mornings()

    assert await mornings.told_at(MONDAY + DAY + 8 * HOUR + 59 * MINUTE) == []
    assert len(await mornings.told_at(MONDAY + DAY + 15 * HOUR)) == 1


async def test_several_processes_tell_once_also_those_that_start_later() -> None:
    mornings = Mornings()
    await mornings.told_at(MONDAY + 8 * HOUR)
    mornings.at(MONDAY + DAY + 9 * HOUR)
    await asyncio.gather(*(mornings.process()() for _ in range(3)))
    await mornings.world.staff.catch_up()
    mornings.at(MONDAY + DAY + 19 * HOUR)
    await mornings.process()()
    await mornings.world.staff.catch_up()

    assert sum(isinstance(alert, Digest) for alert in mornings.world.staff.said) == 1


@pytest.mark.parametrize(
    ("mornings", "at", "expected"),
    [
        (Mornings(NEUTRAL), 12 * HOUR, 0),  # nobody knows the hours
        (Mornings(is_anybody_there=False), 12 * HOUR, 0),
        (Mornings(is_visited=False), 12 * HOUR, 0),
        (Mornings(ALWAYS), 8 * HOUR, 0),
        (Mornings(ALWAYS), 9 * HOUR, 1),
    ],
)
async def test_it_is_told_where_hours_and_a_chat_are(mornings: Mornings, at: timedelta, expected: int) -> None:
    assert len(await mornings.told_at(MONDAY + DAY + at)) == expected


async def test_it_says_how_many_came_how_far() -> None:
    mornings = Mornings()
    await mornings.told_at(MONDAY + 8 * HOUR)
    mornings.at(MONDAY + 10 * HOUR)
    world = mornings.world
    for number in range(3):
        world.visits.stored.clear()
        await world.inbound.started(an_arrival(number), "sell")
    await world.inbound.wrote(an_arrival(9), "Toyota Camry")
    await world.tally.write()

    [told] = await mornings.told_at(MONDAY + DAY + 9 * HOUR)

    assert (told.opened, told.sent, told.worst_form, told.worst_step) == (3, 0, "sell", "car_brand")
    assert (told.lost, told.reached) == (2, 3)


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), ValueError("a bug of ours")])
async def test_what_could_not_be_told_is_told_again(failure: Exception) -> None:
    mornings = Mornings()
    await mornings.told_at(MONDAY + 8 * HOUR)
    mornings.at(MONDAY + 9 * HOUR)
    process = mornings.process()
    mornings.world.database.fail_next(failure)
    with pytest.raises(type(failure)):
        await process()

    assert await process()
    assert not await process()


async def test_what_was_erased_before_it_was_delivered_is_not_awaited_in_the_crm() -> None:
    mornings = Mornings()
    await mornings.told_at(MONDAY + 8 * HOUR)
    leads = MemoryLeads(mornings.world.database, mornings.world.clock)
    for number in (1, 2):
        await leads.add(a_pending_lead(number, now=MONDAY + 12 * HOUR))
    erased = next(iter(mornings.world.database.leads.values()))
    erased.lead = erased.lead.erased(at=MONDAY + 13 * HOUR)

    [told] = await mornings.told_at(MONDAY + DAY + 9 * HOUR)

    assert (told.sent, told.delivered, told.waiting) == (2, 0, 1)


BUSY = Digest(
    first=MONDAY.date(),
    last=MONDAY.date(),
    opened=40,
    sent=10,
    delivered=10,
    touched=10,
    median_minutes=14,
    worst_form="sell",
    worst_step="phone",
    lost=5,
    reached=9,
    topic="credit",
    unanswered=6,
)


@pytest.mark.parametrize(
    ("told", "said", "unsaid"),
    [
        (BUSY, ("Вчера, 2 марта", "отправили: 10 (25%)", "14 мин", "Продажа авто, «телефон», 5 из 9"), "кредит"),
        (replace(BUSY, delivered=7, waiting=2), ("Ещё не в amoCRM: 2 – /failed",), "телефон"),
        (replace(BUSY, touched=7, untouched=3), ("Никто ещё не связался: 3",), "телефон"),
        (replace(BUSY, touched=0), ("взяты в работу: 0",), "связался"),  # those of 0.1 were never looked at
        (
            replace(BUSY, is_week=True, last=(MONDAY + 6 * DAY).date(), touched=7, untouched=3),
            ("Неделя 2–8 марта", "не связался: 3", "«телефон», 5 из 9", "кредит (спрашивали: 6)"),
            "Вчера",
        ),
        (replace(BUSY, opened=0), ("Отправили заявок: 10\n",), "%"),
        (replace(BUSY, opened=4), ("Открыли форму: 4, отправили: 10\n",), "%"),
        (replace(BUSY, opened=0, sent=0), ("Никто не открывал форм",), "взяты"),
    ],
)
def test_of_a_day_the_worst_is_said_and_of_a_week_what_is_to_be_mended(
    told: Digest, said: tuple[str, ...], unsaid: str
) -> None:
    text = digest(told, crm="amoCRM").plain

    assert [words for words in said if words not in text] == []
    assert unsaid not in text
