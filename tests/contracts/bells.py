"""Every adapter of `Bell`, with the means to ring it as whoever stores something does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_listener import ALERTS, LEADS, LeadListener, ring
from carquery.application.ports.environment import Bell
from tests.builders import DAY
from tests.patience import waiting_for
from tests.postgres_databases import an_emptied_postgres_database


@dataclass(frozen=True, slots=True)
class BellInHand:
    """A bell that has not rung. `ring`: from where such things happen; returns when that has arrived."""

    bell: Bell
    ring: Callable[[], Awaitable[None]]

    async def is_rung(self) -> None:
        """Return when it has rung; wait no longer than patience has it."""
        async with waiting_for("the bell"):
            await self.bell.wait(at_most=DAY)

    async def stays_silent(self) -> None:
        """Nobody who waits now is woken by what has arrived."""
        waiting = asyncio.create_task(self.bell.wait(at_most=DAY))
        for _ in range(5):
            await asyncio.sleep(0)
        woken = waiting.done()
        waiting.cancel()
        assert not woken, "a ring was left"


@asynccontextmanager
async def memory(_request: pytest.FixtureRequest) -> AsyncIterator[BellInHand]:
    """Rung in the process that waits."""
    bell = MemoryBell()

    async def rings() -> None:
        bell.ring()

    yield BellInHand(bell, rings)


@asynccontextmanager
async def postgres_leads(request: pytest.FixtureRequest) -> AsyncIterator[BellInHand]:
    """Rung by another process that stores a lead."""
    async with _listening(request) as (leads, alerts, other):
        yield _across(other, (LEADS, leads), (ALERTS, alerts))


@asynccontextmanager
async def postgres_alerts(request: pytest.FixtureRequest) -> AsyncIterator[BellInHand]:
    """Rung by another process that keeps an alert."""
    async with _listening(request) as (leads, alerts, other):
        yield _across(other, (ALERTS, alerts), (LEADS, leads))


def _across(other: AsyncEngine, rung: tuple[str, Bell], after: tuple[str, Bell]) -> BellInHand:
    """What is sent on one connection arrives in its order: when the bell after it rings, it is there."""

    async def rings() -> None:
        for channel in (rung[0], after[0]):
            async with other.begin() as connection:
                await ring(connection, channel)
        async with waiting_for("what was sent to arrive"):
            await after[1].wait(at_most=DAY)

    return BellInHand(rung[1], rings)


@asynccontextmanager
async def _listening(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Bell, Bell, AsyncEngine]]:
    """A process that listens, and another one; the rings for what was stored before are over."""
    leads, alerts, stop = MemoryBell(), MemoryBell(), asyncio.Event()
    async with (
        an_emptied_postgres_database(request.getfixturevalue("postgres_url")) as url,
        open_engine(url) as here,
        open_engine(url) as there,
    ):
        running = asyncio.create_task(LeadListener(here, leads, alerts).run(stop))
        async with waiting_for("the listener"):
            await leads.wait(at_most=DAY)
            await alerts.wait(at_most=DAY)
        try:
            yield leads, alerts, there
        finally:
            stop.set()
            await running


BELLS = [memory, *(pytest.param(bell, marks=pytest.mark.postgres) for bell in (postgres_leads, postgres_alerts))]
A_MOMENT = timedelta(milliseconds=1)
