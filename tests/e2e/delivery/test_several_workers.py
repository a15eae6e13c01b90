"""Several delivery processes over one database."""

import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from tests.e2e.delivery.worker_delivery import a_worker_delivery
from tests.patience import waiting_for

pytestmark = pytest.mark.postgres

Record = Callable[[str, object], None]


async def test_three_workers_share_the_leads_and_make_nothing_twice(postgres_url: str, record_property: Record) -> None:
    async with a_worker_delivery(postgres_url) as delivery, AsyncExitStack() as workers:
        for _ in range(3):
            await workers.enter_async_context(delivery.worker())
        # Every phone has three leads, which come one after the other: whoever takes one must leave the others alone.
        for number in range(1, 151):
            await delivery.queue(number, phone=f"+7916000{number % 50:04}")
        await delivery.all_delivered()

        tally = await delivery.tally()

    record_property("proof", f"three workers at once: {tally}")
    assert tally.is_exactly_once, tally


@pytest.mark.parametrize("path", [r"/contacts$", r"/notes$"])  # all effects: application/test_held_leads.py
async def test_a_worker_that_slept_through_its_lease_makes_nothing_more(
    postgres_url: str, path: str, record_property: Record
) -> None:
    async with a_worker_delivery(postgres_url) as delivery:
        hold = delivery.amocrm.faults.hold("after", method="POST", path=path)
        async with delivery.worker() as slow:
            for number in (1, 2, 3):
                await delivery.queue(number, phone=f"+7916000000{number}")
            await hold.wait()
            slow.send_signal(signal.SIGSTOP)
            await delivery.let_time_pass()
            async with delivery.worker():
                await delivery.all_delivered()
            requests = len(delivery.amocrm.journal)

            hold.release(drop=False)
            slow.send_signal(signal.SIGCONT)
            await delivery.queue(4, phone="+79160000004")  # it is awake when it has delivered another one
            await delivery.all_delivered()
            tally = await delivery.tally()

        writes = [request for request in delivery.amocrm.journal[requests:] if request.method != "GET"]

    record_property("proof", f"lease ran out during POST {path}: {tally}")
    assert tally.is_exactly_once, tally
    assert len(writes) == 4, "contact, lead, note and task of the new lead, and nothing else"


async def test_a_worker_finishes_its_pass_on_sigterm_and_leaves_no_lease(postgres_url: str) -> None:
    async with a_worker_delivery(postgres_url) as delivery:
        hold = delivery.amocrm.faults.hold("before", method="POST", path=r"/notes$")
        async with delivery.worker() as worker:
            await delivery.queue(1, phone="+79160000001", photos=1)
            await hold.wait()
            worker.send_signal(signal.SIGTERM)
            hold.release(drop=False)
            async with waiting_for("the worker to end after SIGTERM"):
                code = await worker.wait()

        tally = await delivery.tally()

    assert code == 0
    assert tally.is_exactly_once, tally
