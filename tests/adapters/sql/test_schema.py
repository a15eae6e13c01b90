"""The migrations make exactly the tables that the program uses, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, insert, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.ai_budget import SqlAiBudget
from carquery.adapters.sql.compatibility import no_older_than
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import downgrade, migrations, upgrade
from carquery.adapters.sql.schema import SchemaNewer, SchemaOutdated, Tables, is_current, known, usable
from carquery.adapters.sql.tables import metadata
from carquery.entrypoints.processes.running import prepare_database
from tests.builders import NOW, a_lead
from tests.postgres_databases import a_postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty database."""
    if request.param == "sqlite":
        async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
            yield engine
        return
    server = request.getfixturevalue("postgres_url")
    async with a_postgres_database(server, migrated=False) as url, open_engine(url) as engine:
        yield engine


async def test_an_empty_database_is_not_current_until_it_is_upgraded(engine: AsyncEngine) -> None:
    assert not await is_current(engine)

    await upgrade(engine)

    assert await is_current(engine)


def test_migrations_are_known_by_the_names_of_their_files() -> None:
    """So that looking at the tables costs no alembic."""
    assert sorted(known(), reverse=True) == [migration.revision for migration in migrations()]


async def test_migrations_go_up_down_and_up_again(engine: AsyncEngine) -> None:
    await upgrade(engine)
    await downgrade(engine, "base")

    assert await _tables(engine) <= {"alembic_version"}
    await upgrade(engine)
    assert await _tables(engine) == {"alembic_version", *metadata.tables}


async def test_what_newer_versions_store_comes_and_goes_and_leads_stay(engine: AsyncEngine) -> None:
    await upgrade(engine, "0002")
    before = await _tables(engine)
    await upgrade(engine)
    leads = SqlLeads(engine, SettableClock(NOW))
    lead = await leads.add(a_lead())
    await SqlAiBudget(engine).settle(NOW.date(), reserved=Decimal(0), spent=Decimal(1))
    newer = {
        "ai_log",
        "ai_spending",
        "alert_turn",
        "alerts",
        "chores",
        "drafts",
        "first_touches",
        "lead_amendments",
        "lead_takes",
        "moved_chats",
        "polling_markers",
        "tallies",
        "tally_batches",
        "turns",
        "unwanted_reminders",
    }
    assert await _tables(engine) - before == newer

    await downgrade(engine, "0002")
    assert await _tables(engine) == before

    await upgrade(engine)
    assert await leads.load(lead.id) == lead
    assert await SqlAiBudget(engine).spent(NOW.date()) == 0


async def test_upgrading_twice_changes_nothing(engine: AsyncEngine) -> None:
    await upgrade(engine)
    await upgrade(engine)

    assert await is_current(engine)


async def test_the_migrations_make_the_tables_that_the_program_uses(engine: AsyncEngine) -> None:
    await upgrade(engine)

    assert await _differences(engine) == []


async def test_each_version_goes_on_beside_the_tables_of_the_next(engine: AsyncEngine) -> None:
    """It reads and writes the columns it knows; so migrations may only add, and what they add must not be needed."""
    first, *later = [migration.revision for migration in reversed(migrations())]
    await upgrade(engine, first)
    for revision in later:
        before = await _reflected(engine)
        await upgrade(engine, revision)

        async with engine.connect() as connection:  # which is rolled back
            for table in before.sorted_tables:
                if table.name in {"alembic_version", "alert_turn", "crm_gate"}:  # one row each, which is there
                    continue
                row = {column.name: _any_value(column) for column in table.columns}
                await connection.execute(insert(table).values(row))
                assert (await connection.execute(select(table))).mappings().one(), f"{table.name}, {revision}"


async def test_a_database_of_a_newer_version_is_left_alone(engine: AsyncEngine) -> None:
    await upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert not await is_current(engine)
    with pytest.raises(SchemaNewer):
        await upgrade(engine)
    assert await _tables(engine) == {"alembic_version", *metadata.tables}


async def test_a_migration_may_shut_older_versions_out(engine: AsyncEngine) -> None:
    await upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert await usable(engine) is Tables.NEWER

    async with engine.begin() as connection:
        await connection.run_sync(no_older_than, "0001")
    assert await usable(engine) is Tables.NEWER

    async with engine.begin() as connection:
        await connection.run_sync(no_older_than, "9998")
    with pytest.raises(SchemaNewer):
        await usable(engine)


async def test_a_process_starts_beside_newer_tables_and_not_beside_those_that_it_can_not_use(
    engine: AsyncEngine,
) -> None:
    await upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await prepare_database(engine)
    await SqlLeads(engine, SettableClock(NOW)).add(a_lead())

    async with engine.begin() as connection:
        await connection.run_sync(no_older_than, "9998")
    with pytest.raises(SchemaNewer):
        await prepare_database(engine)


async def test_a_process_brings_an_sqlite_file_up_to_date_and_leaves_a_postgres_to_a_person(
    engine: AsyncEngine,
) -> None:
    await upgrade(engine, "0002")

    if engine.dialect.name == "sqlite":
        await prepare_database(engine)
        assert await is_current(engine)
    else:
        with pytest.raises(SchemaOutdated, match="carquery db upgrade"):
            await prepare_database(engine)


@pytest.mark.postgres
async def test_processes_that_upgrade_at_once_wait_for_one_another(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url, migrated=False) as url, open_engine(url) as engine:
        await asyncio.gather(*(upgrade(engine) for _ in range(4)))

        assert await is_current(engine)


async def _tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def _differences(engine: AsyncEngine) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        return await connection.run_sync(compare)


async def _reflected(engine: AsyncEngine) -> MetaData:
    """The tables as they are in the database."""
    found = MetaData()
    async with engine.connect() as connection:
        await connection.run_sync(found.reflect)
    return found


def _any_value(column: Column[Any]) -> object:
    """Something that fits."""
    kinds: dict[type, object] = {str: "x", int: 1, float: 0.5, bool: True, object: {}, datetime: NOW, date: NOW.date()}
    return kinds[column.type.python_type]
