"""Leads that were taken in the staff chat, in SQL."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.claiming import free
from carquery.adapters.sql.dialects import database_now, insert_into
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.lead_listener import LEADS, ring
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.storable import storable
from carquery.adapters.sql.tables import lead_takes
from carquery.adapters.sql.transitions import RELEASED
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Lease
from carquery.application.ports.takes import TakeClaim, TakeFigures
from carquery.domain.effects import CrmId
from carquery.domain.ids import CrmUserId, LeadId, Reference, StaffId
from carquery.domain.reason import Reason
from carquery.domain.take import StaffMember, Take, TakeEnd


@repeating
class SqlTakes:
    """A row each; that a lead has one at most, its key holds."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock

    async def take(self, take: Take) -> Take:
        put = insert_into(self._engine, lead_takes).on_conflict_do_nothing(index_elements=["lead"])
        async with translated(), self._engine.begin() as connection:
            await connection.execute(put, _to_row(take))
            await ring(connection, LEADS)
            stored = select(lead_takes).where(lead_takes.c.lead == take.lead)
            return _from_row((await connection.execute(stored)).mappings().one())

    async def of(self, lead: LeadId) -> Take | None:
        query = select(lead_takes).where(lead_takes.c.lead == lead)
        async with translated(), self._reading.connect() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else _from_row(row)

    async def of_leads(self, leads: Collection[LeadId]) -> Mapping[LeadId, Take]:
        query = select(lead_takes).where(lead_takes.c.lead.in_(leads))
        async with translated(), self._reading.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return {take.lead: take for take in map(_from_row, rows)}

    async def claim(self, *, lease_for: timedelta) -> TakeClaim | None:
        now = database_now(self._engine, self._clock)
        oldest = untold(now)
        async with translated(), self._reading.connect() as connection:  # mostly there is none: no write for that
            if (await connection.execute(oldest)).first() is None:
                return None
        lease = Lease(secrets.token_hex(16))
        until = database_now(self._engine, self._clock, later=lease_for)
        hold = (
            update(lead_takes)
            .where(lead_takes.c.lead.in_(oldest.with_for_update(skip_locked=True)), _is_due(now))
            .values(lease=lease, lease_until=until)
            .returning(lead_takes)
        )
        async with translated(), self._engine.begin() as connection:
            row = (await connection.execute(hold)).mappings().one_or_none()
        return None if row is None else TakeClaim(lease, _from_row(row))

    async def update(self, take: Take, lease: Lease, *, release: bool) -> bool:
        ours = and_(lead_takes.c.lead == take.lead, lead_takes.c.lease == lease)
        values = _progress(take) | (RELEASED if release else {})
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(update(lead_takes).where(ours).values(values))).rowcount > 0

    async def figures(self) -> TakeFigures:
        waits = lead_takes.c.due_at.is_not(None)
        query = select(func.count(), func.min(lead_takes.c.taken_at)).where(waits)
        async with translated(), self._reading.connect() as connection:
            waiting, oldest = (await connection.execute(query)).one()
        return TakeFigures(waiting=waiting, oldest=oldest)


def untold(now: ColumnElement[datetime]) -> Select[Any]:
    """The lead of the one that the CRM is to be told of next."""
    due_at, lead = lead_takes.c.due_at, lead_takes.c.lead
    return select(lead).where(_is_due(now)).order_by(due_at, lead).limit(1)


def _is_due(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(lead_takes.c.due_at <= now, lead_takes.c.due_at.is_not(None), free(now, lead_takes))


def _to_row(take: Take) -> dict[str, Any]:
    return {
        "lead": take.lead,
        "reference": take.reference,
        "deal": take.deal,
        "taken_at": take.at,
        "member": take.by.id,
        "member_name": storable(take.by.name),
        "crm_user": take.crm_user,
        **_progress(take),
    }


def _progress(take: Take) -> dict[str, Any]:
    """What changes on the way to the CRM."""
    return {
        "was_with": take.was_with,
        "intent_at": take.intent_at,
        "attempts": take.attempts,
        "due_at": take.due_at,
        "ended": None if take.end is None else take.end.value,
        "failure": None if take.failure is None else storable(str(take.failure)),
    }


def _from_row(row: RowMapping) -> Take:
    return Take(
        lead=LeadId(row["lead"]),
        reference=Reference(row["reference"]),
        deal=CrmId(row["deal"]),
        by=StaffMember(StaffId(row["member"]), row["member_name"]),
        crm_user=_user(row["crm_user"]),
        at=row["taken_at"],
        was_with=_user(row["was_with"]),
        intent_at=row["intent_at"],
        attempts=row["attempts"],
        due_at=row["due_at"],
        end=None if row["ended"] is None else TakeEnd(row["ended"]),
        failure=None if row["failure"] is None else Reason.read(row["failure"]),
    )


def _user(number: int | None) -> CrmUserId | None:
    return None if number is None else CrmUserId(number)
