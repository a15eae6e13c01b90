"""Who does what for the whole installation, in SQL."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import database_now, insert_into
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import chores
from carquery.application.ports.environment import Clock


@repeating
class SqlChores:
    """A row for each chore."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock

    async def take(self, chore: str, *, every: timedelta) -> bool:
        row = insert_into(self._engine, chores).values(chore=chore, taken_at=database_now(self._engine, self._clock))
        before = database_now(self._engine, self._clock, later=-every)
        taking = row.on_conflict_do_update(
            index_elements=["chore"], set_={"taken_at": row.excluded.taken_at}, where=chores.c.taken_at <= before
        ).returning(chores.c.chore)
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(taking)).scalar() is not None

    async def is_due(self, chore: str, *, every: timedelta) -> bool:
        before = database_now(self._engine, self._clock, later=-every)
        lately = select(chores.c.chore).where(chores.c.chore == chore, chores.c.taken_at > before)
        async with translated(), self._reading.connect() as connection:
            return (await connection.execute(lately)).first() is None

    async def give_back(self, chore: str) -> None:
        async with translated(), self._engine.begin() as connection:
            await connection.execute(delete(chores).where(chores.c.chore == chore))
