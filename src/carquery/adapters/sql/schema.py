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

from carquery.adapters.sql.compatibility import oldest_that_may_run
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.rights import rights_explained

_ONE_AT_A_TIME = 0x43515F44  # any number; all CarQuery processes wait for the same one


class SchemaOutdated(Exception):
    """The database has other tables than this version needs."""

    def __init__(self, says: str = "its tables are those of an older version; run: carquery db upgrade") -> None:
        super().__init__(f"DATABASE_URL: {says}")


class SchemaNewer(SchemaOutdated):
    """A newer version of the program made the database's tables; this one can't even take them back."""

    def __init__(self) -> None:
        super().__init__("a newer version of CarQuery made its tables: run that one")


async def upgrade(engine: AsyncEngine, to: str = "head") -> None:
    """Apply the migrations that are missing, in one transaction; processes that come at once wait for one another.

    Raises:
        SchemaNewer: the database is past this version; nothing was changed.
        StoreUnavailable: the database can't be reached, or its user may not do that; nothing was changed.
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
    """Migrations only add, so this version goes on beside them."""
    TOO_NEW = "too new"
    """This version can't use them."""


async def tables(engine: AsyncEngine) -> Tables:
    """What the database's tables are to this version. Raises StoreUnavailable."""
    async with rights_explained(engine), translated(), reading(engine).connect() as connection:
        return await connection.run_sync(_tables)


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database has exactly this version's tables. Raises StoreUnavailable."""
    return await tables(engine) is Tables.CURRENT


async def usable(engine: AsyncEngine, *, newer_too: bool = True) -> Tables:
    """Make sure that this version can use the tables: they are its own, or newer ones that only have more.

    Args:
        newer_too: False: what is to be done would miss what newer tables have more.

    Raises:
        SchemaNewer, SchemaOutdated: it can't.
        StoreUnavailable: they can't be looked at.
    """
    found = await tables(engine)
    match found:
        case Tables.OLDER:
            raise SchemaOutdated
        case Tables.TOO_NEW:
            raise SchemaNewer
        case Tables.NEWER if not newer_too:
            raise SchemaNewer
        case _:
            return found


async def revision_of(engine: AsyncEngine) -> str | None:
    """The newest migration that the database has had; None: none. Raises StoreUnavailable."""
    async with rights_explained(engine), translated(), reading(engine).connect() as connection:
        return await connection.run_sync(_current)


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
        if _tables(connection) in {Tables.NEWER, Tables.TOO_NEW}:
            raise SchemaNewer
        migrate(config)

    async with rights_explained(engine), translated(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text("SET LOCAL lock_timeout = 0"))
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        await connection.run_sync(work)


def _tables(connection: Connection) -> Tables:
    current = _current(connection)
    if current == newest():
        return Tables.CURRENT
    if current in {None, *_known()}:
        return Tables.OLDER
    oldest = oldest_that_may_run(connection)
    return Tables.NEWER if oldest is None or oldest in _known() else Tables.TOO_NEW


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in migrations())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
