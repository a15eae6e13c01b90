"""A statement that goes to the driver without a detour means, and fails, as any other does."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Integer, bindparam, func, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from carquery.adapters.sql.direct import Direct
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.errors import TablesMissing, translated
from carquery.adapters.sql.repeating import WRITING, outage_of
from carquery.adapters.sql.tables import alerts, chores
from carquery.application.ports.stores import StoreUnavailable
from tests.builders import NOW
from tests.patience import eventually
from tests.ports import free_port
from tests.postgres_databases import a_postgres_database

DONE = update(chores).where(chores.c.chore == bindparam("which")).values(taken_at=bindparam("at"))
TAKEN = select(chores.c.taken_at).where(chores.c.chore == bindparam("which"))


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[tuple[AsyncEngine, str]]:
    """With its URL."""
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine:
        yield engine, url


async def test_it_takes_and_gives_what_the_columns_hold(engine: AsyncEngine) -> None:
    body = {"words": ["Анна", 1]}
    row = {"kind": "a", "cause": "b", "body": body, "told_at": NOW, "times": 1}
    async with engine.begin() as connection:
        await connection.execute(insert(alerts).values(row))
    sought = select(alerts.c.body, alerts.c.told_at, alerts.c.taken, literal(5).label("five")).where(
        alerts.c.told_at == bindparam("at"), alerts.c.body == bindparam("body", type_=alerts.c.body.type)
    )

    found = await Direct(engine, sought)({"at": NOW, "body": body})

    assert found == [{"body": body, "told_at": NOW, "taken": False, "five": 5}]


async def test_what_it_writes_is_committed(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(chores).values(chore="one", taken_at=NOW.replace(year=2020)))
    write = Direct(engine, DONE.returning(chores.c.chore), writes=True)

    assert await write({"which": "one", "at": NOW}) == [{"chore": "one"}]
    assert await write({"which": "none", "at": NOW}) == []

    assert await Direct(engine, TAKEN)({"which": "one"}) == [{"taken_at": NOW}]


async def test_a_transaction_after_it_is_one(engine: AsyncEngine) -> None:
    await Direct(engine, DONE.returning(chores.c.chore), writes=True)({"which": "one", "at": NOW})

    async with engine.connect() as connection:
        await connection.execute(insert(chores).values(chore="one", taken_at=NOW))
        await connection.rollback()

    assert await Direct(engine, TAKEN)({"which": "one"}) == []


async def test_what_fails_has_its_usual_meaning(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE chores"))

    for _ in range(2):
        with pytest.raises(TablesMissing):
            async with translated():
                await Direct(engine, TAKEN)({"which": "one"})


async def test_a_missing_parameter_is_a_mistake(engine: AsyncEngine) -> None:
    with pytest.raises(KeyError, match="which"):
        await Direct(engine, TAKEN)({})


async def test_a_write_that_works_ends_an_outage_of_writing(engine: AsyncEngine) -> None:
    outage_of(engine).failed("it takes no writes", "", of=WRITING)

    with capture_logs() as logs:
        await Direct(engine, TAKEN)({"which": "one"})
        assert logs == []
        await Direct(engine, DONE.returning(chores.c.chore), writes=True)({"which": "one", "at": NOW})

    assert [line["event"] for line in logs] == ["database_back"]


@pytest.mark.postgres
async def test_a_database_that_is_not_there_is_away() -> None:
    async with open_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/none") as engine:
        with pytest.raises(StoreUnavailable, match="nobody listens"):
            async with translated():
                await Direct(engine, TAKEN)({"which": "one"})


@pytest.mark.postgres
async def test_a_connection_that_the_server_has_ended_is_used_once_at_most(postgres: tuple[AsyncEngine, str]) -> None:
    engine, url = postgres
    asks = Direct(engine, select(func.pg_backend_pid().label("pid"), func.pg_sleep(bindparam("seconds")).label("_")))
    (before,) = [row["pid"] for row in await asks({"seconds": 0.0})]
    asking = asyncio.ensure_future(asks({"seconds": 60.0}))
    await eventually(lambda: _is_asking(url))
    await _told(url, f"SELECT pg_terminate_backend({before})")

    with pytest.raises(StoreUnavailable):
        async with translated():
            await asking
    assert [row["pid"] for row in await asks({"seconds": 0.0})] != [before]


@pytest.mark.postgres
async def test_nobody_gets_a_connection_that_was_left_in_the_middle(postgres: tuple[AsyncEngine, str]) -> None:
    engine, url = postgres
    asks = Direct(engine, select(func.pg_sleep(bindparam("seconds")).label("slept")))
    asking = asyncio.ensure_future(asks({"seconds": 60.0}))
    await eventually(lambda: _is_asking(url))

    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await asyncio.gather(*(asks({"seconds": 0.0}) for _ in range(20)))


@pytest.mark.postgres
async def test_a_statement_that_is_cut_short_is_said_in_words(postgres: tuple[AsyncEngine, str]) -> None:
    engine, _ = postgres
    async with engine.connect() as connection:
        await connection.execute(text("SET statement_timeout = 100"))
        await connection.commit()
    asks = Direct(engine, select(func.pg_sleep(bindparam("seconds")).label("slept")))

    with pytest.raises(StoreUnavailable, match="did not finish in time"):
        async with translated():
            await asks({"seconds": 60.0})


@pytest.mark.postgres
async def test_a_table_that_was_changed_is_asked_anew(postgres: tuple[AsyncEngine, str]) -> None:
    """The first to find out fails, as with any other statement."""
    engine, url = postgres
    asks = Direct(engine, select(chores.c.chore))
    await asks({})
    await _told(url, "ALTER TABLE chores ALTER COLUMN chore TYPE varchar(64)")
    with pytest.raises(DBAPIError, match="cached statement plan"):
        await asks({})

    assert await asks({}) == []


@pytest.mark.postgres
async def test_a_bug_stays_one(postgres: tuple[AsyncEngine, str]) -> None:
    engine, _ = postgres
    with pytest.raises(DBAPIError, match="division by zero"):
        await Direct(engine, select((literal(1) % bindparam("by", type_=Integer)).label("result")))({"by": 0})


async def _told(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _is_asking(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
        return bool(await connection.fetchval(waits))
    finally:
        await connection.close()
