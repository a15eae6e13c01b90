"""Every database of leads and customers, with the means to let a lease run out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.customers import MemoryCustomers
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.schema import upgrade
from carquery.application.ports.customers import Customers
from carquery.application.ports.leads import Leads
from tests.builders import NOW
from tests.conftest import a_postgres_database


@dataclass(frozen=True, slots=True)
class Database:
    """A fresh database. `end_leases`: every lease that runs has run out."""

    leads: Leads
    customers: Customers
    end_leases: Callable[[], Awaitable[None]]


@asynccontextmanager
async def memory(_request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    clock, database = SettableClock(NOW), MemoryDatabase()

    async def end_leases() -> None:
        clock.pass_time(timedelta(days=1))

    yield Database(MemoryLeads(database, clock), MemoryCustomers(database, clock), end_leases)


@asynccontextmanager
async def sqlite(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_engine(f"sqlite:///{folder}/carquery.db") as engine:
        await upgrade(engine)
        yield _sql(engine)


@asynccontextmanager
async def postgres(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    async with (
        a_postgres_database(request.getfixturevalue("postgres_url")) as url,
        open_engine(url) as engine,
    ):
        yield _sql(engine)
        async with engine.connect() as connection:
            others = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            )
            assert (await connection.execute(text(others))).scalar() == 0, "a transaction was left open"


def _sql(engine: AsyncEngine) -> Database:
    clock = SettableClock(NOW)

    async def end_leases() -> None:
        async with engine.begin() as connection:
            await connection.execute(
                text("UPDATE leads SET lease_until = '2020-01-01 00:00:00' WHERE lease IS NOT NULL")
            )

    return Database(SqlLeads(engine, clock), SqlCustomers(engine, clock), end_leases)


DATABASES = [memory, sqlite, pytest.param(postgres, marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES, ids=lambda adapter: getattr(adapter, "__name__", None))
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """Each database in turn."""
    async with request.param(request) as database:
        yield database
