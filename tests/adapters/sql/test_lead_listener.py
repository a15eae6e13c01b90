"""A lead that one process stores wakes the workers of all others (PostgreSQL)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.alert_outbox import SqlAlertOutbox
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_listener import LeadListener
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.postgres_engine import POOL_SIZE
from carquery.application.ports.alerts import CrmClosed
from carquery.domain.reason import Reason
from tests.builders import NOW, a_lead
from tests.patience import eventually, waiting_for
from tests.postgres_databases import a_postgres_database

LONG = timedelta(days=1)
CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()
"""


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[MemoryBell]:
    """A process that listens; its first ring, for what was stored before, is over."""
    bell, stop = MemoryBell(), asyncio.Event()
    async with open_engine(url) as engine:
        running = asyncio.create_task(LeadListener(engine, bell, MemoryBell()).run(stop))
        await rings(bell)
        try:
            yield bell
        finally:
            stop.set()
            await running


async def rings(bell: MemoryBell) -> None:
    async with waiting_for("the bell to ring"):
        await bell.wait(at_most=LONG)


@pytest.mark.postgres
async def test_a_lead_stored_by_another_process_rings(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url, listening(url) as bell, open_engine(url) as other:
        await SqlLeads(other, SettableClock(NOW)).add(a_lead())

        await rings(bell)


@pytest.mark.postgres
async def test_a_lost_connection_is_opened_anew_and_what_was_missed_rings(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url, listening(url) as bell, open_engine(url) as other:
        async with other.begin() as connection:
            lost = (await connection.execute(text(CUT))).all()
        assert len(lost) == 1

        await rings(bell)
        await SqlLeads(other, SettableClock(NOW)).add(a_lead())
        await rings(bell)


async def all_connections(engine: AsyncEngine, held: AsyncExitStack) -> None:
    """Hold the whole pool. A starved machine may take longer to connect than customers would be kept waiting."""
    async with waiting_for("the whole pool"):
        for _ in range(POOL_SIZE):
            while True:
                with suppress(OSError, SQLAlchemyError):
                    await held.enter_async_context(engine.connect())
                    break


def events(logs: Sequence[Mapping[str, object]]) -> list[object]:
    return [line["event"] for line in logs]


@pytest.mark.postgres
async def test_it_outlives_a_pool_without_a_free_connection(postgres_url: str) -> None:
    bell, stop = MemoryBell(), asyncio.Event()
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine:
        async with AsyncExitStack() as busy:
            await all_connections(engine, busy)
            with capture_logs() as logs:
                running = asyncio.create_task(LeadListener(engine, bell, MemoryBell()).run(stop))
                await eventually(lambda: "lead_listener_lost" in events(logs) or running.done())
        await rings(bell)
        stop.set()
        await running

    assert "lead_listener_lost" in events(logs)


@pytest.mark.postgres
async def test_an_alert_rings_a_bell_of_its_own(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url, open_engine(url) as here, open_engine(url) as there:
        leads, alerts, stop = MemoryBell(), MemoryBell(), asyncio.Event()
        listening = asyncio.create_task(LeadListener(here, leads, alerts).run(stop))
        for bell in (leads, alerts):  # for what was stored before
            await rings(bell)

        await SqlAlertOutbox(there, SettableClock(NOW)).add(CrmClosed(Reason("HTTP 403")))
        await rings(alerts)

        assert not leads.is_rung
        stop.set()
        await listening


async def test_on_sqlite_there_is_nothing_to_listen_to(tmp_path: Path) -> None:
    bell = MemoryBell()
    its_end = waiting_for("the listener to see that it is of no use")
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine, its_end:
        await LeadListener(engine, bell, MemoryBell()).run(asyncio.Event())

    assert not bell.is_rung
