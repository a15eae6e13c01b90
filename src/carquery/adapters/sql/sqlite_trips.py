"""SQLite's statements, each in one trip to the thread that holds the connection.

SQLAlchemy makes four trips for a statement that returns rows (for a cursor, the statement, its rows and the cursor's
end), one to begin a transaction, and one to roll back what was committed. Waking a thread and being woken by it costs
more than most statements.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Cursor
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.pool import ConnectionPoolEntry


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    """Brings the rows along."""

    __slots__ = ("_description", "_lastrowid", "_rowcount", "arraysize")

    _adapt_connection: "OneTripConnection"

    def __init__(self, adapt_connection: "OneTripConnection") -> None:
        self._adapt_connection = adapt_connection
        self._rows: deque[Any] = deque()
        self._description: Any = None
        self._rowcount = -1
        self._lastrowid: Any = None
        self.arraysize = 1

    @property
    def description(self) -> Any:  # noqa: ANN401  # as the driver has it
        return self._description

    @property
    def rowcount(self) -> int:
        return self._rowcount

    @property
    def lastrowid(self) -> Any:  # noqa: ANN401  # as above
        return self._lastrowid

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Nothing is open."""

    async def _execute_async(self, operation: Any, parameters: Any) -> None:  # noqa: ANN401  # as inherited
        await self._run(lambda cursor: cursor.execute(operation, parameters or ()))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:  # noqa: ANN401  # as inherited
        await self._run(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    async def _run(self, statement: Callable[[Cursor], object]) -> None:
        connection = self._adapt_connection
        async with connection._execute_mutex:  # noqa: SLF001  # as SQLAlchemy's own cursor does
            await connection.trip(partial(self._in_thread, statement, connection.taken_beginning()))

    def _in_thread(
        self, statement: Callable[[Cursor], object], beginning: str | None, driver: SqliteConnection
    ) -> None:
        cursor = driver.cursor()
        if beginning is not None:
            cursor.execute(beginning)
        statement(cursor)
        self._description, self._rows = cursor.description, deque(cursor.fetchall())
        self._rowcount, self._lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """Begins a transaction with its first statement, and rolls back only what is open."""

    __slots__ = ("_beginning",)

    _cursor_cls = OneTripCursor  # type: ignore[assignment]  # made by this connection alone

    def __init__(self, dbapi: Any, connection: Any) -> None:  # noqa: ANN401  # as inherited
        super().__init__(dbapi, connection)
        self._beginning: str | None = None

    async def trip(self, work: Callable[[SqliteConnection], None]) -> None:
        """Let the thread do that work."""
        driver: Any = self.driver_connection
        await driver._execute(work, driver._conn)  # noqa: SLF001  # aiosqlite has no other way

    async def at_once(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> Sequence[Any]:
        """Run these in a transaction of their own, in one trip. Returns the rows that they return, in their order."""
        rows: list[Any] = []

        def in_thread(driver: SqliteConnection) -> None:
            cursor = driver.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                for words, terms in statements:
                    rows.extend(cursor.execute(words, terms).fetchall())
                cursor.execute("COMMIT")
            except BaseException:
                if driver.in_transaction:
                    cursor.execute("ROLLBACK")
                raise
            finally:
                cursor.close()

        async with self._execute_mutex:
            await self.trip(in_thread)
        return rows

    def begin(self, statement: str) -> None:
        """Let the next statement be run after this one."""
        self._beginning = statement

    def taken_beginning(self) -> str | None:
        """What begins the transaction, once."""
        beginning, self._beginning = self._beginning, None
        return beginning

    def commit(self) -> None:
        if self.taken_beginning() is None:
            super().commit()

    def rollback(self) -> None:
        driver: Any = self.driver_connection
        is_open = driver._connection is not None and driver.in_transaction  # noqa: SLF001  # closed, it says nothing
        if self.taken_beginning() is None and is_open:
            super().rollback()


def connect(
    dialect: Dialect, _record: ConnectionPoolEntry, args: Sequence[Any], named: Mapping[str, Any]
) -> DBAPIConnection:
    """For SQLAlchemy's event `do_connect`."""
    made: Any = dialect.connect(*args, **named)
    opened: Any = OneTripConnection(made.dbapi, made.driver_connection)
    return opened  # type: ignore[no-any-return]  # SQLAlchemy's adapters do not match its own protocol


def begin(connection: Connection, statement: str) -> None:
    """Begin a transaction with that statement."""
    opened: Any = connection.connection.dbapi_connection
    opened.begin(statement)
