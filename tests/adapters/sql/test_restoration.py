"""A database that was restored is recognised by the first process that begins to work with it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.entrypoints.processes.running import prepare_database
from tests.builders import NOW, a_lead
from tests.postgres_databases import a_postgres_database

pytestmark = pytest.mark.postgres


@pytest.fixture
async def engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    """A database with one lead that waits."""
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine:
        await SqlLeads(engine, SettableClock(NOW)).add(a_lead())
        yield engine


async def restore(engine: AsyncEngine) -> None:
    """What pg_restore leaves: the same rows and the same comment, in another table."""
    async with engine.begin() as connection:
        comment = (await connection.execute(text("SELECT obj_description('leads'::regclass)"))).scalar_one()
        for statement in (
            "CREATE TABLE restored (LIKE leads INCLUDING ALL)",
            "INSERT INTO restored SELECT * FROM leads",
            "DROP TABLE leads",
            "ALTER TABLE restored RENAME TO leads",
        ):
            await connection.execute(text(statement))
        if comment is not None:
            await connection.execute(text(f"COMMENT ON TABLE leads IS '{comment}'"))


async def in_doubt(engine: AsyncEngine) -> bool:
    (lead,) = await SqlLeads(engine, SettableClock(NOW)).newest(limit=10)
    return lead.intent is not None


async def test_the_leads_of_a_restored_database_are_put_in_doubt(engine: AsyncEngine) -> None:
    await prepare_database(engine)
    await restore(engine)

    await prepare_database(engine)

    assert await in_doubt(engine)


async def test_a_restart_doubts_nothing(engine: AsyncEngine) -> None:
    await prepare_database(engine)

    await prepare_database(engine)

    assert not await in_doubt(engine)


async def test_of_processes_that_begin_at_once_one_puts_the_leads_in_doubt(engine: AsyncEngine) -> None:
    await prepare_database(engine)
    await restore(engine)

    await asyncio.gather(*(prepare_database(engine) for _ in range(4)))
    await SqlLeads(engine, SettableClock(NOW)).add(a_lead(2))
    await prepare_database(engine)

    found = await SqlLeads(engine, SettableClock(NOW)).newest(limit=10)
    assert [lead.intent is not None for lead in found] == [False, True]


async def test_a_backup_of_before_there_was_a_mark_is_taken_as_it_is(engine: AsyncEngine) -> None:
    await restore(engine)

    await prepare_database(engine)

    assert not await in_doubt(engine)


async def test_who_only_looks_marks_nothing(engine: AsyncEngine) -> None:
    await prepare_database(engine)
    await restore(engine)

    await prepare_database(engine, only_looks=True)
    assert not await in_doubt(engine)

    await prepare_database(engine)
    assert await in_doubt(engine)
