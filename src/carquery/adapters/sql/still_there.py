"""Whether a connection that was kept still leads anywhere, found out before somebody uses it.

SQLAlchemy's own `pool_pre_ping` asks the server each time, in three trips: more than most statements cost. Of a
connection that was used a moment ago, the driver knows by itself whether it has ended.
"""

from time import monotonic
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

MOMENT_SECONDS: Final = 1.0

_USED_AT: Final = "used_at"


def look_before_use(engine: Engine) -> None:
    """Give nobody a connection that has ended: a new one instead, and all others that are as old with it."""

    def look(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401  # the driver's
        used_at = record.info.get(_USED_AT)
        if used_at is None:  # it is new
            return
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        is_sure = monotonic() - used_at < MOMENT_SECONDS
        if not is_sure and not engine.dialect._do_ping_w_event(connection):  # noqa: SLF001  # as the pool itself does
            raise InvalidatePoolError

    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = monotonic()

    event.listen(engine, "checkout", look)
    event.listen(engine, "checkin", note)
