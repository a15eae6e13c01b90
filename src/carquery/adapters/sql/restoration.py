"""Recognising a database that was restored from a backup, so that nothing of its leads is made twice.

A restored table is a new one: the server's catalogue has another number for it. Its comment comes back as it was, and
there stands the number of the table that was backed up. Source: PostgreSQL, pg_dump; pg_class.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated

_ONE_AT_A_TIME: Final = 0x43515F52  # any number; all CarQuery processes wait for the same one
_PREFIX: Final = "carquery: this is table "
_LOOK: Final = text("""
    SELECT oid::bigint AS number, obj_description(oid, 'pg_class') AS comment, pg_has_role(relowner, 'USAGE') AS is_ours
      FROM pg_class WHERE oid = to_regclass('leads')
""")


async def after_a_restoration(engine: AsyncEngine, put_in_doubt: Callable[[], Awaitable[int]]) -> int | None:
    """If the database was restored since a process began last, put its leads in doubt, in the first process alone.

    A copy that keeps the catalogue (a snapshot of the disk, a file of SQLite) is not recognised, nor is one whose
    tables belong to another user: `carquery leads doubt` is for these.

    Returns:
        How many leads are in doubt; `None` if it was not restored, as far as can be seen.

    Raises:
        StoreUnavailable: nothing is known; ask again.
    """
    if engine.dialect.name == "sqlite":
        return None
    async with translated(), reading(engine).connect() as connection:
        if await connection.run_sync(_is_marked):
            return None
    async with translated(), engine.begin() as connection:
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text("SET LOCAL lock_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        if await connection.run_sync(_is_marked):
            return None
        doubted = await put_in_doubt() if await connection.run_sync(_is_of_another) else None
        await connection.run_sync(_mark)
    return doubted


def _is_marked(connection: Connection) -> bool:
    """Whether there is nothing to do: the mark is right, or nobody lets us make one."""
    found = connection.execute(_LOOK).one_or_none()
    return found is None or not found.is_ours or found.comment == f"{_PREFIX}{found.number}"


def _is_of_another(connection: Connection) -> bool:
    return str(connection.execute(_LOOK).one().comment or "").startswith(_PREFIX)


def _mark(connection: Connection) -> None:
    number = int(connection.execute(_LOOK).one().number)
    connection.execute(text(f"COMMENT ON TABLE leads IS '{_PREFIX}{number}'"))
