"""What every adapter of `Bell` promises."""

import asyncio
from datetime import timedelta

import pytest

from carquery.adapters.memory.bell import MemoryBell
from carquery.application.ports.environment import Bell
from tests.patience import waiting_for

LONG = timedelta(days=1)


@pytest.fixture(params=[MemoryBell])
def bell(request: pytest.FixtureRequest) -> Bell:
    made: Bell = request.param()
    return made


async def test_a_ring_wakes_who_waits(bell: Bell) -> None:
    waiting = asyncio.create_task(bell.wait(at_most=LONG))
    await asyncio.sleep(0)

    bell.ring()

    async with waiting_for("the bell"):
        await waiting


async def test_a_ring_that_nobody_waited_for_is_remembered(bell: Bell) -> None:
    bell.ring()

    async with waiting_for("the bell"):
        await bell.wait(at_most=LONG)


async def test_a_ring_is_remembered_once(bell: Bell) -> None:
    bell.ring()
    bell.ring()
    await bell.wait(at_most=LONG)

    waiting = asyncio.create_task(bell.wait(at_most=LONG))
    await asyncio.sleep(0.01)

    assert not waiting.done()
    waiting.cancel()


async def test_waiting_ends_without_a_ring(bell: Bell) -> None:
    async with waiting_for("the bell"):
        await bell.wait(at_most=timedelta(milliseconds=1))
