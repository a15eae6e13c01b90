"""What people have been told lately, in SQL."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import database_now, insert_into
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.tables import told
from carquery.application.ports.environment import Clock


class SqlTold:
    """A row for each cause."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def is_news(self, cause: str, *, for_: timedelta) -> bool:
        row = insert_into(self._engine, told).values(cause=cause, told_at=database_now(self._engine, self._clock))
        before = database_now(self._engine, self._clock, later=-for_)
        tell = row.on_conflict_do_update(
            index_elements=["cause"], set_={"told_at": row.excluded.told_at}, where=told.c.told_at <= before
        ).returning(told.c.cause)
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(tell)).scalar() is not None
