"""Counts of customers' ways through the forms, in SQL."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.engine import reporting
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import tallies, tally_batches
from carquery.application.ports.tallies import BatchId, By, Days, Total
from carquery.domain.tallied import Occurrence, Tallied

BATCHES_KEPT: Final = timedelta(days=1)

_KEY: Final = tuple(column.name for column in tallies.primary_key.columns)
_COLUMNS: Final[Mapping[By, ColumnElement[Any]]] = {
    By.FORM: tallies.c.form,
    By.SOURCE: tallies.c.source,
    By.DAY: tallies.c.day,
    By.CHANNEL: tallies.c.channel,
}


@repeating
class SqlTallies:
    """A row for each kind of thing that happened on a day."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reporting = reporting(engine)
        tallied = insert_into(engine, tallies)
        more = {"times": tallies.c.times + tallied.excluded.times}
        self._add = tallied.on_conflict_do_update(index_elements=_KEY, set_=more)
        self._begin = insert_into(engine, tally_batches).on_conflict_do_nothing(index_elements=["batch"])

    async def add(self, counts: Mapping[Tallied, int], *, batch: BatchId, at: datetime) -> None:
        rows = _rows({_key_of(one): times for one, times in counts.items()}.items())
        async with translated(), self._engine.begin() as connection:
            begun = await connection.execute(self._begin.values(batch=batch, at=at))
            if not rows or begun.rowcount == 0:
                return
            await connection.execute(self._add, rows)
            await connection.execute(delete(tally_batches).where(tally_batches.c.at < at - BATCHES_KEPT))

    async def totals(self, days: Days, *, by: By | None = None) -> Sequence[Total]:
        of_kind = (tallies.c.what, tallies.c.form, tallies.c.step, tallies.c.detail)
        key = literal("") if by is None else _COLUMNS[by]
        query = (
            select(key.label("key"), *of_kind, func.sum(tallies.c.times).label("times"))
            .where(tallies.c.day.between(days.first, days.last), tallies.c.what.in_([one.value for one in Occurrence]))
            .group_by(*of_kind, *(() if by is None else (key,)))
        )
        async with translated(), self._reporting.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Total(str(row.key), Occurrence(row.what), row.form, row.step, row.detail, int(row.times)) for row in rows
        ]

    async def forget(self, *, before: date, at_most: int) -> int:
        old = select(tallies).where(
            tallies.c.day < before, tallies.c.what == Occurrence.REFUSED.value, tallies.c.detail != ""
        )
        async with translated(), self._engine.begin() as connection:
            rows = (await connection.execute(old.limit(at_most).with_for_update())).mappings().all()
            if not rows:
                return 0
            forgotten: Counter[tuple[Any, ...]] = Counter()
            for row in rows:
                forgotten[tuple("" if name == "detail" else row[name] for name in _KEY)] += row["times"]
            these = [tuple(row[name] for name in _KEY) for row in rows]
            await connection.execute(delete(tallies).where(tuple_(*(tallies.c[name] for name in _KEY)).in_(these)))
            await connection.execute(self._add, _rows(forgotten.items()))
        return len(rows)


def _key_of(one: Tallied) -> tuple[Any, ...]:
    return tuple(one.what.value if name == "what" else getattr(one, name) for name in _KEY)


def _rows(counts: Iterable[tuple[tuple[Any, ...], int]]) -> list[dict[str, Any]]:
    """All processes write in this order, so that none waits for one that waits for it."""
    return [dict(zip(_KEY, key, strict=True)) | {"times": times} for key, times in sorted(counts)]
