"""Connections to the database: PostgreSQL through asyncpg, SQLite through aiosqlite."""

import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from carquery.application.ports.stores import StoreUnavailable

POOL_SIZE: Final = 10
SECONDS_FOR_A_CONNECTION: Final = 2
STATEMENT_SECONDS: Final = 5
LOCK_SECONDS: Final = 2
IDLE_TRANSACTION_SECONDS: Final = 30
SQLITE_SECONDS: Final = 10

_ONLY_LIBPQ_KNOWS: Final = ("channel_binding", "connect_timeout", "gssencmode")
"""Parameters that hosts put into their URLs; asyncpg would hand them to the server, which refuses them."""


class DatabaseInUse(Exception):
    """Another process runs the bot on this SQLite file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use by another bot process; stop it, or give each its own DATABASE_URL")


def read_url(database_url: str) -> URL:
    """The URL as SQLAlchemy wants it, with the driver we use: `postgres://…`, `postgresql://…` or `sqlite:///…`."""
    url = make_url(database_url)
    driver = "sqlite+aiosqlite" if url.get_backend_name() == "sqlite" else "postgresql+asyncpg"
    return url.set(drivername=driver)


@asynccontextmanager
async def open_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A pool of connections, closed on leaving. Nothing is connected yet."""
    url = read_url(database_url)
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgres(url)
    try:
        yield engine
    finally:
        await engine.dispose()


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same pool for transactions that only read: on SQLite they wait for no writer, and no writer for them."""
    return engine.execution_options(reads_only=True)


def _postgres(url: URL) -> AsyncEngine:
    known = url.difference_update_query(_ONLY_LIBPQ_KNOWS).set(drivername="postgresql")
    return create_async_engine(
        url.set(query={}),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=SECONDS_FOR_A_CONNECTION,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text would quote phones
        connect_args={
            "dsn": known.render_as_string(hide_password=False),  # asyncpg itself reads `sslmode` and its kin
            "timeout": SECONDS_FOR_A_CONNECTION,
            "command_timeout": STATEMENT_SECONDS + 1,
            "server_settings": {
                "application_name": "carquery",
                "statement_timeout": str(STATEMENT_SECONDS * 1000),
                "lock_timeout": str(LOCK_SECONDS * 1000),
                "idle_in_transaction_session_timeout": str(IDLE_TRANSACTION_SECONDS * 1000),
            },
        },
    )


def _sqlite(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=1,  # SQLite has one writer anyway, and its own queue for it is not fair: some would wait too long
        max_overflow=0,
        pool_timeout=SQLITE_SECONDS,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own type is private
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",  # the CLI reads while the bot writes
        "synchronous = FULL",  # with NORMAL, a power cut may lose leads that were promised
        f"busy_timeout = {SQLITE_SECONDS * 1000}",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: a reader that turns writer half-way would fail instead of waiting."""
    only_reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


@contextmanager
def sole_user(database_url: str) -> Iterator[None]:
    """Keep a second bot off an SQLite file; PostgreSQL takes any number.

    Raises:
        DatabaseInUse: another process holds the file.
        StoreUnavailable: there is no such folder, or nothing may be written into it.
    """
    url = read_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        yield
        return
    path = Path(url.database).resolve()  # two names of one file are one file
    lock_file = Path(f"{path}.lock")
    try:
        lock_file.touch()
    except OSError as error:
        raise StoreUnavailable(f"database: {path}: {error.strerror}") from error
    with lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise DatabaseInUse(path) from held
        yield
