"""Leads in SQL."""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, select, tuple_, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql import lead_counts
from carquery.adapters.sql.claiming import CLAIMING, free, taking
from carquery.adapters.sql.customer_columns import is_of
from carquery.adapters.sql.dialects import Moments, among, database_now, one_at_a_time
from carquery.adapters.sql.direct import Direct
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import is_about_values, name_of, translated, violated
from carquery.adapters.sql.lead_conditions import IS_KNOWN, IS_NOT_DELIVERED, UNDELIVERED, is_in_name
from carquery.adapters.sql.lead_progress import LeadProgress, note
from carquery.adapters.sql.lead_rows import entry_from_row, entry_to_row, lead_from_row, readable
from carquery.adapters.sql.lead_storing import LeadStoring
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import UNIQUE_REFERENCE, lead_history, leads
from carquery.adapters.sql.transitions import RELEASED, changed, written_by
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import ALL, Chosen, Claim, LeadChange, Lease, ReferenceTaken
from carquery.application.ports.leads_maintenance import LeadFigures
from carquery.domain.claiming import CONTACT_SETTLES
from carquery.domain.contact import Phone
from carquery.domain.dealership.routing import Turn
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.lead_limits import LeadLimits
from carquery.domain.reason import Reason

log = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 500
"""Ids in one statement; both databases take some 32 000 parameters."""


@repeating
class SqlLeads:
    """One row each."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock
        self._storing = LeadStoring(engine)
        self._progress = LeadProgress(engine, clock)
        self._moments = Moments(engine, clock)
        self._take_due = taking(self._moments)
        in_order = (leads.c.created_at, leads.c.id)
        theirs = among(engine, leads.c.phone, "phones")
        since = leads.c.created_at >= bindparam("since")
        self._of_phones = Direct(engine, select(leads).where(theirs, since, IS_KNOWN).order_by(*in_order))
        self._made_for_phones = Direct(engine, select(leads.c.phone, leads.c.made).where(theirs).order_by(*in_order))

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        try:
            async with translated():
                if turn is None and (stored := await self._storing.put_first(lead)) is not None:
                    return lead_from_row(stored)
                async with self._engine.begin() as connection:
                    stored = await self._storing.put(connection, lead, limits, turn)
        except IntegrityError as error:
            if violated(error, UNIQUE_REFERENCE, "leads.reference"):
                raise ReferenceTaken from error
            raise
        return await self._first(lead.id) if stored is None else lead_from_row(stored)

    async def load(self, lead: LeadId) -> Lead | None:
        return await self._one(leads.c.id == lead)

    async def find(self, reference: Reference) -> Lead | None:
        return await self._one(leads.c.reference == reference)

    async def newest(self, *, limit: int, chosen: Chosen = ALL, before: Lead | None = None) -> tuple[Lead, ...]:
        query = select(leads).where(*_conditions(chosen))
        if before is not None:
            query = query.where(tuple_(leads.c.created_at, leads.c.id) < (before.created_at, before.id))
        query = query.order_by(leads.c.created_at.desc(), leads.c.id.desc()).limit(limit)
        async with translated(), self._reading.connect() as connection:
            leads_of_page, _ = readable((await connection.execute(query)).mappings().all())
        return tuple(leads_of_page)

    async def of_phones(self, phones: Collection[Phone], *, since: datetime) -> tuple[Lead, ...]:
        async with translated():
            rows = await self._of_phones({"phones": _in_json(phones), "since": since})
        found, _ = readable(rows)
        return tuple(found)

    async def history(self, lead: LeadId) -> tuple[HistoryEntry, ...]:
        query = select(lead_history).where(lead_history.c.lead == lead).order_by(lead_history.c.id)
        async with translated(), self._reading.connect() as connection:
            return tuple(entry_from_row(row) for row in (await connection.execute(query)).mappings())

    async def claim(self, *, limit: int, lease_for: timedelta, only: Collection[LeadId] | None = None) -> Claim:
        lease = Lease(secrets.token_hex(16))
        take = self._take_due if only is None else taking(self._moments, only)
        moments = self._moments.bound(now=timedelta(), settled=-CONTACT_SETTLES, until=lease_for)
        terms = {"held_under": lease, "most": limit, **moments}
        async with translated(), self._engine.begin() as connection:
            await one_at_a_time(connection, CLAIMING)
            claimed, unreadable = readable((await connection.execute(take, terms)).mappings().all())
            if unreadable:  # one such lead must not keep all others from being delivered
                await self._set_aside(connection, unreadable, lease, LeadReason.UNREADABLE())
        claimed.sort(key=lambda lead: (lead.next_attempt_at, lead.id))
        return Claim(lease, tuple(claimed))

    async def renew(self, lease: Lease, *, lease_for: timedelta) -> int:
        now = database_now(self._engine, self._clock)
        held = and_(leads.c.lease == lease, leads.c.lease_until > now, IS_KNOWN)
        longer = database_now(self._engine, self._clock, later=lease_for)
        async with translated(), self._engine.begin() as connection:
            renewed = await connection.execute(update(leads).where(held).values(lease_until=longer))
        return renewed.rowcount

    async def update(self, changes: Sequence[LeadChange], lease: Lease, *, release: bool) -> frozenset[LeadId]:
        if not changes:
            return frozenset()
        try:
            return await self._record(changes, lease, release=release)
        except DBAPIError as error:
            if not is_about_values(error):
                raise
        return await self._record_each(changes, lease, release=release)

    async def _record_each(self, changes: Sequence[LeadChange], lease: Lease, *, release: bool) -> frozenset[LeadId]:
        """The database refused a value of one of them: it must not cost the others."""
        written: set[LeadId] = set()
        for change in changes:
            try:
                written |= await self._record([change], lease, release=release)
            except DBAPIError as error:
                if not is_about_values(error):
                    raise
                log.error("lead_refused_by_database", reference=change.lead.reference, cause=name_of(error))  # noqa: TRY400  # a traceback quotes the values
                async with translated(), self._engine.begin() as connection:
                    await self._set_aside(connection, [change.lead.id], lease, LeadReason.UNSTORABLE())
        return frozenset(written)

    async def _record(self, changes: Sequence[LeadChange], lease: Lease, *, release: bool) -> frozenset[LeadId]:
        async with translated():
            return await self._progress.record(changes, lease, release=release)

    async def put_back(self, ids: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        may_be = and_(UNDELIVERED, free(database_now(self._engine, self._clock)))
        again = written_by(lambda lead: lead.resubmitted(at=at))
        resubmit = update(leads).values(again | RELEASED).returning(leads.c.id)
        put_back: list[LeadId] = []
        async with translated(), self._engine.begin() as connection:
            for portion in _portions(sorted(ids)):
                put_back += (await connection.execute(resubmit.where(may_be, leads.c.id.in_(portion)))).scalars()
            entry = HistoryEntry(at, Happening.RESUBMITTED)
            await note(connection, [entry_to_row(lead, entry) for lead in put_back])
        return frozenset(put_back)

    async def put_in_doubt(self, *, at: datetime) -> int:
        """As `LeadsMaintenance` promises."""
        count = 0
        async with translated(), self._engine.begin() as connection:
            rows = (await connection.execute(select(leads).where(UNDELIVERED).with_for_update())).mappings()
            for lead in readable(rows)[0]:
                doubted = lead.put_in_doubt(at=at)
                if doubted is lead:
                    continue
                count += 1
                if values := changed(lead, doubted):
                    await connection.execute(update(leads).where(leads.c.id == lead.id).values(values))
        return count

    async def undelivered(self) -> LeadFigures:
        """As `LeadsMaintenance` promises."""
        async with translated(), self._reading.connect() as connection:
            return await lead_counts.undelivered(connection)

    async def delivered(self) -> Mapping[Service, int]:
        """As `LeadsMaintenance` promises."""
        async with translated(), self._reading.connect() as connection:
            return await lead_counts.delivered(connection)

    async def figures(self) -> LeadFigures:
        """As `LeadsMaintenance` promises."""
        async with translated(), self._reading.connect() as connection:
            undelivered = await lead_counts.undelivered(connection)
            return undelivered.with_delivered(await lead_counts.delivered(connection))

    async def contacts_of(self, phones: Collection[Phone]) -> Mapping[Phone, CrmId]:
        """As `KnownContacts` promises."""
        async with translated():
            rows = await self._made_for_phones({"phones": _in_json(phones)})
        contact = Effect.CONTACT.value
        return {Phone(row["phone"]): CrmId(row["made"][contact]) for row in rows if contact in row["made"]}

    async def _one(self, condition: ColumnElement[bool]) -> Lead | None:
        async with translated(), self._reading.connect() as connection:
            row = (await connection.execute(select(leads).where(condition))).mappings().one_or_none()
        return None if row is None else lead_from_row(row)

    async def _set_aside(self, connection: AsyncConnection, bad: Collection[LeadId], lease: Lease, why: Reason) -> None:
        """Let nobody try these again before a person has looked at them."""
        dead = written_by(lambda lead: lead.given_up(why))
        ours = update(leads).where(leads.c.id.in_(bad), leads.c.lease == lease).values(dead | RELEASED)
        aside = (await connection.execute(ours.returning(leads.c.id))).scalars().all()
        entry = HistoryEntry(self._clock.now(), Happening.DEAD, why=why)
        await note(connection, [entry_to_row(lead, entry) for lead in aside])

    async def _first(self, lead: LeadId) -> Lead:
        stored = await self.load(lead)
        if stored is None:
            raise AssertionError(f"lead {lead} was there a moment ago; leads are never deleted")
        return stored


def _conditions(chosen: Chosen) -> Iterator[ColumnElement[bool]]:
    if chosen.statuses is not None:
        yield leads.c.status.in_([status.value for status in chosen.statuses])
        if LeadStatus.DELIVERED not in chosen.statuses:
            yield IS_NOT_DELIVERED  # as its index says
    if chosen.customer is not None:
        yield and_(is_of(leads, chosen.customer), IS_KNOWN)
    if chosen.phone_ends is not None:
        # All phones are looked through, but in their index: it is a tenth of the leads.
        phone = leads.alias().c.phone
        yield and_(leads.c.phone.in_(select(phone).where(phone.endswith(chosen.phone_ends, autoescape=True))), IS_KNOWN)
    if chosen.name is not None:
        yield from (is_in_name(word) for word in chosen.name.split())
    if chosen.since is not None:
        yield leads.c.created_at >= chosen.since
    if chosen.until is not None:
        yield leads.c.created_at < chosen.until


def _in_json(phones: Iterable[Phone]) -> str:
    return json.dumps([phone.e164 for phone in phones])


def _portions(ids: Sequence[LeadId]) -> Iterator[Sequence[LeadId]]:
    return (ids[start : start + MOST_AT_ONCE] for start in range(0, len(ids), MOST_AT_ONCE))
