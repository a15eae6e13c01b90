"""Connections to an SQLite file: one that writes, and some that read meanwhile."""

from typing import Any, Final

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from carquery.adapters.sql.sqlite_file import file_of, prepare_file
from carquery.adapters.sql.sqlite_trips import begin, connect
from carquery.adapters.sql.unprepared import closed_if_it_fails

SQLITE_SECONDS: Final = 10

READERS: Final = 3
"""So many read at once; each is a thread. A long report takes one of them."""

CACHE_KB: Final = 512
"""Pages that each connection keeps; SQLite's usual 2 MB fill up as the file grows, once for each connection. The system
keeps the file's pages too."""

READS_ONLY: Final = "reads_only"
"""An execution option: the transaction waits for no writer, and no writer for it."""


def writing(database_url: str) -> AsyncEngine:
    """The only connection that writes: SQLite has one writer anyway, and its own queue for it is not fair."""
    return _engine(database_url, connections=1, reads_only=False)


def reading(database_url: str, writer: AsyncEngine) -> AsyncEngine:
    """Connections that read what was committed, each a snapshot of its own, whatever is written meanwhile.

    They are closed with the writer's. A database in memory lives in its one connection, which reads as well.
    """
    if file_of(database_url) is None:
        return writer.execution_options(**{READS_ONLY: True})
    engine = _engine(database_url, connections=READERS, reads_only=True)
    event.listen(writer.sync_engine, "engine_disposed", lambda _: engine.sync_engine.dispose())
    return engine


def _engine(database_url: str, *, connections: int, reads_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        make_url(database_url).set(drivername="sqlite+aiosqlite"),
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,  # also for a database in memory
        pool_size=connections,
        max_overflow=0,
        pool_timeout=SQLITE_SECONDS,
        execution_options={READS_ONLY: reads_only},
    )
    path = file_of(database_url)
    if path is not None:
        event.listen(engine.sync_engine, "do_connect", lambda *_: prepare_file(path))
    event.listen(engine.sync_engine, "do_connect", connect)
    event.listen(engine.sync_engine, "connect", _only_read if reads_only else _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _record: Any, *more: str) -> None:  # noqa: ANN401  # SQLAlchemy's own type is private
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    with closed_if_it_fails(connection):
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",  # who reads waits for nobody
            "synchronous = FULL",  # with NORMAL, a power cut may lose leads that were promised
            f"busy_timeout = {SQLITE_SECONDS * 1000}",
            "foreign_keys = ON",
            f"cache_size = -{CACHE_KB}",
            *more,
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def _only_read(connection: DBAPIConnection, record: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own type is private
    _prepare(connection, record, "query_only = ON")


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: a reader that turns writer half-way would fail instead of waiting."""
    begin(connection, "BEGIN" if connection.get_execution_options()[READS_ONLY] else "BEGIN IMMEDIATE")
