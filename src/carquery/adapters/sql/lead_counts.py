"""How many leads there are."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from carquery.adapters.sql.lead_conditions import IS_DELIVERED, IS_KNOWN, UNDELIVERED
from carquery.adapters.sql.tables import leads
from carquery.application.ports.leads_maintenance import ON_THEIR_WAY, LeadFigures
from carquery.domain.forms.form import Service
from carquery.domain.lead import LeadStatus

AT_ONCE: Final = 100_000
"""In one statement: of a million it would take so long that it was cut short."""


async def undelivered(connection: AsyncConnection) -> LeadFigures:
    """As `LeadsMaintenance` promises."""
    kind = (leads.c.service, leads.c.status)
    counted = select(*kind, func.count(), func.min(leads.c.created_at)).where(UNDELIVERED).group_by(*kind)
    rows = (await connection.execute(counted)).all()
    # What a later version may have stored can't be counted here.
    counts = {
        (Service(service), LeadStatus(status)): count
        for service, status, count, _ in rows
        if service in set(Service) and status in set(LeadStatus)
    }
    waiting = [oldest for _, status, _, oldest in rows if status in ON_THEIR_WAY]
    return LeadFigures(counts=counts, oldest_waiting=min(waiting, default=None))


async def delivered(connection: AsyncConnection, *, at_once: int = AT_ONCE) -> Mapping[Service, int]:
    """As `LeadsMaintenance` promises."""
    of_each = [func.count().filter(leads.c.service == service.value) for service in Service]
    counted = select(*of_each).where(IS_DELIVERED, IS_KNOWN)
    counts: Counter[Service] = Counter()
    async for span in _spans(connection, at_once):
        counts.update(dict(zip(Service, (await connection.execute(counted.where(span))).one(), strict=True)))
    return counts


async def _spans(connection: AsyncConnection, at_once: int) -> AsyncIterator[ColumnElement[bool]]:
    """Conditions that each some `at_once` of them fulfil, and each of them one."""
    moment = leads.c.delivered_at
    yield moment.is_(None)
    is_left: ColumnElement[bool] = moment.is_not(None)
    while (last := await _moment_of_the_last(connection, is_left, at_once)) is not None:
        yield and_(is_left, moment <= last)
        is_left = moment > last
    yield is_left


async def _moment_of_the_last(
    connection: AsyncConnection, is_left: ColumnElement[bool], at_once: int
) -> datetime | None:
    in_order = select(leads.c.delivered_at).where(IS_DELIVERED, IS_KNOWN, is_left).order_by(leads.c.delivered_at)
    last: datetime | None = (await connection.execute(in_order.offset(at_once - 1).limit(1))).scalar_one_or_none()
    return last
