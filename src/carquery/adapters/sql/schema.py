"""Bringing the database to this version's tables."""

from collections.abc import Callable
from enum import Enum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated

_ONE_AT_A_TIME = 0x43515F44  # any number; all CarQuery processes wait for the same one


class SchemaOutdated(Exception):
    """The database has other tables than this version's."""

    def __init__(self, remedy: str = "run: carquery db upgrade") -> None:
        super().__init__(f"DATABASE_URL: its tables are not this version's; {remedy}")


class SchemaNewer(SchemaOutdated):
    """A newer version of the program made the database's tables; this one can't even take them back."""

    def __init__(self) -> None:
        super().__init__("a newer version of CarQuery made them: run that one")


async def upgrade(engine: AsyncEngine, to: str = "head") -> None:
    """Apply the migrations that are missing, in one transaction; processes that come at once wait for one another.

    Raises:
        SchemaNewer: the database is past this version; nothing was changed.
        StoreUnavailable: the database can't be reached; nothing was changed.
    """
    await _migrate(engine, lambda config: command.upgrade(config, to))


async def downgrade(engine: AsyncEngine, to: str) -> None:
    """Take migrations back, in one transaction. Raises as `upgrade` does."""
    await _migrate(engine, lambda config: command.downgrade(config, to))


class Tables(Enum):
    """What a database's tables are to this version."""

    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    """Migrations only add, so a process that runs already goes on beside them."""


async def tables(engine: AsyncEngine) -> Tables:
    """What the database's tables are to this version. Raises StoreUnavailable."""
    async with translated(), reading(engine).connect() as connection:
        current = await connection.run_sync(_current)
    if current == newest():
        return Tables.CURRENT
    return Tables.OLDER if current in {None, *_known()} else Tables.NEWER


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database has exactly this version's tables. Raises StoreUnavailable."""
    return await tables(engine) is Tables.CURRENT


def migrations() -> tuple[Script, ...]:
    """All of them, newest first."""
    return tuple(ScriptDirectory.from_config(_config()).walk_revisions())


@cache
def newest() -> str | None:
    """The newest migration's name."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def _migrate(engine: AsyncEngine, migrate: Callable[[Config], None]) -> None:
    def work(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        if _current(connection) not in {None, *_known()}:
            raise SchemaNewer
        migrate(config)

    async with translated(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text("SET LOCAL lock_timeout = 0"))
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        await connection.run_sync(work)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in migrations())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
