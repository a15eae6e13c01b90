"""What every adapter of `Bell` promises."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.builders import DAY
from tests.contracts.bells import A_MOMENT, BELLS, BellInHand
from tests.patience import waiting_for


@pytest.fixture(params=BELLS, ids=lambda bell: getattr(bell, "__name__", None))
async def bell(request: pytest.FixtureRequest) -> AsyncIterator[BellInHand]:
    async with request.param(request) as bell:
        yield bell


async def test_a_ring_wakes_who_waits(bell: BellInHand) -> None:
    waiting = asyncio.create_task(bell.bell.wait(at_most=DAY))
    await asyncio.sleep(0)

    await bell.ring()

    async with waiting_for("the bell"):
        await waiting


async def test_a_ring_that_nobody_waited_for_is_remembered(bell: BellInHand) -> None:
    await bell.ring()

    await bell.is_rung()


async def test_a_ring_is_remembered_once(bell: BellInHand) -> None:
    await bell.ring()
    await bell.ring()
    await bell.is_rung()

    await bell.stays_silent()


async def test_waiting_ends_without_a_ring(bell: BellInHand) -> None:
    async with waiting_for("the bell"):
        await bell.bell.wait(at_most=A_MOMENT)


async def test_a_ring_after_somebody_gave_up_waiting_is_remembered(bell: BellInHand) -> None:
    await bell.bell.wait(at_most=A_MOMENT)

    await bell.ring()

    await bell.is_rung()


async def test_a_ring_wakes_all_who_wait(bell: BellInHand) -> None:
    waiting = [asyncio.create_task(bell.bell.wait(at_most=DAY)) for _ in range(3)]
    await asyncio.sleep(0)

    await bell.ring()

    async with waiting_for("the bell"):
        await asyncio.gather(*waiting)
    await bell.stays_silent()


async def test_whoever_is_stopped_while_waiting_leaves_a_bell_that_works(bell: BellInHand) -> None:
    waiting = asyncio.create_task(bell.bell.wait(at_most=DAY))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])

    await bell.ring()

    await bell.is_rung()
