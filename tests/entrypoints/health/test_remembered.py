"""What takes long to find out is told as it was found last, and nobody waits for a look."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.leads_maintenance import LeadFigures
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.forms.form import Service
from carquery.domain.lead import LeadStatus
from carquery.entrypoints.health.remembered import PAUSE_PER_LOOK, Known, Remembered
from carquery.entrypoints.health.remembered_figures import KEPT_SECONDS, RememberedFigures
from tests.builders import NOW
from tests.patience import waiting_for


class Counting:
    """Something to be found out. `free`: whoever looks waits for it."""

    def __init__(self, clock: SettableClock) -> None:
        self._clock = clock
        self.looks = 0
        self.found = "one"
        self.takes = timedelta()
        self.fails: Exception | None = None
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self) -> str:
        self.looks += 1
        await self.free.wait()
        self._clock.pass_time(self.takes)
        if self.fails is not None:
            raise self.fails
        return self.found


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def counting(clock: SettableClock) -> Counting:
    return Counting(clock)


@pytest.fixture
async def remembered(counting: Counting, clock: SettableClock) -> AsyncIterator[Remembered[str]]:
    remembered = Remembered(counting, clock, kept_seconds=30)
    yield remembered
    await remembered.close()


async def test_it_is_looked_for_once_in_a_while(
    remembered: Remembered[str], counting: Counting, clock: SettableClock
) -> None:
    assert await remembered.latest() == Known("one", 0)
    counting.found = "two"
    clock.pass_time(timedelta(seconds=29))
    assert await remembered.latest() == Known("one", 29)
    clock.pass_time(timedelta(seconds=1))
    assert await remembered.latest() == Known("two", 0)
    assert counting.looks == 2


async def test_while_it_is_looked_for_what_was_found_last_is_told(
    remembered: Remembered[str], counting: Counting, clock: SettableClock
) -> None:
    await remembered.latest()
    counting.found = "two"
    counting.free.clear()
    clock.pass_time(timedelta(seconds=60))

    async with waiting_for("what is known"):
        told = [await remembered.latest() for _ in range(2)]

    assert told == [Known("one", 60)] * 2
    assert counting.looks == 2
    counting.free.set()
    assert await remembered.latest() == Known("two", 0)


async def test_nobody_waits_for_the_first_look_either(remembered: Remembered[str], counting: Counting) -> None:
    counting.free.clear()

    async with waiting_for("an answer"):
        assert await remembered.latest() is None


async def test_the_longer_it_takes_the_rarer_it_is_looked_for(
    remembered: Remembered[str], counting: Counting, clock: SettableClock
) -> None:
    counting.takes = timedelta(seconds=10)
    await remembered.latest()

    clock.pass_time(timedelta(seconds=10 * PAUSE_PER_LOOK - 1))
    assert await remembered.latest() == Known("one", 10 * PAUSE_PER_LOOK + 9)
    clock.pass_time(timedelta(seconds=1))
    assert await remembered.latest() == Known("one", 10)


async def test_that_the_store_is_away_is_told_until_it_is_back(
    remembered: Remembered[str], counting: Counting, clock: SettableClock
) -> None:
    await remembered.latest()
    counting.fails = StoreUnavailable("away")
    clock.pass_time(timedelta(seconds=30))

    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="away"):
            await remembered.latest()
    counting.fails = None
    clock.pass_time(timedelta(seconds=30))

    assert await remembered.latest() == Known("one", 0)


async def test_what_nobody_has_foreseen_reaches_whoever_asks(
    remembered: Remembered[str], counting: Counting, clock: SettableClock
) -> None:
    counting.fails = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        await remembered.latest()

    counting.fails = None
    clock.pass_time(timedelta(seconds=30))
    assert await remembered.latest() == Known("one", 0)


class Store:
    """Counts how often it was counted."""

    def __init__(self) -> None:
        self.counted: list[str] = []

    async def figures(self) -> LeadFigures:
        raise AssertionError("it takes too long")

    async def undelivered(self) -> LeadFigures:
        self.counted.append("undelivered")
        return LeadFigures(counts={(Service.SELL, LeadStatus.DEAD): 1}, oldest_waiting=None)

    async def delivered(self) -> Mapping[Service, int]:
        self.counted.append("delivered")
        return {Service.SELL: 7}

    async def put_in_doubt(self, *, at: object) -> int:
        raise AssertionError(at)


async def test_what_is_undelivered_is_counted_anew_each_time_and_what_is_delivered_now_and_then(
    clock: SettableClock,
) -> None:
    store = Store()
    figures = RememberedFigures(store, clock)

    for _ in range(2):
        await figures.undelivered()
        await figures.delivered()
    clock.pass_time(timedelta(seconds=KEPT_SECONDS))
    delivered = await figures.delivered()

    assert delivered == Known({Service.SELL: 7}, 0)
    assert store.counted == ["undelivered", "delivered", "undelivered", "delivered"]
    await figures.close()
