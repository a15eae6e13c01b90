"""Connections to the database: PostgreSQL through asyncpg, SQLite through aiosqlite."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from carquery.adapters.addresses import Address
from carquery.adapters.sql.failover import leave_when_demoted
from carquery.adapters.sql.repeating import watch
from carquery.adapters.sql.sqlite_file import file_of, prepare_file
from carquery.adapters.sql.sqlite_trips import begin, connect

POOL_SIZE: Final = 10
SECONDS_FOR_A_CONNECTION: Final = 2
STATEMENT_SECONDS: Final = 5
LOCK_SECONDS: Final = 2
IDLE_TRANSACTION_SECONDS: Final = 30
SQLITE_SECONDS: Final = 10

APPLICATION_NAME: Final = "carquery"
"""How the server's list of sessions calls ours."""

_ONLY_OTHERS_KNOW: Final = frozenset(
    {
        *("channel_binding", "client_encoding", "connect_timeout", "fallback_application_name", "gssencmode"),
        *("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "load_balance_hosts"),
        *("require_auth", "sslcompression", "sslsni", "tcp_user_timeout"),
        *("connection_limit", "pgbouncer", "pool_timeout", "prepared_statement_cache_size", "schema"),
        *("statement_cache_size",),
    }
)
"""Parameters that libpq and other clients take, and hosts put into their URLs; the server would refuse them."""


@asynccontextmanager
async def open_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A pool of connections, closed on leaving. Nothing is connected yet."""
    is_sqlite = database_url.startswith("sqlite")
    engine = _sqlite(database_url) if is_sqlite else _postgres(Address.read(database_url))
    watch(engine)
    leave_when_demoted(engine.sync_engine)
    try:
        yield engine
    finally:
        await engine.dispose()


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same pool for transactions that only read: on SQLite they wait for no writer, and no writer for them."""
    return engine.execution_options(reads_only=True)


def _postgres(address: Address) -> AsyncEngine:
    hosts = {"host": [host.name for host in address.hosts], "port": [host.port or 5432 for host in address.hosts]}
    given = {
        **(hosts if address.hosts else {}),
        "user": address.user,
        "password": address.password,
        "database": address.path.removeprefix("/") or None,
    }
    engine = create_async_engine(
        "postgresql+asyncpg://",
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=SECONDS_FOR_A_CONNECTION,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text would quote phones
        connect_args={
            **{name: value for name, value in given.items() if value is not None},
            # asyncpg itself reads `sslmode` and its kin.
            "dsn": Address("postgresql", query=_understood(address.query)).written(),
            "timeout": SECONDS_FOR_A_CONNECTION * max(1, len(address.hosts)),
            "command_timeout": STATEMENT_SECONDS + 1,
            "server_settings": {"application_name": APPLICATION_NAME},
        },
    )
    event.listen(engine.sync_engine, "connect", _limit_postgres)
    return engine


def _understood(query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What asyncpg knows, in its words; whatever it does not know it would hand to the server."""
    modes = {"true": "require", "1": "require", "false": "disable", "0": "disable"}
    renamed = (("sslmode", modes.get(value, value)) if name == "ssl" else (name, value) for name, value in query)
    return tuple((name, value) for name, value in renamed if name not in _ONLY_OTHERS_KNOW)


def _limit_postgres(connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own type is private
    """Set after connecting: a PgBouncer refuses to connect with them."""
    limits = {
        "statement_timeout": STATEMENT_SECONDS,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_TRANSACTION_SECONDS,
    }
    settings = ", ".join(f"set_config('{name}', '{seconds * 1000}', false)" for name, seconds in limits.items())
    with _closed_if_it_fails(connection):
        cursor = connection.cursor()
        cursor.execute(f"SELECT {settings}")  # of the constants above
        cursor.close()
        connection.commit()


def _sqlite(database_url: str) -> AsyncEngine:
    engine = create_async_engine(
        make_url(database_url).set(drivername="sqlite+aiosqlite"),
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,  # also for a database in memory, which lives as long as its one connection
        pool_size=1,  # SQLite has one writer anyway, and its own queue for it is not fair: some would wait too long
        max_overflow=0,
        pool_timeout=SQLITE_SECONDS,
    )
    path = file_of(database_url)
    if path is not None:
        event.listen(engine.sync_engine, "do_connect", lambda *_: prepare_file(path))
    event.listen(engine.sync_engine, "do_connect", connect)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own type is private
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    with _closed_if_it_fails(connection):
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",  # the CLI reads while the bot writes
            "synchronous = FULL",  # with NORMAL, a power cut may lose leads that were promised
            f"busy_timeout = {SQLITE_SECONDS * 1000}",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@contextmanager
def _closed_if_it_fails(connection: DBAPIConnection) -> Iterator[None]:
    """The pool forgets a connection that can't be prepared, and its thread would go on."""
    try:
        yield
    except BaseException:
        with suppress(Exception):
            connection.close()
        raise


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: a reader that turns writer half-way would fail instead of waiting."""
    only_reads = connection.get_execution_options().get("reads_only", False)
    begin(connection, "BEGIN" if only_reads else "BEGIN IMMEDIATE")
