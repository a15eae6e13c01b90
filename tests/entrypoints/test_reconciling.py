"""The daily count: by one process, told once, tried again."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from carquery.adapters.memory.chores import MemoryChores
from carquery.application.leads.reconcile_leads import ReconcileLeads
from carquery.application.ports.alerts import DealsMiscounted
from carquery.application.ports.chores import Chores
from carquery.application.ports.crm import CrmBusy
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import Effect
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.processes.reconciling import EVERY, Reconciling
from tests.application.delivering import Delivery, leads_of_many
from tests.builders import PERMIT
from tests.patience import waiting_for


class House:
    """A dealership with two delivered leads, and the processes that share its database."""

    def __init__(self) -> None:
        self.delivery = Delivery()
        self.chores = MemoryChores(self.delivery.clock)
        self.metrics = Metrics()

    def process(self, chores: Chores | None = None, deals: DealCounts | None = None) -> Reconciling:
        reconcile = ReconcileLeads(leads=self.delivery.leads, deals=deals or self.delivery.crm)
        alerts, clock = self.delivery.dealership.alerts, self.delivery.clock
        return Reconciling(reconcile, chores or self.chores, alerts, clock, self.metrics)

    async def delivers(self) -> None:
        await self.delivery.has(*leads_of_many(2))
        await self.delivery.pass_of()()

    def metric(self, result: str) -> str | None:
        lines = self.metrics.exposed().decode().splitlines()
        name = f'carquery_reconciled_leads{{result="{result}"}}'
        return next((line.split()[-1] for line in lines if line.startswith(name)), None)


@pytest.fixture
async def house() -> House:
    house = House()
    await house.delivers()
    return house


async def test_what_is_well_is_told_by_a_figure_alone(house: House) -> None:
    await house.process().count_if_due()

    assert house.delivery.told == []
    assert [house.metric(result) for result in ("once", "missing", "doubled")] == ["2.0", "0.0", "0.0"]


async def test_of_two_processes_one_counts_in_a_day(house: House) -> None:
    gone = delete_one(house)
    one, other = house.process(), house.process()

    await asyncio.gather(one.count_if_due(), other.count_if_due())

    assert house.delivery.told == [DealsMiscounted((gone,), ())]


async def test_a_deal_that_is_gone_is_told_once_and_another_one_the_next_day(house: House) -> None:
    first = delete_one(house)
    await house.process().count_if_due()
    house.delivery.clock.pass_time(EVERY)
    second = delete_one(house)
    await house.process().count_if_due()
    house.delivery.clock.pass_time(EVERY)
    await house.process().count_if_due()

    assert house.delivery.told == [DealsMiscounted((first,), ()), DealsMiscounted((second,), ())]


async def test_a_deal_that_is_there_twice_is_told(house: House) -> None:
    lead = house.delivery.dealership.stored_leads[0]
    await house.delivery.crm.make(Effect.LEAD, [lead], PERMIT)

    await house.process().count_if_due()

    assert house.delivery.told == [DealsMiscounted((), (lead.reference,))]


async def test_a_count_that_failed_is_tried_again_by_whoever_comes_next(house: House) -> None:
    house.delivery.crm.fail_next(CrmBusy("HTTP 503"))
    gone = delete_one(house)
    with pytest.raises(CrmBusy):
        await house.process().count_if_due()

    house.delivery.clock.pass_time(timedelta(hours=1))
    await house.process().count_if_due()

    assert house.delivery.told == [DealsMiscounted((gone,), ())]


@pytest.mark.parametrize("calls", range(7))
async def test_what_is_wrong_is_told_though_the_store_goes_away_in_between(house: House, calls: int) -> None:
    gone = delete_one(house), delete_one(house)
    with suppress(StoreUnavailable):
        await house.process(GoesAway(house.chores, after=calls)).count_if_due()

    house.delivery.clock.pass_time(EVERY)
    await house.process().count_if_due()

    assert DealsMiscounted(tuple(sorted(gone)), ()) in house.delivery.told


async def test_a_count_that_is_broken_off_ends_though_the_store_is_away(house: House) -> None:
    deals = Endless()
    counting = asyncio.create_task(house.process(GoesAway(house.chores, after=1), deals).count_if_due())
    await deals.began.wait()

    counting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await counting


async def test_whoever_stops_does_not_wait_for_a_count_and_leaves_it_to_the_next(house: House) -> None:
    gone, stop, deals = delete_one(house), asyncio.Event(), Endless()
    working = asyncio.create_task(house.process(deals=deals).run(stop))
    await deals.began.wait()

    stop.set()
    async with waiting_for("the work to end"):
        await working

    await house.process().count_if_due()
    assert house.delivery.told == [DealsMiscounted((gone,), ())]


class Endless:
    """A CRM that does not come to an end with counting."""

    def __init__(self) -> None:
        self.began = asyncio.Event()

    async def count_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, int]:
        del leads, since
        self.began.set()
        await asyncio.Event().wait()
        return {}


@dataclass(slots=True)
class GoesAway:
    """Chores whose store goes away after some calls."""

    chores: Chores
    after: int

    async def take(self, chore: str, *, every: timedelta) -> bool:
        self._check()
        return await self.chores.take(chore, every=every)

    async def is_due(self, chore: str, *, every: timedelta) -> bool:
        self._check()
        return await self.chores.is_due(chore, every=every)

    async def give_back(self, chore: str) -> None:
        self._check()
        await self.chores.give_back(chore)

    def _check(self) -> None:
        self.after -= 1
        if self.after < 0:
            raise StoreUnavailable


def delete_one(house: House) -> Reference:
    deals = house.delivery.crm.deals
    reference = deals.pop(min(deals)).reference
    assert reference is not None
    return reference
