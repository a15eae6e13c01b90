"""Whether a connection that was kept still leads anywhere, found out before somebody uses it.

SQLAlchemy's own `pool_pre_ping` asks the server each time, in three trips: more than most statements cost. Here it is
one, and none of a connection that was used a moment ago: of that one the driver knows by itself whether it has ended.
And one that nobody used for minutes, a firewall may have forgotten without a word: asking that one takes until the time
limit.
"""

from time import monotonic
from typing import Any, Final

from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util.concurrency import await_

MOMENT_SECONDS: Final = 1.0
LONGEST_IDLE_SECONDS: Final = 180.0
"""Less than the four minutes after which a load balancer of Azure forgets, by default; AWS and Google wait longer."""

USED_AT: Final = "used_at"
"""When a connection was given back, in its record's `info`."""


def look_before_use(engine: Engine) -> None:
    """Give nobody a connection that has ended, or was idle for long: a new one instead.

    Of those that have ended, all others that are as old go too.
    """

    def look(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401  # the driver's
        used_at = record.info.get(USED_AT)
        if used_at is None:  # it is new
            return
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        idle = monotonic() - used_at
        if idle >= LONGEST_IDLE_SECONDS:
            connection.driver_connection.terminate()  # without a farewell, which might not be answered either
            raise DisconnectionError
        if idle >= MOMENT_SECONDS and not _answers(connection):
            raise InvalidatePoolError

    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[USED_AT] = monotonic()

    event.listen(engine, "checkout", look)
    event.listen(engine, "checkin", note)


def _answers(connection: Any) -> bool:  # noqa: ANN401  # the driver's
    """By the simple protocol, which prepares nothing, so that it needs no transaction behind a pooler either."""
    try:
        await_(connection.driver_connection.execute("SELECT 1"))
    except (OSError, PostgresError, InterfaceError, InternalClientError):
        return False
    return True
