"""Statements that are sent often and are transactions of their own: compiled once, and run without a detour.

What SQLAlchemy does around each statement (a connection of its own, events, a context, a result) costs the process ten
times what the driver does for it. What it does when one fails is left to it: what an error means, which connections are
dropped, and who is told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util.concurrency import await_, greenlet_spawn

from carquery.adapters.sql.engine import alone, reading
from carquery.adapters.sql.repeating import WRITING, outage_of

Statement: TypeAlias = Select[Any] | Update | Insert
Columns: TypeAlias = Mapping[str, Any]
"""Of one row, by name."""

_Convert: TypeAlias = Callable[[Any], Any] | None
_Given: TypeAlias = Mapping[str, Any]
_Rows = TypeVar("_Rows")


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

    def terms_of(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(term.of(given) for term in self.terms)

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
        rows: list[Columns] = await greenlet_spawn(_pooled, self._engine, self._rows, given)
        if self._writes:
            outage_of(self._of).worked(of=WRITING)
        return rows

    def _rows(self, pooled: PoolProxiedConnection, given: Mapping[str, Any]) -> list[Columns]:
        dialect = self._engine.dialect
        compiled = self._compiled = self._compiled or _compiled(self._statement, dialect)
        terms = compiled.terms_of(given)
        cursor: DBAPICursor = pooled.cursor()
        try:
            with (
                _failing_as_usual(self._engine, pooled, cursor, compiled.words),
                _beginning_nothing(pooled.dbapi_connection, cursor, dialect),
            ):
                cursor.execute(compiled.words, terms)
                return compiled.rows(cursor.fetchall())
        finally:
            cursor.close()


class InOneTrip:
    """Statements of SQLite that are one transaction, without coming back from its thread between them."""

    def __init__(self, engine: AsyncEngine, *statements: Statement) -> None:
        self._of: Final = engine
        self._statements: Final = statements
        self._compiled: Sequence[_Compiled] = ()

    async def __call__(self, given: Mapping[str, Any]) -> Sequence[Any]:
        """The rows that they return, as the driver has them. Raises what SQLAlchemy raises."""
        rows: Sequence[Any] = await greenlet_spawn(_pooled, self._of.sync_engine, self._rows, given)
        outage_of(self._of).worked(of=WRITING)
        return rows

    def _rows(self, pooled: PoolProxiedConnection, given: Mapping[str, Any]) -> Sequence[Any]:
        engine = self._of.sync_engine
        self._compiled = self._compiled or [_compiled(one, engine.dialect) for one in self._statements]
        statements = [(one.words, one.terms_of(given)) for one in self._compiled]
        connection: Any = pooled.dbapi_connection
        with _failing_as_usual(engine, pooled, None, statements[0][0]):
            rows: Sequence[Any] = await_(connection.at_once(statements))
        return rows


def _pooled(engine: Engine, work: Callable[[PoolProxiedConnection, _Given], _Rows], given: _Given) -> _Rows:
    """Work with a connection of the pool."""
    try:
        pooled = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        Connection._handle_dbapi_exception_noconnection(error, engine.dialect, engine)  # noqa: SLF001  # as its own
    try:
        return work(pooled, given)
    finally:
        pooled.close()


@contextmanager
def _failing_as_usual(
    engine: Engine, pooled: PoolProxiedConnection, cursor: DBAPICursor | None, words: str
) -> Iterator[None]:
    try:
        yield
    except BaseException as error:  # noqa: BLE001  # it is raised again, also a cancellation
        failed = Connection(engine, pooled)
        failed._handle_dbapi_exception(error, words, None, cursor, None)  # noqa: SLF001  # as its own


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
