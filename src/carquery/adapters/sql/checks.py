"""Whether the database answers, and has the tables that this version needs."""

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.checks import Finding, State, Unwell
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.pooler import shares_sessions
from carquery.adapters.sql.schema import Tables, tables
from carquery.adapters.sql.sqlite_file import NoDatabaseYet, must_be_there
from carquery.adapters.sql.words import POOLED
from carquery.application.ports.stores import StoreUnavailable

ADDRESS: Final = "DATABASE_URL"


async def answering(engine: AsyncEngine) -> AsyncIterator[Finding]:
    """Ask it anything."""
    async with translated(), reading(engine).connect() as connection:
        await connection.execute(text("SELECT 1"))
    yield Finding("database", engine.dialect.name)


async def tables_in_use(engine: AsyncEngine) -> AsyncIterator[Finding]:
    """Look at the tables of a process that has prepared them: whatever it can't use by now is wrong."""
    match await tables(engine):
        case Tables.CURRENT:
            yield Finding("migrations", "at head")
        case Tables.TOO_NEW:
            raise Unwell("a newer version's tables, which this one can't use: run that version")
        case Tables.NEWER:  # or an upgrade would take all replicas out at once
            yield Finding("migrations", "newer than this process: it is about to be replaced", State.NOTE)
        case Tables.OLDER:
            raise Unwell("an older version's tables: carquery db upgrade", "carquery db upgrade")


async def tables_before_start(engine: AsyncEngine, database_url: str) -> AsyncIterator[Finding]:
    """Look at a database that nothing was prepared in yet, and make none."""
    name = engine.dialect.name
    try:
        must_be_there(database_url)
        found = await tables(engine)
        is_pooled = await shares_sessions(engine)
    except NoDatabaseYet as missing:
        yield Finding("database", str(missing), State.NOTE)
        return
    except StoreUnavailable as away:
        raise Unwell(str(away).removeprefix("database: "), ADDRESS) from away
    if is_pooled:
        raise Unwell(POOLED, ADDRESS)
    match found:
        case Tables.CURRENT:
            yield Finding("database", f"{name}, tables of this version")
        case Tables.NEWER:
            says = f"{name}, tables of a newer version, which this one can run beside"
            yield Finding("database", says, State.NOTE, remedy="upgrade CarQuery soon")
        case Tables.TOO_NEW:
            raise Unwell("tables of a newer version", "run that version of CarQuery")
        case Tables.OLDER:
            is_made_at_start = name == "sqlite"
            yield Finding(
                "database",
                "none of its tables yet, or those of an older version",
                State.NOTE if is_made_at_start else State.WRONG,
                remedy="carquery bot brings them up to date, or carquery db upgrade"
                if is_made_at_start
                else "carquery db upgrade",
            )
