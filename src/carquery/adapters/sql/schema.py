"""What the database's tables are to this version; `migrating.py` changes them."""

from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.compatibility import oldest_that_may_run
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.rights import rights_explained

_VERSION: Final = table("alembic_version", column("version_num"))
"""Where alembic notes the newest migration that was applied; no row, or no table: none was."""


class SchemaOutdated(Exception):
    """The database has other tables than this version needs."""

    def __init__(self, says: str = "its tables are those of an older version; run: carquery db upgrade") -> None:
        super().__init__(f"DATABASE_URL: {says}")


class SchemaNewer(SchemaOutdated):
    """A newer version of the program made the database's tables; this one can't even take them back."""

    def __init__(self) -> None:
        super().__init__("a newer version of CarQuery made its tables: run that one")


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
        return await connection.run_sync(tables_seen_by)


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


@cache
def newest() -> str:
    """The newest migration's name."""
    return max(known())


@cache
def known() -> frozenset[str]:
    """The names of all migrations that this version has; their files begin with them."""
    versions = Path(__file__).parent / "migrations" / "versions"
    return frozenset(file.name[:4] for file in versions.glob("[0-9][0-9][0-9][0-9]_*.py"))


def tables_seen_by(connection: Connection) -> Tables:
    """As `tables`, within somebody's transaction."""
    current = _current(connection)
    if current == newest():
        return Tables.CURRENT
    if current in {None, *known()}:
        return Tables.OLDER
    oldest = oldest_that_may_run(connection)
    return Tables.NEWER if oldest is None or oldest in known() else Tables.TOO_NEW


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
