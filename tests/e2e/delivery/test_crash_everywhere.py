"""A delivery process that is killed at every boundary of every effect, and what its successor makes of it."""

import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Literal

import pytest

from tests.e2e.delivery.worker_delivery import a_worker_delivery

pytestmark = pytest.mark.postgres

BOUNDARIES = {
    "contact": ("POST", r"/contacts$", 0),
    "lead": ("POST", r"/leads$", 0),
    "note": ("POST", r"/notes$", 0),
    "task": ("POST", r"/tasks$", 0),
    "upload session": ("POST", r"/sessions$", 1),
    "upload": ("POST", r"/upload", 1),
    "attached files": ("PUT", r"/files$", 0),
}
"""Which write of a pass the process dies at: method, path, and how many such writes go well before."""


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_worker_killed_at_any_write_makes_nothing_twice_and_loses_nothing(
    postgres_url: str, when: Literal["before", "after"], record_property: Callable[[str, object], None]
) -> None:
    async with a_worker_delivery(postgres_url) as delivery, AsyncExitStack() as workers:
        worker = await workers.enter_async_context(delivery.worker())
        for number, (boundary, (method, path, skip)) in enumerate(BOUNDARIES.items()):
            hold = delivery.amocrm.faults.hold(when, method=method, path=path, skip=skip)
            phone = f"+7916000{number:02}01"
            await delivery.queue(number * 10 + 1, phone=phone, photos=2)
            await delivery.queue(number * 10 + 2, phone=phone)
            await delivery.queue(number * 10 + 3, phone=f"+7916000{number:02}02", photos=1)
            await hold.wait()

            worker.send_signal(signal.SIGKILL)
            await worker.wait()
            hold.release(drop=True)
            await delivery.let_time_pass()
            worker = await workers.enter_async_context(delivery.worker())
            await delivery.all_delivered()

            tally = await delivery.tally()
            outcome = "once" if tally.is_exactly_once else "WRONG"
            record_property("cell", ("Killed at a write: how often everything stands there", when, boundary, outcome))
            assert tally.is_exactly_once, tally
