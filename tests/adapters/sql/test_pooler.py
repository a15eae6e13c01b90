"""Behind a PgBouncer: in session mode everything works; in transaction mode that is said before anything is lost."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.checks import Unwell
from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.checks import tables_before_start
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_listener import LeadListener
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.sql.schema import is_current
from tests.builders import NOW, a_lead
from tests.patience import waiting_for
from tests.postgres_databases import a_postgres_database
from tests.servers import PgBouncer

pytestmark = pytest.mark.postgres


@contextmanager
def pooler(server_url: str, *, pool_mode: str) -> Iterator[PgBouncer]:
    pgbouncer = PgBouncer(server_url, pool_mode=pool_mode)
    try:
        pgbouncer.start()
        yield pgbouncer
    finally:
        pgbouncer.remove()


@pytest.fixture
async def engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    """An empty database, behind a pooler in session mode."""
    async with a_postgres_database(postgres_url, migrated=False) as url:
        with pooler(postgres_url, pool_mode="session") as pgbouncer:
            async with open_engine(f"{pgbouncer.url}/{url.rpartition('/')[2]}") as engine:
                yield engine


async def test_in_session_mode_tables_are_made_and_leads_announced(engine: AsyncEngine) -> None:
    await asyncio.gather(upgrade(engine), upgrade(engine))
    assert await is_current(engine)
    assert [finding.says async for finding in tables_before_start(engine, "postgresql://")] == [
        "postgresql, tables of this version"
    ]

    bell, stop = MemoryBell(), asyncio.Event()
    listening = asyncio.create_task(LeadListener(engine, bell, MemoryBell()).run(stop))
    async with waiting_for("the bell to be rung: somebody listens"):
        await bell.wait(at_most=timedelta(days=1))
    lead = await SqlLeads(engine, SettableClock(NOW)).add(a_lead())
    async with waiting_for("the bell to be rung: a lead is there"):
        await bell.wait(at_most=timedelta(days=1))

    assert await SqlLeads(engine, SettableClock(NOW)).load(lead.id) == lead
    stop.set()
    await listening


async def test_in_transaction_mode_the_check_says_so(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url:
        with pooler(postgres_url, pool_mode="transaction") as pgbouncer:
            async with open_engine(f"{pgbouncer.url}/{url.rpartition('/')[2]}") as engine:
                with pytest.raises(Unwell, match="pool_mode = session"):
                    [finding async for finding in tables_before_start(engine, "postgresql://")]
