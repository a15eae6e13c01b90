"""When leads were first touched, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.alert_rows import AlertRows
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.lead_conditions import IS_KNOWN
from carquery.adapters.sql.lead_rows import readable
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import first_touches, leads
from carquery.application.ports.environment import Clock
from carquery.application.ports.first_touches import Answered, Look, WatchedLead
from carquery.domain.first_touch import FirstTouch
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmUserId, LeadId, Source

_TOUCHED_AT: Final = first_touches.c.touched_at
_WATCHED: Final = first_touches.c.look_at.is_not(None)


@repeating
class SqlFirstTouches:
    """A row for each lead that was delivered."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._alerts = AlertRows(engine, clock)

    async def due(self, *, limit: int, now: datetime) -> tuple[WatchedLead, ...]:
        watched = (
            select(leads, *(first_touches.c[name].label(f"watched_{name}") for name in _SEEN))
            .join_from(first_touches, leads, leads.c.id == first_touches.c.lead)
            .where(first_touches.c.look_at <= now, _WATCHED, IS_KNOWN)
            .order_by(first_touches.c.look_at, first_touches.c.lead)
            .limit(limit)
        )
        async with translated(), self._reading.connect() as connection:
            rows = {row["id"]: row for row in (await connection.execute(watched)).mappings()}
        known, _ = readable(rows.values())
        return tuple(
            WatchedLead(lead, row["watched_delivered_at"], _touch(row), row["watched_told_at"])
            for lead in known
            for row in (rows[lead.id],)
        )

    async def note(self, looks: Sequence[Look], *, at: datetime) -> int:
        if not looks:
            return 0
        first = 0
        async with translated(), self._engine.begin() as connection:
            for look in sorted(looks, key=lambda look: look.lead):  # in one order, whoever else writes
                first += await self._note(connection, look, at)
        return first

    async def answered(
        self, *, since: datetime, until: datetime | None = None, at_most: int | None = None
    ) -> tuple[Answered, ...]:
        columns = (leads.c.service, leads.c.source, leads.c.created_at, _TOUCHED_AT)
        query = (
            select(*columns)
            .join_from(first_touches, leads, leads.c.id == first_touches.c.lead)
            .where(first_touches.c.delivered_at >= since, leads.c.created_at >= since)
            .where(first_touches.c.looked_at.is_not(None))
            .order_by(leads.c.created_at.desc())
            .limit(at_most)
        )
        if until is not None:
            query = query.where(leads.c.created_at < until)
        async with translated(), self._reading.connect() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            Answered(
                Service(row.service), None if row.source is None else Source(row.source), row.created_at, row.touched_at
            )
            for row in reversed(rows)
        )

    async def of_leads(self, leads: Collection[LeadId]) -> Mapping[LeadId, FirstTouch]:
        touched = select(first_touches.c.lead, _TOUCHED_AT, first_touches.c.touched_by).where(
            first_touches.c.lead.in_(leads), _TOUCHED_AT.is_not(None)
        )
        async with translated(), self._reading.connect() as connection:
            rows = (await connection.execute(touched)).all()
        return {LeadId(row.lead): FirstTouch(row.touched_at, CrmUserId(row.touched_by)) for row in rows}

    async def untouched(self) -> int:
        watched = first_touches.join(leads, leads.c.id == first_touches.c.lead)
        query = select(func.count()).select_from(watched).where(_WATCHED, _TOUCHED_AT.is_(None), IS_KNOWN)
        async with translated(), self._reading.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def _note(self, connection: AsyncConnection, look: Look, at: datetime) -> int:
        """Returns 1 if this is the first touch of that lead that is known."""
        this = first_touches.c.lead == look.lead
        before = select(_TOUCHED_AT).where(this).with_for_update()
        known = (await connection.execute(before)).one_or_none()
        if known is None:
            return 0
        seen: dict[str, Any] = {"looked_at": at, "look_at": look.again_at}
        await connection.execute(update(first_touches).where(this).values(seen))
        if look.touch is not None:
            earlier = {"touched_at": look.touch.at, "touched_by": look.touch.by}
            later = or_(_TOUCHED_AT.is_(None), look.touch.at < _TOUCHED_AT)
            await connection.execute(update(first_touches).where(this, later).values(earlier))
        if look.told is not None and await self._may_tell(connection, this, at):
            await self._alerts.keep(connection, look.told)
        return int(look.touch is not None and known.touched_at is None)

    async def _may_tell(self, connection: AsyncConnection, this: ColumnElement[bool], at: datetime) -> bool:
        untold = and_(first_touches.c.told_at.is_(None), _TOUCHED_AT.is_(None))
        return (await connection.execute(update(first_touches).where(this, untold).values(told_at=at))).rowcount > 0


_SEEN: Final = ("delivered_at", "touched_at", "touched_by", "told_at")


def _touch(row: RowMapping) -> FirstTouch | None:
    at = row["watched_touched_at"]
    return None if at is None else FirstTouch(at, CrmUserId(row["watched_touched_by"]))
