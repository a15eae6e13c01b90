"""Migrations of large tables: nobody has to wait for them, and what was broken off goes on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql import large_tables
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import downgrade, upgrade
from carquery.adapters.sql.schema import is_current, revision_of
from carquery.adapters.sql.tables import leads, metadata
from tests.builders import NOW
from tests.patience import eventually, waiting_for
from tests.postgres_databases import a_postgres_database

BROKEN = text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('ix_leads_due' AS regclass)")
VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = CAST('ix_leads_due' AS regclass)")


@pytest.fixture
async def engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    """An empty database."""
    async with a_postgres_database(postgres_url, migrated=False) as url, open_engine(url) as engine:
        yield engine


async def done(engine: AsyncEngine, *statements: str) -> None:
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def test_leads_are_stored_while_indexes_are_built(engine: AsyncEngine) -> None:
    """An index that is built beside others waits for their transactions, and they for nothing."""
    await upgrade(engine, "0009")

    async with engine.begin() as somebody:
        await somebody.execute(text("UPDATE leads SET attempts = 0"))
        upgrading = asyncio.create_task(upgrade(engine))
        await eventually(lambda: is_building(engine))
        async with waiting_for("a lead to be stored"):
            await done(engine, f"INSERT INTO leads ({COLUMNS}) VALUES {as_stored_before(1)}")  # noqa: S608  # all ours
        assert not upgrading.done()
    await upgrading

    assert [lead.id for lead in await SqlLeads(engine, SettableClock(NOW)).newest(limit=10)] == [f"{1:013}"]
    assert await is_current(engine)


COLUMNS = "id, reference, customer, service, answers, conversation, status, made, left_out, attempts, created_at"


def as_stored_before(number: int) -> str:
    """A row as the version before stores it."""
    return f"('{number:013}', 'CQ-{number:06}', {number % 3}, 'sell', '{{}}', '[]', 'pending', '{{}}', '[]', 0, now())"


async def is_building(engine: AsyncEngine) -> bool:
    building = text(
        "SELECT true FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'"
    )
    async with engine.connect() as connection:
        return bool((await connection.execute(building)).scalar())


async def test_an_index_that_was_broken_off_half_way_is_built_anew(engine: AsyncEngine) -> None:
    await upgrade(engine, "0009")
    async with engine.begin() as connection:
        await connection.execute(
            text("CREATE INDEX ix_leads_due ON leads (next_attempt_at, id) WHERE next_attempt_at IS NOT NULL")
        )
        await connection.execute(BROKEN)

    await upgrade(engine)

    async with engine.connect() as connection:
        assert (await connection.execute(VALID)).scalar() is True


async def test_columns_that_were_filled_half_way_are_filled_to_the_end(
    engine: AsyncEngine,
) -> None:
    await upgrade(engine, "0008")
    rows = ", ".join(as_stored_before(number) for number in range(1, large_tables.PORTION + 3))
    await done(
        engine,
        f"INSERT INTO leads ({COLUMNS}) VALUES {rows}",  # noqa: S608  # all ours
        "ALTER TABLE leads ADD COLUMN customer_id text",
        "UPDATE leads SET customer_id = 'telegram:' || customer WHERE customer = 1",
    )

    await upgrade(engine, "0009")

    async with engine.connect() as connection:
        found = (await connection.execute(select(leads.c.customer, leads.c.customer_id))).all()
    assert {row.customer_id == f"telegram:{row.customer}" for row in found} == {True}


async def test_going_back_is_done_whole_or_not_at_all(engine: AsyncEngine) -> None:
    await upgrade(engine)
    newest = await revision_of(engine)
    await done(engine, "INSERT INTO customers (id, customer_id) VALUES (-1, 'max:1')")

    with pytest.raises(Exception, match="another messenger"):
        await downgrade(engine, "0008")

    assert await revision_of(engine) == newest
    assert await is_current(engine)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_migrations_make_the_very_indexes_that_the_program_is_written_for(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """With the rows that each is about: a partial index in other words is not used."""
    if kind == "sqlite":
        async with open_engine(f"sqlite:///{tmp_path}/made.db") as made:
            await upgrade(made)
            migrated = await indexes(made)
        async with open_engine(f"sqlite:///{tmp_path}/declared.db") as declared:
            assert migrated == await indexes_as_declared(declared)
        return
    server = request.getfixturevalue("postgres_url")
    async with a_postgres_database(server) as url, open_engine(url) as made:
        migrated = await indexes(made)
    async with a_postgres_database(server, migrated=False) as url, open_engine(url) as declared:
        assert migrated == await indexes_as_declared(declared)


async def indexes_as_declared(engine: AsyncEngine) -> set[str]:
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    return await indexes(engine)


async def indexes(engine: AsyncEngine) -> set[str]:
    asked = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE tablename <> 'alembic_version' AND schemaname = 'public'",
    }
    async with engine.connect() as connection:
        return set((await connection.execute(text(asked[engine.dialect.name]))).scalars())
