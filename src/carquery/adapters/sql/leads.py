"""Leads in SQL."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.dialects import database_now, insert_into
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated, violated
from carquery.adapters.sql.lead_rows import lead_from_row, lead_to_row
from carquery.adapters.sql.tables import UNIQUE_REFERENCE, customers, leads
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Lease, LeaseLost, ReferenceTaken
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus


class SqlLeads:
    """One row each."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock

    async def add(self, lead: Lead) -> Lead:
        row = insert_into(self._engine, leads).values(lead_to_row(lead))
        untouched = and_(
            leads.c.status == LeadStatus.PENDING.value,
            leads.c.lease.is_(None),
            leads.c.next_attempt_at == leads.c.created_at,
        )
        newer = {"answers": row.excluded.answers, "conversation": row.excluded.conversation}
        put = row.on_conflict_do_update(index_elements=["id"], set_=newer, where=untouched).returning(leads)
        try:
            async with translated(), self._engine.begin() as connection:
                stored = (await connection.execute(put)).mappings().one_or_none()
                if stored is not None:
                    await self._remember_customer(connection, lead)
        except IntegrityError as error:
            if violated(error, UNIQUE_REFERENCE, "leads.reference"):
                raise ReferenceTaken from error
            raise
        return await self._first(lead.id) if stored is None else lead_from_row(stored)

    async def load(self, lead: LeadId) -> Lead | None:
        return await self._one(leads.c.id == lead)

    async def find(self, reference: Reference) -> Lead | None:
        return await self._one(leads.c.reference == reference)

    async def newest(self, *, limit: int, status: LeadStatus | None = None) -> tuple[Lead, ...]:
        query = select(leads).order_by(leads.c.created_at.desc(), leads.c.id.desc()).limit(limit)
        if status is not None:
            query = query.where(leads.c.status == status.value)
        async with translated(), self._reading.connect() as connection:
            return tuple(lead_from_row(row) for row in (await connection.execute(query)).mappings())

    async def claim(self, *, limit: int, lease_for: timedelta) -> tuple[tuple[Lead, Lease], ...]:
        now = database_now(self._engine, self._clock)
        due = (
            select(leads.c.id)
            .where(
                leads.c.next_attempt_at <= now,
                leads.c.erased_at.is_(None),
                or_(leads.c.lease_until.is_(None), leads.c.lease_until <= now),
            )
            .order_by(leads.c.next_attempt_at, leads.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        lease = Lease(secrets.token_hex(16))
        take = (
            update(leads)
            .where(leads.c.id.in_(due))
            .values(
                status=LeadStatus.DELIVERING.value,
                lease=lease,
                lease_until=database_now(self._engine, self._clock, later=lease_for),
            )
            .returning(leads)
        )
        async with translated(), self._engine.begin() as connection:
            claimed = [lead_from_row(row) for row in (await connection.execute(take)).mappings()]
        claimed.sort(key=lambda lead: (lead.next_attempt_at, lead.id))
        return tuple((lead, lease) for lead in claimed)

    async def update(self, lead: Lead, lease: Lease, *, release: bool) -> None:
        values = lead_to_row(lead)
        if release:
            values |= {"lease": None, "lease_until": None}
        record = (
            update(leads)
            .where(leads.c.id == lead.id, leads.c.lease == lease, leads.c.erased_at.is_(None))
            .values(values)
            .returning(leads.c.id)
        )
        async with translated(), self._engine.begin() as connection:
            if (await connection.execute(record)).scalar() is None:
                raise LeaseLost

    async def _one(self, condition: ColumnElement[bool]) -> Lead | None:
        async with translated(), self._reading.connect() as connection:
            row = (await connection.execute(select(leads).where(condition))).mappings().one_or_none()
        return None if row is None else lead_from_row(row)

    async def _first(self, lead: LeadId) -> Lead:
        stored = await self.load(lead)
        if stored is None:
            raise AssertionError(f"lead {lead} was there a moment ago; leads are never deleted")
        return stored

    async def _remember_customer(self, connection: AsyncConnection, lead: Lead) -> None:
        if lead.customer is None:
            return
        known = {
            "name": None if lead.name is None else lead.name.name,
            "phone": None if lead.phone is None else lead.phone.e164,
        }
        row = insert_into(self._engine, customers).values(id=lead.customer, **known)
        await connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=known))
