"""How far bots have read their updates, in SQL."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.direct import Direct
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import polling_markers


@repeating
class SqlMarkers:
    """A row for each bot."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        row = insert_into(engine, polling_markers).values(bot=bindparam("of"), marker=bindparam("now"))
        newest = row.on_conflict_do_update(index_elements=["bot"], set_={"marker": row.excluded.marker})
        self._keep = Direct(engine, newest.returning(polling_markers.c.bot), writes=True)

    async def load(self, bot: int) -> int | None:
        kept = select(polling_markers.c.marker).where(polling_markers.c.bot == bot)
        async with translated(), self._reading.connect() as connection:
            marker: int | None = (await connection.execute(kept)).scalar()
        return marker

    async def keep(self, bot: int, marker: int) -> None:
        async with translated():
            await self._keep({"of": bot, "now": marker})
