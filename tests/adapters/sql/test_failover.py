"""A PostgreSQL that takes no more writes, while another behind the same address does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_listener import LeadListener
from carquery.adapters.sql.leads import SqlLeads
from carquery.application.ports.stores import StoreUnavailable
from tests.builders import NOW, a_lead
from tests.patience import eventually
from tests.postgres_databases import a_postgres_database

pytestmark = pytest.mark.postgres

OPEN = 3


async def told(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def after_a_failover(server_url: str) -> AsyncIterator[tuple[AsyncEngine, str]]:
    """A pool whose open connections take no writes, though every new one does; with the database's URL."""
    async with a_postgres_database(server_url) as url, open_engine(url) as engine:
        name = url.rpartition("/")[2]
        await told(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        connections = [await engine.connect() for _ in range(OPEN)]
        for connection in connections:
            await connection.close()
        await told(server_url, f"ALTER DATABASE {name} SET default_transaction_read_only = off")
        yield engine, url


async def test_the_first_refusal_ends_every_connection_to_the_old_one(postgres_url: str) -> None:
    async with after_a_failover(postgres_url) as (engine, _):
        leads = SqlLeads(engine, SettableClock(NOW))
        with capture_logs() as logs:
            with pytest.raises(StoreUnavailable):
                await leads.add(a_lead())
            added = await asyncio.gather(*(leads.add(a_lead(reference=f"CQ-{n:06}")) for n in range(2 * OPEN)))
            await leads.load(added[0].id)

        assert len(added) == 2 * OPEN
        assert [line["event"] for line in logs] == ["database_away", "database_back"]


async def test_that_it_can_only_be_read_is_said_once_however_often_it_is_read(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine:
        await told(url, f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on")
        leads = SqlLeads(engine, SettableClock(NOW))

        with capture_logs() as logs:
            for _ in range(3):
                with pytest.raises(StoreUnavailable):
                    await leads.add(a_lead())
                assert await leads.newest(limit=1) == ()

        assert [line["event"] for line in logs] == ["database_away"]
        await told(url.rpartition("/")[0] + "/postgres", f"ALTER DATABASE {url.rpartition('/')[2]} RESET ALL")


async def test_who_listens_moves_on_too(postgres_url: str) -> None:
    """What is stored in the new one is announced there."""
    async with after_a_failover(postgres_url) as (engine, url), open_engine(url) as other:
        listening = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        to_the_old_one = await asked(other, listening)
        stop = asyncio.Event()
        running = asyncio.create_task(LeadListener(engine, MemoryBell(), MemoryBell()).run(stop))

        async def is_a_new_one() -> bool:
            return not await asked(other, listening) <= to_the_old_one

        await eventually(is_a_new_one)
        stop.set()
        await running


async def asked(engine: AsyncEngine, query: str) -> set[int]:
    async with engine.connect() as connection:
        return set((await connection.execute(text(query))).scalars())


@pytest.mark.parametrize("state", ["57P01", "57P02", "57P03", "25006"])
async def test_whatever_says_that_it_is_going_away_ends_the_connections(postgres_url: str, state: str) -> None:
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine:
        before = await session(engine)
        refuse = f"DO $$ BEGIN RAISE EXCEPTION 'going away' USING ERRCODE = '{state}'; END $$"
        with pytest.raises(Exception, match="going away"):
            async with engine.connect() as connection:
                await connection.execute(text(refuse))

        assert await session(engine) != before


async def session(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        number: int = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        return number
