"""Connections to PostgreSQL, through asyncpg."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final

import asyncpg
from asyncpg.exceptions import CannotConnectNowError, TargetServerAttributeNotMatched
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from carquery.adapters.addresses import Address, Host
from carquery.adapters.sql.still_there import look_before_use
from carquery.adapters.sql.unprepared import closed_if_it_fails

POOL_SIZE: Final = 10
SECONDS_FOR_A_CONNECTION: Final = 2
STATEMENT_SECONDS: Final = 5
LOCK_SECONDS: Final = 2
IDLE_TRANSACTION_SECONDS: Final = 30

APPLICATION_NAME: Final = "carquery"
"""How the server's list of sessions calls ours."""

USUAL_PORT: Final = 5432

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

_NOT_THIS_HOST: Final = (OSError, CannotConnectNowError, TargetServerAttributeNotMatched)


def pooled(address: Address) -> AsyncEngine:
    """A pool whose statements are cut short: somebody waits for each of them."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        pool_size=POOL_SIZE,
        pool_use_lifo=True,  # the one used last: who was idle longer has to be asked whether it is still there
        max_overflow=0,
        pool_timeout=SECONDS_FOR_A_CONNECTION,
        hide_parameters=True,  # an error's text would quote phones
        connect_args=_arguments(address) | {"command_timeout": STATEMENT_SECONDS + 1},
    )
    limits = {
        "statement_timeout": STATEMENT_SECONDS,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_TRANSACTION_SECONDS,
    }
    event.listen(engine.sync_engine, "connect", partial(_limit, limits))
    look_before_use(engine.sync_engine)
    return engine


def patient(address: Address) -> AsyncEngine:
    """Connections of their own, closed after use, whose statements may take as long as they take."""
    engine = create_async_engine(
        "postgresql+asyncpg://", poolclass=NullPool, hide_parameters=True, connect_args=_arguments(address)
    )
    event.listen(engine.sync_engine, "connect", partial(_limit, {"statement_timeout": 0, "lock_timeout": 0}))
    return engine


def _arguments(address: Address) -> dict[str, Any]:
    query = _understood(address.query)
    arguments: dict[str, Any] = {
        "user": address.user,
        "password": address.password,
        "database": address.path.removeprefix("/") or None,
        # asyncpg itself reads `sslmode` and its kin.
        "dsn": Address("postgresql", query=query).written(),
        "timeout": SECONDS_FOR_A_CONNECTION,
        "server_settings": {"application_name": APPLICATION_NAME},
    }
    match address.hosts:
        case ():
            pass
        case (host,):
            arguments |= {"host": host.name, "port": host.port or USUAL_PORT}
        case hosts:
            arguments["async_creator_fn"] = Hosts(hosts).connect
            if "target_session_attrs" not in dict(query):
                arguments["target_session_attrs"] = "read-write"  # a standby answers too, and takes no leads
    return {name: value for name, value in arguments.items() if value is not None}


class Hosts:
    """Several servers, of which one is the right one; the one that served last is asked first.

    The driver would try them too, but all of them within one time limit: one that is dead without a word uses it up.
    """

    def __init__(self, hosts: Sequence[Host]) -> None:
        self._hosts = list(hosts)

    async def connect(self, **arguments: Any) -> "asyncpg.Connection[asyncpg.Record]":  # noqa: ANN401  # the driver's
        """Connect to the first that serves, each within `timeout`. Raises what the driver does, if none serves."""
        refused: list[Exception] = []
        for host in tuple(self._hosts):
            try:
                connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
                    host=host.name, port=host.port or USUAL_PORT, **arguments
                )
            except _NOT_THIS_HOST as error:
                refused.append(error)
            else:
                self._hosts.sort(key=lambda other: other != host)
                return connection
        # One that answers, and is the wrong one, says more than one that does not answer.
        raise next((error for error in refused if not isinstance(error, OSError)), refused[-1])


def _understood(query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What asyncpg knows, in its words; whatever it does not know it would hand to the server."""
    modes = {"true": "require", "1": "require", "false": "disable", "0": "disable"}
    renamed = (("sslmode", modes.get(value, value)) if name == "ssl" else (name, value) for name, value in query)
    return tuple((name, value) for name, value in renamed if name not in _ONLY_OTHERS_KNOW)


def _limit(seconds: dict[str, int], connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own type is private
    """Set after connecting: a PgBouncer refuses to connect with them."""
    settings = ", ".join(f"set_config('{name}', '{limit * 1000}', false)" for name, limit in seconds.items())
    with closed_if_it_fails(connection):
        cursor = connection.cursor()
        cursor.execute(f"SELECT {settings}")  # of the constants above
        cursor.close()
        connection.commit()
