"""Alerts that wait to be said, in SQL: a row each, and one row for whose turn it is."""

import secrets
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.alert_rows import ONE_WRITER, AlertRows, readable
from carquery.adapters.sql.dialects import insert_into, one_at_a_time
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.storable import storable
from carquery.adapters.sql.tables import alert_turn, alerts, told
from carquery.adapters.stored.alert_json import ALERT_KINDS
from carquery.application.ports.alert_outbox import AT_ONCE, PACE, AlertFigures, TakenAlert
from carquery.application.ports.alerts import Alert
from carquery.application.ports.environment import Clock
from carquery.application.staff.alert_rules import rule_of

UNREADABLE_WAITS: Final = timedelta(hours=1)
"""Another version may come that can read it."""
LENT: Final = (AT_ONCE - 1) * PACE
_NO_TIME: Final = timedelta()


@repeating
class SqlAlertOutbox:
    """Time is the database's."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._rows = AlertRows(engine, clock)

    async def add(self, alert: Alert) -> None:
        async with translated(), self._engine.begin() as connection:
            await self._rows.keep(connection, alert)

    async def take(self, *, lease_for: timedelta) -> TakenAlert | None:
        async with translated(), self._reading.connect() as connection:  # mostly there is nothing: no write for that
            if (await connection.execute(self._due().limit(1))).first() is None:
                return None
        async with translated(), self._engine.begin() as connection:
            await one_at_a_time(connection, ONE_WRITER)
            lease, failures = await self._turn(connection, lease_for)
            if failures is None:
                return None
            for row in (await connection.execute(self._due())).mappings():
                alert = readable(row)
                if alert is not None:
                    mark = update(alerts).where(alerts.c.id == row["id"]).values(taken=True)
                    await connection.execute(mark)
                    return TakenAlert(
                        id=row["id"],
                        lease=lease,
                        alert=alert,
                        since=row["told_at"],
                        times=row["times"],
                        failures=failures,
                    )
                later = self._rows.now(later=UNREADABLE_WAITS)
                await connection.execute(update(alerts).where(alerts.c.id == row["id"]).values(not_before=later))
            await self._release(connection, lease)
        return None

    async def said(self, taken: TakenAlert) -> timedelta:
        rule = rule_of(taken.alert)
        async with translated(), self._engine.begin() as connection:
            await one_at_a_time(connection, ONE_WRITER)
            await connection.execute(delete(alerts).where(alerts.c.id == taken.id))
            if rule.quiet:
                await self._quieten(connection, rule.cause, rule.quiet)
            await self._release(connection, taken.lease)
            return await self._pay(connection, failures=0, because="")

    async def pause(self, taken: TakenAlert, *, for_: timedelta, because: str, is_failure: bool = True) -> None:
        values = {
            "paused_until": self._rows.now(later=for_),
            "because": storable(because),
            "failures": alert_turn.c.failures + 1 if is_failure else 0,
        }
        async with translated(), self._engine.begin() as connection:
            await one_at_a_time(connection, ONE_WRITER)
            if await self._release(connection, taken.lease):
                await connection.execute(update(alert_turn).values(values))
                await connection.execute(update(alerts).where(alerts.c.id == taken.id).values(taken=False))

    async def resume(self) -> None:
        after_failures = update(alert_turn).where(alert_turn.c.failures > 0)
        async with translated(), self._engine.begin() as connection:
            await connection.execute(after_failures.values(failures=0, paused_until=None))

    async def set_aside(self, taken: TakenAlert, *, for_: timedelta) -> None:
        values = {"taken": False, "not_before": self._rows.now(later=for_)}
        async with translated(), self._engine.begin() as connection:
            await one_at_a_time(connection, ONE_WRITER)
            await connection.execute(update(alerts).where(alerts.c.id == taken.id).values(values))
            await self._release(connection, taken.lease)
            await self._pay(connection)

    async def hush(self, taken: TakenAlert, *, for_: timedelta) -> None:
        async with translated(), self._engine.begin() as connection:
            await one_at_a_time(connection, ONE_WRITER)
            await self._quieten(connection, rule_of(taken.alert).cause, for_)
            await connection.execute(update(alerts).where(alerts.c.id == taken.id).values(taken=False))
            await self._release(connection, taken.lease)

    async def forget_expired(self) -> int:
        expired = delete(alerts).where(alerts.c.expires_at <= self._rows.now())
        quiet_is_over = told.c.quiet_until <= self._rows.now()
        nothing_waits = told.c.cause.not_in(select(alerts.c.cause))  # for what waits, it says since when that is due
        async with translated(), self._engine.begin() as connection:
            forgotten = (await connection.execute(expired)).rowcount
            await connection.execute(delete(told).where(quiet_is_over, nothing_waits))
            return forgotten

    async def figures(self) -> AlertFigures:
        quiet_is_over = or_(told.c.quiet_until.is_(None), told.c.quiet_until <= self._rows.now())
        async with translated(), self._reading.connect() as connection:
            missed = self._rows.waiting().where(quiet_is_over, alerts.c.told_at <= self._rows.now())
            rows = (await connection.execute(missed)).all()
            because: str = (await connection.execute(select(alert_turn.c.because))).scalar_one()
        due_since = [max(row.told_at, row.quiet_until or row.told_at) for row in rows]
        return AlertFigures(
            kinds=Counter(row.kind for row in rows),
            oldest=min(due_since, default=None),
            because=because if rows else "",
        )

    def _due(self) -> Select[Any]:
        """What may be said now, oldest first."""
        now = self._rows.now()
        return (
            self._rows.waiting()
            .where(
                alerts.c.kind.in_(ALERT_KINDS),
                or_(alerts.c.not_before.is_(None), alerts.c.not_before <= now),
                or_(told.c.quiet_until.is_(None), told.c.quiet_until <= now),
            )
            .order_by(alerts.c.id)
        )

    async def _turn(self, connection: AsyncConnection, lease_for: timedelta) -> tuple[str, int | None]:
        """A lease, and the failures before it; `None` if it is not the time."""
        lease, now = secrets.token_hex(16), self._rows.now()
        is_time = and_(
            or_(alert_turn.c.lease_until.is_(None), alert_turn.c.lease_until <= now),
            or_(alert_turn.c.paused_until.is_(None), alert_turn.c.paused_until <= now),
            or_(alert_turn.c.paid_until.is_(None), alert_turn.c.paid_until <= self._rows.now(later=LENT)),
        )
        take = update(alert_turn).where(is_time).values(lease=lease, lease_until=self._rows.now(later=lease_for))
        return lease, (await connection.execute(take.returning(alert_turn.c.failures))).scalar()

    async def _quieten(self, connection: AsyncConnection, cause: str, time: timedelta) -> None:
        values = {"told_at": self._rows.now(), "quiet_until": self._rows.now(later=time)}
        row = insert_into(self._engine, told).values(cause=storable(cause), **values)
        await connection.execute(row.on_conflict_do_update(index_elements=["cause"], set_=values))

    async def _release(self, connection: AsyncConnection, lease: str) -> bool:
        """Give the turn back. False: somebody else has it."""
        give_back = update(alert_turn).where(alert_turn.c.lease == lease).values(lease=None, lease_until=None)
        return (await connection.execute(give_back)).rowcount > 0

    async def _pay(self, connection: AsyncConnection, **values: object) -> timedelta:
        """A message went out. Returns how long the next one waits."""
        turn = select(alert_turn.c.paid_until, self._rows.now().label("now"))
        row: Row[Any] = (await connection.execute(turn)).one()
        paid_until = max(row.paid_until or row.now, row.now) + PACE
        await connection.execute(update(alert_turn).values(paid_until=paid_until, **values))
        wait: timedelta = paid_until - LENT - row.now
        return max(wait, _NO_TIME)
