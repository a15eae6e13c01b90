"""Groups that have another id now, in SQL."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import moved_chats


@repeating
class SqlChatMoves:
    """A row for each move."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    async def known(self) -> Mapping[int, int]:
        async with translated(), self._reading.connect() as connection:
            rows = (await connection.execute(select(moved_chats))).all()
        return {row.chat: row.moved_to for row in rows}

    async def note(self, chat: int, moved_to: int) -> None:
        row = insert_into(self._engine, moved_chats).values(chat=chat, moved_to=moved_to)
        newest = row.on_conflict_do_update(index_elements=["chat"], set_={"moved_to": moved_to})
        async with translated(), self._engine.begin() as connection:
            await connection.execute(newest)
