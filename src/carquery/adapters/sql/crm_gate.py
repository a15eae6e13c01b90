"""Whose turn it is to call the CRM, in SQL: one row that all processes share, by the database's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import GateClosed, Turn
from carquery.adapters.sql.dialects import Moments, database_now
from carquery.adapters.sql.direct import Direct
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.storable import storable
from carquery.adapters.sql.tables import crm_gate
from carquery.application.ports.crm import Closure
from carquery.application.ports.environment import Clock
from carquery.domain.reason import Reason


@repeating
class SqlCrmGate:
    """Turns lie `spacing` apart; an idle time gives no burst."""

    def __init__(self, engine: AsyncEngine, clock: Clock, spacing: timedelta) -> None:
        self._engine = engine
        self._clock = clock
        self._spacing = spacing
        self._moments = Moments(engine, clock)
        now, later = self._moments.column("now"), self._moments.column("later")
        is_open = or_(crm_gate.c.closed_until.is_(None), crm_gate.c.closed_until <= now)
        is_there = update(crm_gate).where(crm_gate.c.next_at <= now, is_open)
        row = select(crm_gate, now.label("now"))
        self._take = Direct(engine, is_there.values(next_at=later).returning(crm_gate.c.id), writes=True)
        self._look = Direct(engine, row)
        self._locked_row = row.with_for_update()

    async def take_turn(self, *, ahead: int = 0) -> Turn:
        moments = self._moments.bound(now=timedelta(), later=self._spacing * (1 + ahead))
        async with translated():
            if await self._take(moments):
                return Turn(is_ours=True, next_in=self._spacing)
            (row,) = await self._look(self._now())
        if (closure := _closure(row)) is not None:
            raise GateClosed(closure)
        return Turn(is_ours=False, next_in=max(row["next_at"] - row["now"], timedelta()))

    async def pause(self, time: timedelta) -> None:
        until = database_now(self._engine, self._clock, later=time)
        async with translated(), self._engine.begin() as connection:
            await connection.execute(update(crm_gate).where(crm_gate.c.next_at < until).values(next_at=until))

    async def close(self, reason: Reason, *, shortest: timedelta, longest: timedelta) -> None:
        async with translated(), self._engine.begin() as connection:
            row = (await connection.execute(self._locked_row, self._now())).mappings().one()
            if _closure(row) is not None:
                return
            closed_until = row["now"] + min(shortest * (1 << min(row["strikes"], 16)), longest)
            close = update(crm_gate).values(
                closed_until=closed_until, reason=storable(str(reason)), strikes=row["strikes"] + 1
            )
            await connection.execute(close)

    async def open(self) -> None:
        async with translated(), self._engine.begin() as connection:
            await connection.execute(update(crm_gate).values(closed_until=None, strikes=0))

    async def closure(self) -> Closure | None:
        async with translated():
            (row,) = await self._look(self._now())
        return _closure(row)

    def _now(self) -> Mapping[str, datetime | timedelta]:
        return self._moments.bound(now=timedelta())


def _closure(row: Mapping[str, Any] | RowMapping) -> Closure | None:
    if row["closed_until"] is None or row["closed_until"] <= row["now"]:
        return None
    return Closure(Reason.read(row["reason"]), row["closed_until"] - row["now"])
