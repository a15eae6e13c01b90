"""Statements that are sent often and are transactions of their own: compiled once, and run without a detour.

What SQLAlchemy does around each statement (a connection of its own, events, a context, a result) costs the process ten
times what the driver does for it. What it does when one fails is left to it: what an error means, which connections are
dropped, and who is told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Dialect, Select, Update
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util.concurrency import greenlet_spawn

from carquery.adapters.sql.engine import alone, reading
from carquery.adapters.sql.repeating import WRITING, outage_of

Statement: TypeAlias = Select[Any] | Update | Insert
Columns: TypeAlias = Mapping[str, Any]
"""Of one row, by name."""

_Convert: TypeAlias = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Term:
    """A parameter, in the place where the statement has it. `value`: what it is unless it is given."""

    name: str
    is_required: bool
    value: Any
    convert: _Convert

    def of(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401  # the driver's
        value = given[self.name] if self.is_required else given.get(self.name, self.value)
        return value if self.convert is None else self.convert(value)


@dataclass(frozen=True, slots=True)
class _Compiled:
    words: str
    terms: Sequence[_Term]
    columns: Sequence[tuple[str, _Convert]]

    def rows(self, found: Sequence[Any]) -> list[Columns]:
        return [
            {
                name: value if convert is None else convert(value)
                for (name, convert), value in zip(self.columns, row, strict=True)
            }
            for row in found
        ]


class Direct:
    """A statement that returns rows, with the parameters that it names.

    Args:
        writes: else it only reads; on SQLite it waits for no writer then.
    """

    def __init__(self, engine: AsyncEngine, statement: Statement, *, writes: bool = False) -> None:
        self._of: Final = engine
        self._engine: Final = (alone if writes else reading)(engine).sync_engine
        self._statement: Final = statement
        self._writes: Final = writes
        self._compiled: _Compiled | None = None

    async def __call__(self, given: Mapping[str, Any]) -> list[Columns]:
        """All its rows. Raises what SQLAlchemy raises."""
        rows: list[Columns] = await greenlet_spawn(self._rows, given)
        if self._writes:
            outage_of(self._of).worked(of=WRITING)
        return rows

    def _rows(self, given: Mapping[str, Any]) -> list[Columns]:
        dialect = self._engine.dialect
        try:
            pooled = self._engine.raw_connection()
        except dialect.loaded_dbapi.Error as error:
            Connection._handle_dbapi_exception_noconnection(error, dialect, self._engine)  # noqa: SLF001  # as its own
        try:
            if self._compiled is None:  # what a database can do is known once it is connected to
                self._compiled = _compiled(self._statement, dialect)
            return self._compiled.rows(self._found(pooled, self._compiled, given))
        finally:
            pooled.close()

    def _found(self, pooled: PoolProxiedConnection, compiled: _Compiled, given: Mapping[str, Any]) -> Sequence[Any]:
        terms = tuple(term.of(given) for term in compiled.terms)
        cursor: DBAPICursor = pooled.cursor()
        try:
            with _beginning_nothing(pooled.dbapi_connection, cursor, self._engine.dialect):
                cursor.execute(compiled.words, terms)
                return cursor.fetchall()
        except BaseException as error:  # noqa: BLE001  # it is raised again, also a cancellation
            failed = Connection(self._engine, pooled)
            failed._handle_dbapi_exception(error, compiled.words, None, cursor, None)  # noqa: SLF001  # as its own
        finally:
            cursor.close()


@contextmanager
def _beginning_nothing(connection: Any, cursor: Any, dialect: Any) -> Iterator[None]:  # noqa: ANN401  # the driver's
    """What PostgreSQL's driver is told before a statement, and SQLite's, which begins nothing by itself, is not."""
    if dialect.name != "postgresql":
        yield
        return
    connection.autocommit = True
    cursor._invalidate_schema_cache_asof = dialect._invalidate_schema_cache_asof  # noqa: SLF001  # as SQLAlchemy does
    try:
        yield
    except dialect.loaded_dbapi.InvalidCachedStatementError:  # a table was changed since it was prepared
        dialect._invalidate_schema_cache()  # noqa: SLF001  # as above
        raise
    finally:
        connection.autocommit = False


def _compiled(statement: Statement, dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    binds = [compiled.binds[name] for name in compiled.positiontup]
    return _Compiled(
        words=compiled.string,
        terms=[
            _Term(
                name=bind.key,
                is_required=bind.required,
                value=bind.effective_value,
                convert=bind.type.dialect_impl(dialect).bind_processor(dialect),
            )
            for bind in binds
        ],
        columns=[
            (str(name), column.type.dialect_impl(dialect).result_processor(dialect, None))
            for name, column in statement.exported_columns.items()
        ],
    )
