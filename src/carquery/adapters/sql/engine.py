"""Connections to the database: PostgreSQL through asyncpg, SQLite through aiosqlite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.addresses import Address
from carquery.adapters.sql import sqlite_engine
from carquery.adapters.sql.failover import leave_when_demoted
from carquery.adapters.sql.repeating import watch

_READING: Final = "reading"
_ALONE: Final = "alone"
_PATIENT: Final = "patient"
"""Execution options, which hold the engines beside an engine."""


@asynccontextmanager
async def open_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Connections for transactions that write, closed on leaving with all others. Nothing is connected yet."""
    is_sqlite = database_url.startswith("sqlite")
    engine = _of_file(database_url) if is_sqlite else _of_server(Address.read(database_url))
    watch(engine)
    leave_when_demoted(engine.sync_engine)
    try:
        yield engine
    finally:
        await engine.dispose()


def reading(engine: AsyncEngine) -> AsyncEngine:
    """For transactions that only read: on SQLite they wait for no writer, and no writer for them."""
    beside: AsyncEngine = engine.get_execution_options()[_READING]
    return beside


def alone(engine: AsyncEngine) -> AsyncEngine:
    """For a single statement that writes: a server makes a transaction of it without being told to begin and end."""
    beside: AsyncEngine = engine.get_execution_options()[_ALONE]
    return beside


def patient(engine: AsyncEngine) -> AsyncEngine:
    """For what may take minutes, such as migrations of large tables: no time limit cuts its statements short."""
    beside: AsyncEngine = engine.get_execution_options()[_PATIENT]
    return beside


def reporting(engine: AsyncEngine) -> AsyncEngine:
    """For reports that a person waits for, however long: nobody waits for them, and nothing cuts them short."""
    return reading(engine) if engine.dialect.name == "sqlite" else patient(engine)


def _of_file(database_url: str) -> AsyncEngine:
    engine = sqlite_engine.writing(database_url)
    beside = {_READING: sqlite_engine.reading(database_url, engine), _ALONE: engine, _PATIENT: engine}
    engine.update_execution_options(**beside)
    return engine


def _of_server(address: Address) -> AsyncEngine:
    from carquery.adapters.sql import postgres_engine  # the driver, which SQLite does without

    engine = postgres_engine.pooled(address)
    # Each statement sees what is committed then, within a transaction or without one.
    at_once = engine.execution_options(isolation_level="AUTOCOMMIT")
    engine.update_execution_options(**{_READING: at_once, _ALONE: at_once, _PATIENT: postgres_engine.patient(address)})
    return engine
