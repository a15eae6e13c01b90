"""Whose turn it is to call the CRM, in SQL: one row that all processes share, by the database's clock."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import GateClosed
from carquery.adapters.sql.dialects import database_now
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.storable import storable
from carquery.adapters.sql.tables import crm_gate
from carquery.application.ports.crm import Closure
from carquery.application.ports.environment import Clock
from carquery.domain.reason import Reason

_NO_TIME = timedelta()


@repeating
class SqlCrmGate:
    """Turns lie `spacing` apart; an idle time gives no burst."""

    def __init__(self, engine: AsyncEngine, clock: Clock, spacing: timedelta) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock
        self._spacing = spacing

    async def take_turn(self) -> timedelta:
        # Read first: on SQLite a writer who waits in vain would hold up all others.
        wait = await self._wait()
        if wait > _NO_TIME:
            return wait
        now = database_now(self._engine, self._clock)
        is_open = or_(crm_gate.c.closed_until.is_(None), crm_gate.c.closed_until <= now)
        take = (
            update(crm_gate)
            .where(crm_gate.c.next_at <= now, is_open)
            .values(next_at=database_now(self._engine, self._clock, later=self._spacing))
            .returning(crm_gate.c.id)
        )
        async with translated(), self._engine.begin() as connection:
            is_ours = (await connection.execute(take)).scalar() is not None
        return _NO_TIME if is_ours else await self._wait() or self._spacing

    async def pause(self, time: timedelta) -> None:
        until = database_now(self._engine, self._clock, later=time)
        async with translated(), self._engine.begin() as connection:
            await connection.execute(update(crm_gate).where(crm_gate.c.next_at < until).values(next_at=until))

    async def close(self, reason: Reason, *, shortest: timedelta, longest: timedelta) -> None:
        async with translated(), self._engine.begin() as connection:
            row = (await connection.execute(self._row().with_for_update())).one()
            if _closure(row) is not None:
                return
            closed_until = row.now + min(shortest * (1 << min(row.strikes, 16)), longest)
            close = update(crm_gate).values(
                closed_until=closed_until, reason=storable(str(reason)), strikes=row.strikes + 1
            )
            await connection.execute(close)

    async def open(self) -> None:
        async with translated(), self._engine.begin() as connection:
            await connection.execute(update(crm_gate).values(closed_until=None, strikes=0))

    async def closure(self) -> Closure | None:
        return _closure(await self._read())

    async def _wait(self) -> timedelta:
        row = await self._read()
        closure = _closure(row)
        if closure is not None:
            raise GateClosed(closure)
        wait: timedelta = row.next_at - row.now
        return max(wait, _NO_TIME)

    async def _read(self) -> Row[Any]:
        async with translated(), self._reading.connect() as connection:
            row: Row[Any] = (await connection.execute(self._row())).one()
            return row

    def _row(self) -> Select[Any]:
        return select(crm_gate, database_now(self._engine, self._clock).label("now"))


def _closure(row: Row[Any]) -> Closure | None:
    if row.closed_until is None or row.closed_until <= row.now:
        return None
    return Closure(Reason.read(row.reason), row.closed_until - row.now)
