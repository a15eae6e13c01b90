"""Going back to the tables of an older version: what that takes away, and whether somebody works with them just now."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import open_engine, reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.migrating import downgrade, migrations, upgrade
from carquery.adapters.sql.postgres_engine import APPLICATION_NAME
from carquery.adapters.sql.schema import revision_of
from carquery.adapters.sql.sqlite_file import file_of


@dataclass(frozen=True, slots=True)
class Lost:
    """What goes with one migration.

    Attributes:
        about: the migration's own first sentence.
        tables: with their number of rows.
        columns: such as leads.outdated.
    """

    migration: str
    about: str
    tables: Mapping[str, int]
    columns: tuple[str, ...]


class StillUsed(Exception):
    """Other processes work with the database."""

    def __init__(self) -> None:
        super().__init__("DATABASE_URL: other processes use it: stop all bots and workers first")


async def lost_by_going_back(engine: AsyncEngine, to: str) -> tuple[Lost, ...]:
    """What is taken away on the way back to `to`, newest first. Raises StoreUnavailable.

    The migrations say it themselves: they are taken back in an empty database of this process.
    """
    current = await revision_of(engine)
    lost = []
    async with open_engine("sqlite:///:memory:") as trial:
        await upgrade(trial)
        for script in migrations():
            if script.revision == to:
                break
            before = await _columns(trial)
            await downgrade(trial, str(script.down_revision))
            after = await _columns(trial)
            if current is None or script.revision > current:
                continue
            gone = {name: await _rows(engine, name) for name in sorted(before.keys() - after.keys())}
            columns = (f"{name}.{column}" for name in after for column in sorted(before[name] - after[name]))
            lost.append(Lost(script.revision, script.doc or "", gone, tuple(columns)))
    return tuple(lost)


async def unused(engine: AsyncEngine, database_url: str) -> None:
    """Make sure that no other process is connected; all of ours keep a connection as long as they run.

    Raises:
        StillUsed: one is.
        StoreUnavailable: the database can't be asked.
    """
    path = file_of(database_url)
    if path is not None:
        await engine.dispose()  # of our own
        if _is_open_elsewhere(str(path)):
            raise StillUsed
        return
    ours = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = :ours AND pid <> pg_backend_pid()"
    )
    async with translated(), reading(engine).connect() as connection:
        if (await connection.execute(ours, {"ours": APPLICATION_NAME})).scalar_one():
            raise StillUsed


def _is_open_elsewhere(path: str) -> bool:
    """Whoever leaves the write-ahead log must be alone. Source: SQLite, «Write-Ahead Logging», 3."""
    connection = sqlite3.connect(path, timeout=0)
    try:
        return bool(connection.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",))
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()


async def _columns(engine: AsyncEngine) -> dict[str, set[str]]:
    def look(connection: Connection) -> dict[str, set[str]]:
        found = inspect(connection)
        return {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}

    async with translated(), reading(engine).connect() as connection:
        return await connection.run_sync(look)


async def _rows(engine: AsyncEngine, name: str) -> int:
    async with translated(), reading(engine).connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(table(name)))).scalar_one())
