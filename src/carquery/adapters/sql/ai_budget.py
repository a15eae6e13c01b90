"""The money that classifiers may spend in a day, in SQL."""

from datetime import date
from decimal import Decimal

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import ai_spending
from carquery.adapters.stored.microusd import dollars, microusd, microusd_at_most


@repeating
class SqlAiBudget:
    """A row for each day."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    async def reserve(self, day: date, cost: Decimal, *, limit: Decimal) -> bool:
        booked, most = microusd(cost), microusd_at_most(limit)
        if booked > most:  # the statement's condition does not bind the first cost of a day
            return False
        row = insert_into(self._engine, ai_spending).values(day=day, spent_microusd=booked)
        # One statement: the row it waits for is locked, and its condition reads what stands there then.
        total = ai_spending.c.spent_microusd + row.excluded.spent_microusd
        book = row.on_conflict_do_update(
            index_elements=["day"], set_={"spent_microusd": total}, where=total <= most
        ).returning(ai_spending.c.day)
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(book)).scalar() is not None

    async def settle(self, day: date, *, reserved: Decimal, spent: Decimal) -> None:
        more = microusd(spent) - microusd(reserved)
        row = insert_into(self._engine, ai_spending).values(day=day, spent_microusd=max(more, 0))
        total = ai_spending.c.spent_microusd + more
        not_below_zero = case((total < 0, 0), else_=total)
        put = row.on_conflict_do_update(index_elements=["day"], set_={"spent_microusd": not_below_zero})
        async with translated(), self._engine.begin() as connection:
            await connection.execute(put)

    async def spent(self, day: date) -> Decimal:
        query = select(ai_spending.c.spent_microusd).where(ai_spending.c.day == day)
        async with translated(), self._reading.connect() as connection:
            return dollars((await connection.execute(query)).scalar() or 0)
