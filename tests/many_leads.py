"""As many leads as one likes, made by the database itself: a million in a minute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Text,
    cast,
    column,
    func,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.engine import patient
from carquery.adapters.sql.lead_rows import lead_to_row
from carquery.adapters.sql.tables import Moment, customers, leads
from carquery.domain.lead import LeadStatus
from tests.builders import a_lead

LEADS_OF_ONE: Final = 3
"""So many in a row are one customer's."""

_FIRST_NUMBER: Final = 9_000_000_000


@dataclass(frozen=True, slots=True)
class Many:
    """Leads of one kind, numbered from `first` to `last`; number `n` was received `n` seconds before `newest`.

    Attributes:
        is_due: since it was received.
    """

    first: int
    last: int
    newest: datetime
    status: LeadStatus = LeadStatus.DELIVERED
    is_due: bool = False


def number_of(lead: int) -> int:
    """The Telegram number of the customer who sent lead number `lead`, and their phone without «+7»."""
    return _FIRST_NUMBER + lead // LEADS_OF_ONE


async def store_many(engine: AsyncEngine, *kinds: Many) -> None:
    """Store them, with their customers. No number may be in two kinds.

    PostgreSQL looks at what it holds now, as it does by itself after a while; SQLite never does.
    """
    async with patient(engine).begin() as connection:
        for kind in kinds:
            await _store(connection, kind)
    if engine.dialect.name == "postgresql":
        async with patient(engine).connect() as connection:
            by_itself = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await by_itself.execute(text("VACUUM ANALYZE"))


async def _store(connection: AsyncConnection, kind: Many) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    numbers, n = _counted(kind.first, kind.last, is_sqlite=is_sqlite)
    number, received = _FIRST_NUMBER + n // LEADS_OF_ONE, _earlier(kind.newest, n, is_sqlite=is_sqlite)
    whose = {"customer_id": literal("telegram:") + cast(number, Text), "phone": literal("+7") + cast(number, Text)}
    made: dict[str, ColumnElement[Any]] = {
        "id": _digits(n, 13, is_sqlite=is_sqlite),
        "reference": literal("CQ-") + _digits(n, 6, is_sqlite=is_sqlite),
        "customer": number,
        **whose,
        "status": literal(kind.status.value),
        "created_at": received,
        "next_attempt_at": received if kind.is_due else null(),
        "delivered_at": received if kind.status is LeadStatus.DELIVERED else null(),
    }
    alike = {name: literal(value, leads.c[name].type) for name, value in lead_to_row(a_lead(0)).items()}
    columns: Mapping[str, ColumnElement[Any]] = alike | made
    await connection.execute(insert(leads).from_select(list(columns), select(*columns.values()).select_from(numbers)))
    people = select(number, *whose.values()).select_from(numbers).where(n % LEADS_OF_ONE == 0)
    await connection.execute(insert(customers).from_select(["id", *whose], people))


def _counted(first: int, last: int, *, is_sqlite: bool) -> tuple[FromClause, ColumnElement[int]]:
    if not is_sqlite:
        series = func.generate_series(first, last).table_valued(column("n", BigInteger)).render_derived()
        return series, series.c.n
    begun = select(literal(first, BigInteger).label("n")).cte("numbers", recursive=True)
    numbers = begun.union_all(select(begun.c.n + 1).where(begun.c.n < last))
    return numbers, numbers.c.n


def _digits(number: ColumnElement[int], width: int, *, is_sqlite: bool) -> ColumnElement[str]:
    """In base 16, so that six of them are enough for millions."""
    if is_sqlite:
        return func.printf(f"%0{width}x", number)
    return func.lpad(func.to_hex(number), width, "0")


def _earlier(newest: datetime, seconds: ColumnElement[int], *, is_sqlite: bool) -> ColumnElement[datetime]:
    if is_sqlite:
        moment = f"{newest.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        return func.strftime("%Y-%m-%d %H:%M:%S.000000", moment, func.printf("-%d seconds", seconds))
    return literal(newest, Moment) - func.make_interval(0, 0, 0, 0, 0, 0, seconds)
