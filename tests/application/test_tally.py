"""What was counted reaches the store once; what a killed process had not written is all that is missing."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from carquery.adapters.memory.first_touches import MemoryFirstTouches
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.outcomes import MemoryOutcomes
from carquery.adapters.memory.tallies import MemoryTallies
from carquery.adapters.system.randomness import SystemRandomness
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.tallies import BatchId, By, Days
from carquery.application.reports.happening import Happening
from carquery.application.reports.read_reports import ReadReports
from carquery.application.reports.tally import Tally
from carquery.domain.dealership.dealership import NEUTRAL
from carquery.domain.forms.form import Service
from carquery.domain.ids import Source
from carquery.domain.tallied import OTHERS, Occurrence, Tallied
from tests.application.in_memory import Dealership
from tests.builders import NOW, a_pending_lead, a_visit, an_arrival

TODAY = Days(NOW.date(), NOW.date())


@dataclass
class AnswersLost:
    """Adds, and says that nobody knows."""

    tallies: MemoryTallies

    async def add(self, counts: Mapping[Tallied, int], *, batch: BatchId, at: datetime) -> None:
        await self.tallies.add(counts, batch=batch, at=at)
        raise StoreUnavailable("the answer is lost")

    async def forget(self, *, before: date, at_most: int) -> int:
        return await self.tallies.forget(before=before, at_most=at_most)

    totals = property(lambda self: self.tallies.totals)


@dataclass
class Busy:
    """Adds while somebody goes on, once."""

    tallies: MemoryTallies
    goes_on: list[Callable[[], Awaitable[None]]]

    async def add(self, counts: Mapping[Tallied, int], *, batch: BatchId, at: datetime) -> None:
        while self.goes_on:
            await self.goes_on.pop()()
        await self.tallies.add(counts, batch=batch, at=at)

    async def forget(self, *, before: date, at_most: int) -> int:
        return await self.tallies.forget(before=before, at_most=at_most)

    totals = property(lambda self: self.tallies.totals)


async def opened(dealership: Dealership, number: int, payload: str = "sell") -> None:
    dealership.visits.stored.clear()
    await dealership.inbound.started(an_arrival(number), payload)


async def times_opened(dealership: Dealership) -> int:
    totals = await dealership.tallies.totals(TODAY)
    return sum(one.times for one in totals if one.what == "opened")


async def test_no_reply_waits_for_the_count() -> None:
    dealership = Dealership()
    await opened(dealership, 1)

    assert await times_opened(dealership) == 0
    await dealership.tally.write()
    assert await times_opened(dealership) == 1


async def test_what_a_killed_process_had_not_written_is_all_that_is_missing() -> None:
    dealership = Dealership()
    killed, next_one = (
        Tally(tallies=dealership.tallies, clock=dealership.clock, randomness=SystemRandomness()) for _ in range(2)
    )
    opened_once, visit = [Happening(Occurrence.OPENED, Service.SELL)], a_visit()
    killed.note(opened_once, visit, at=NOW)
    await killed.write()
    killed.note(opened_once, visit, at=NOW)  # and it is killed: nothing is left of it

    next_one.note(opened_once, visit, at=NOW)
    await next_one.write()

    assert await times_opened(dealership) == 2


async def test_what_happens_while_counts_are_added_waits_for_the_next_time() -> None:
    dealership = Dealership()
    await opened(dealership, 1)

    async def goes_on() -> None:
        await opened(dealership, 2)

    dealership.tally.tallies = Busy(dealership.tallies, [goes_on])
    await dealership.tally.write()

    assert await times_opened(dealership) == 1
    await dealership.tally.write()
    assert await times_opened(dealership) == 2


async def test_while_the_store_is_away_counts_wait() -> None:
    dealership = Dealership()
    await opened(dealership, 1)
    dealership.database.fail_next(StoreUnavailable("away"))
    with pytest.raises(StoreUnavailable):
        await dealership.tally.write()

    await opened(dealership, 2)
    await dealership.tally.write()

    assert await times_opened(dealership) == 2


async def test_what_the_store_will_never_take_holds_up_no_later_count() -> None:
    dealership = Dealership()
    await opened(dealership, 1)
    dealership.database.fail_next(ValueError("a bug of ours"))
    with pytest.raises(ValueError, match="a bug of ours"):
        await dealership.tally.write()

    await opened(dealership, 2)
    await dealership.tally.write()

    assert await times_opened(dealership) == 1


async def test_a_count_whose_answer_was_lost_is_not_added_twice() -> None:
    dealership = Dealership()
    dealership.tally.tallies = AnswersLost(dealership.tallies)
    await opened(dealership, 1)
    with pytest.raises(StoreUnavailable):
        await dealership.tally.write()

    dealership.tally.tallies = dealership.tallies
    await opened(dealership, 2)
    await dealership.tally.write()

    assert await times_opened(dealership) == 2


async def test_sources_that_anybody_can_make_up_are_told_apart_up_to_some_number() -> None:
    dealership = Dealership()
    for number in range(120):
        await opened(dealership, number, f"sell__ad{number}")
    await dealership.tally.write()

    sources = {one.source for one in dealership.database.tallies}
    assert OTHERS in sources
    assert len(sources) <= 102


async def test_a_source_that_names_a_person_is_counted_without_the_name() -> None:
    dealership = Dealership()
    await opened(dealership, 1, str(Source("sell__89161234567")))
    await dealership.tally.write()

    assert "9161234567" not in repr(dealership.database.tallies)


async def test_a_report_tells_requests_of_such_a_source_with_what_was_counted_of_it() -> None:
    dealership = Dealership()
    source = Source("t89161234567")
    await opened(dealership, 1, f"sell__{source}")
    await dealership.tally.write()
    await MemoryLeads(dealership.database, dealership.clock).add(a_pending_lead(1, source=source))
    reports = ReadReports(
        tallies=dealership.tallies,
        outcomes=MemoryOutcomes(dealership.database),
        touches=MemoryFirstTouches(dealership.database, dealership.clock),
    )

    [told] = await reports.stages(TODAY, NEUTRAL, by=By.SOURCE)

    assert "9161234567" not in told.key
    assert (told.opened, told.outcome.sent) == (1, 1)
