"""What customers change of sent leads, in SQL."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, RowMapping, Select, and_, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.amendment_rows import amendment_from_row, amendment_to_row, progress_to_row, said_to_row
from carquery.adapters.sql.claiming import free
from carquery.adapters.sql.customer_columns import is_of
from carquery.adapters.sql.dialects import database_now
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.lead_conditions import IS_DELIVERED, IS_KNOWN
from carquery.adapters.sql.lead_listener import LEADS, ring
from carquery.adapters.sql.lead_rows import lead_from_row
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import customers, lead_amendments, leads
from carquery.adapters.sql.transitions import RELEASED, changed
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.amendments import ClaimedAmendment, NotAmended
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import LeadUnreadable, Lease
from carquery.domain.amendment import (
    MOST_AMENDMENTS,
    Amendment,
    AmendmentStatus,
    amended,
    as_the_customer_sees,
    cancelled_at,
    is_begun,
)
from carquery.domain.ids import AmendmentId, CustomerId, LeadId
from carquery.domain.lead import Lead, LeadStatus

log = structlog.get_logger(__name__)

_PENDING: Final = AmendmentStatus.PENDING.value
_DEAD: Final = AmendmentStatus.DEAD.value


@repeating
class SqlAmendments:
    """One row each; the lead's row is locked first by whoever changes both."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock

    async def add(self, amendment: Amendment, customer: CustomerId) -> Amendment:
        async with translated(), self._engine.begin() as connection:
            lead, is_held = await self._their_lead(connection, amendment.lead, customer)
            earlier = await _of(connection, lead.id)
            if (first := next((one for one in earlier if one.id == amendment.id), None)) is not None:
                return first
            if cancelled_at(earlier) is not None or len(earlier) >= MOST_AMENDMENTS:
                raise NotAmended
            seen = as_the_customer_sees(lead, earlier)
            kept = amendment.against(seen)
            if not kept.changes_anything:
                raise NotAmended
            kept = await self._fold(connection, lead, kept, is_held=is_held)
            await connection.execute(insert(lead_amendments).values(amendment_to_row(kept)))
            await _remember(connection, amended(seen, kept), customer)
            await ring(connection, LEADS)
        return kept

    async def load(self, amendment: AmendmentId) -> Amendment | None:
        async with translated(), self._reading.connect() as connection:
            row = (await connection.execute(_in_order(lead_amendments.c.id == amendment))).mappings().one_or_none()
        return None if row is None else amendment_from_row(row)

    async def of(self, ids: Collection[LeadId]) -> Mapping[LeadId, tuple[Amendment, ...]]:
        if not ids:
            return {}
        found: dict[LeadId, list[Amendment]] = defaultdict(list)
        async with translated(), self._reading.connect() as connection:
            for row in (await connection.execute(_in_order(lead_amendments.c.lead.in_(ids)))).mappings():
                found[LeadId(row["lead"])].append(amendment_from_row(row))
        return {lead: tuple(amendments) for lead, amendments in found.items()}

    async def claim(self, *, lease_for: timedelta) -> ClaimedAmendment | None:
        due = deliverable(self._now())
        async with translated(), self._reading.connect() as connection:  # mostly there is nothing: no write for that
            if (await connection.execute(due)).first() is None:
                return None
        lease = Lease(secrets.token_hex(16))
        take = (
            update(lead_amendments)
            .where(lead_amendments.c.id.in_(due.with_for_update(of=lead_amendments, skip_locked=True)))
            .values(lease=lease, lease_until=self._now(later=lease_for))
            .returning(lead_amendments)
        )
        async with translated(), self._engine.begin() as connection:
            row = (await connection.execute(take)).mappings().one_or_none()
            if row is None:
                return None
            try:
                return await self._claimed(connection, row, lease)
            except LeadUnreadable:  # one such must not keep all others from being delivered
                log.warning("amendment_unreadable", lead=row["lead"])
                dead = {"status": _DEAD, "failure": str(LeadReason.UNREADABLE()), "next_attempt_at": None}
                mine = update(lead_amendments).where(lead_amendments.c.id == row["id"])
                await connection.execute(mine.values(dead | RELEASED))
                return None

    async def update(self, amendment: Amendment, lease: Lease, *, lease_for: timedelta | None) -> bool:
        held = {"lease": lease, "lease_until": self._now(later=lease_for)} if lease_for is not None else RELEASED
        ours = and_(lead_amendments.c.id == amendment.id, lead_amendments.c.lease == lease)
        write = update(lead_amendments).where(ours).values({**progress_to_row(amendment), **held})
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(write)).rowcount > 0

    async def put_back(self, ids: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        dead = and_(lead_amendments.c.lead.in_(ids), lead_amendments.c.status == _DEAD)
        again = {"status": _PENDING, "attempts": 0, "next_attempt_at": at, "failure": None}
        write = update(lead_amendments).where(dead).values(again | RELEASED).returning(lead_amendments.c.lead)
        async with translated(), self._engine.begin() as connection:
            return frozenset((await connection.execute(write)).scalars())

    async def _their_lead(self, connection: AsyncConnection, lead: LeadId, customer: CustomerId) -> tuple[Lead, bool]:
        """The lead, locked, and whether somebody has it in hand."""
        held = (~free(self._now())).label("is_held")
        theirs = select(leads, held).where(leads.c.id == lead, is_of(leads, customer), IS_KNOWN).with_for_update()
        row = (await connection.execute(theirs)).mappings().one_or_none()
        if row is None:
            raise NotAmended
        return lead_from_row(row), bool(row["is_held"])

    async def _fold(self, connection: AsyncConnection, lead: Lead, amendment: Amendment, *, is_held: bool) -> Amendment:
        """Let the lead say it, unless it is on its way just now; whoever had it in hand before has not any more."""
        is_delivered = lead.status is LeadStatus.DELIVERED
        if not is_delivered and (is_held or is_begun(lead)):
            return amendment
        await _write(connection, lead, amended(lead, amendment), released=not is_delivered)
        return amendment.folded() if is_delivered or amendment.is_cancellation else amendment.included()

    async def _claimed(self, connection: AsyncConnection, row: RowMapping, lease: Lease) -> ClaimedAmendment:
        amendment = amendment_from_row(row)
        its_lead = select(leads).where(leads.c.id == amendment.lead).with_for_update()
        lead = lead_from_row((await connection.execute(its_lead)).mappings().one())
        if amendment.is_folded:
            return ClaimedAmendment(amendment, lead, lease)
        amendment = amendment.against(lead).folded()
        says = amended(lead, amendment)
        await _write(connection, lead, says, released=False)
        mine = update(lead_amendments).where(lead_amendments.c.id == amendment.id)
        await connection.execute(mine.values(said_to_row(amendment)))
        return ClaimedAmendment(amendment, says, lease)

    def _now(self, *, later: timedelta = timedelta()) -> ColumnElement[datetime]:
        return database_now(self._engine, self._clock, later=later)


def deliverable(now: ColumnElement[datetime]) -> Select[Any]:
    """The id of the one to be delivered next: `ix_lead_amendments_due` is walked until there is one."""
    one, earlier = lead_amendments, lead_amendments.alias()
    waits = (
        select(earlier.c.id)
        .where(
            earlier.c.lead == one.c.lead,
            tuple_(earlier.c.asked_at, earlier.c.id) < tuple_(one.c.asked_at, one.c.id),
            earlier.c.status == _PENDING,
        )
        .correlate(one)
        .exists()
    )
    in_the_crm = select(leads.c.id).where(leads.c.id == one.c.lead, IS_DELIVERED, IS_KNOWN).correlate(one).exists()
    due = select(one.c.id).where(one.c.next_attempt_at <= now, free(now, one), in_the_crm, ~waits)
    return due.order_by(one.c.next_attempt_at, one.c.id).limit(1)


def _in_order(chosen: ColumnElement[bool]) -> Select[Any]:
    return select(lead_amendments).where(chosen).order_by(lead_amendments.c.asked_at, lead_amendments.c.id)


async def _of(connection: AsyncConnection, lead: LeadId) -> Sequence[Amendment]:
    rows = (await connection.execute(_in_order(lead_amendments.c.lead == lead))).mappings()
    return [amendment_from_row(row) for row in rows]


async def _write(connection: AsyncConnection, before: Lead, after: Lead, *, released: bool) -> None:
    values = changed(before, after) | (RELEASED if released else {})
    if values:
        await connection.execute(update(leads).where(leads.c.id == before.id).values(values))


async def _remember(connection: AsyncConnection, lead: Lead, customer: CustomerId) -> None:
    """The name and phone that they have given last."""
    known = {
        "name": None if lead.name is None else lead.name.name,
        "phone": None if lead.phone is None else lead.phone.e164,
    }
    values = {column: value for column, value in known.items() if value is not None}
    if values:
        await connection.execute(update(customers).where(is_of(customers, customer)).values(values))
