"""The few statements that PostgreSQL and SQLite spell differently."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, Table, Text, bindparam, cast, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.tables import Moment
from carquery.application.ports.environment import Clock


def insert_into(engine: AsyncEngine, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    return sqlite.insert(table) if engine.dialect.name == "sqlite" else postgresql.insert(table)


def database_now(engine: AsyncEngine, clock: Clock, *, later: timedelta = timedelta()) -> ColumnElement[datetime]:
    """The moment by the database's clock, so that workers on several machines agree; SQLite has only this machine's.

    It stands still within a statement: no index can be searched for a moment that moves (`clock_timestamp()`).
    """
    if engine.dialect.name == "sqlite":
        return literal(clock.now() + later, Moment)
    return func.statement_timestamp() + literal(later)


class Moments:
    """As `database_now`, in statements that are built once."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._clock = clock if engine.dialect.name == "sqlite" else None

    def column(self, name: str) -> ColumnElement[datetime]:
        """A moment that is bound under that name."""
        if self._clock is not None:
            return bindparam(name, type_=Moment)
        return func.statement_timestamp() + bindparam(name, type_=Interval)

    def bound(self, **later: timedelta) -> Mapping[str, datetime | timedelta]:
        """What is bound: how much later than now each of these is."""
        if self._clock is None:
            return later
        now = self._clock.now()
        return {name: now + time for name, time in later.items()}


def among(engine: AsyncEngine, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """That it is one of the texts in a JSON array, which is bound under that name: one statement, however many."""
    array = bindparam(name, type_=Text)
    texts = (
        func.json_each(array).table_valued("value")
        if engine.dialect.name == "sqlite"
        else func.jsonb_array_elements_text(cast(array, JSONB)).table_valued("value")
    )
    return column.in_(select(texts.c.value))


async def one_at_a_time(connection: AsyncConnection, what: int) -> None:
    """Let no other transaction do the same until this one ends; SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        await connection.execute(select(func.pg_advisory_xact_lock(what)))
