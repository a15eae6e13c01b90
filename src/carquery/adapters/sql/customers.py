"""What is known of customers, in SQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Row,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.alert_rows import AlertRows
from carquery.adapters.sql.customer_columns import is_of, is_whose, named, number_or_stand_in
from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.direct import Columns, Direct
from carquery.adapters.sql.drafts import end_drafts
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.lead_conditions import IS_DELIVERED, IS_KNOWN
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import (
    consents,
    customers,
    drafts,
    lead_amendments,
    lead_history,
    leads,
    unwanted_reminders,
)
from carquery.adapters.sql.transitions import RELEASED, written_by
from carquery.adapters.stored.answer_json import UnreadableJson, answers_from_json
from carquery.application.ports.alerts import ContactMayExist, ContactToErase
from carquery.application.ports.customers import FirstLook, LeftInCrm, WalkPosition
from carquery.application.ports.environment import Clock
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.effects import CallIntent, CrmId, Effect, contact_unknown_since
from carquery.domain.ids import CustomerId, Reference
from carquery.domain.visit import Acquaintance

_WHAT_IS_LEFT: Final = (
    *("id", "reference", "customer", "customer_id", "phone", "created_at", "made", "intent", "intent_at", "outdated"),
)
_MADE: Final = select(*(leads.c[name] for name in _WHAT_IS_LEFT))

_Theirs: TypeAlias = Sequence[Row[Any]]

_LEFT_BY_THE_VERSION_BEFORE: Final = select(leads.c.id).where(
    leads.c.erased_at.is_not(None), leads.c.customer_id.is_not(None)
)
"""When it erases, it clears the columns it knows."""

_LATEST_CONSENT: Final = select(consents).where(is_whose(consents)).order_by(consents.c.given_at.desc()).limit(1)
_NOBODY: Final = select(literal(1).label("one")).subquery()
_SEEN_BEFORE: Final = select(customers.c.name, customers.c.phone).where(is_whose(customers)).subquery()
_CONSENTED: Final = _LATEST_CONSENT.subquery()
_ACQUAINTANCE: Final = select(
    _SEEN_BEFORE.c.name, _SEEN_BEFORE.c.phone, _CONSENTED.c.given_at, _CONSENTED.c.version, _CONSENTED.c.fingerprint
).select_from(_NOBODY.outerjoin(_SEEN_BEFORE, true()).outerjoin(_CONSENTED, true()))
"""One row, of a stranger too. Built once: each customer who comes costs it."""
_LEFT: Final = exists().where(
    drafts.c.customer_id == bindparam("whose_id", type_=drafts.c.customer_id.type),
    drafts.c.ended_at.is_(None),
    drafts.c.touched_at >= bindparam("left_since", type_=drafts.c.touched_at.type),
)
_FIRST_LOOK: Final = _ACQUAINTANCE.add_columns(_LEFT.label("may_have_left"))

_DIALLED: Final = (
    select(leads.c.answers)
    .where(is_whose(leads), leads.c.phone == bindparam("number"))
    .order_by(leads.c.created_at.desc(), leads.c.id.desc())
    .limit(1)
)

_ERASED: Final = select(leads.c.id).where(leads.c.id == lead_amendments.c.lead, leads.c.erased_at.is_not(None))
"""Whose amendments the version before has left, which does not know them."""

_HAS_NO_LEAD: Final = and_(
    ~exists().where(leads.c.customer == customers.c.id), ~exists().where(leads.c.customer_id == customers.c.customer_id)
)


@repeating
class SqlCustomers:
    """A row for each customer who has sent a lead, and one for each consent."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._acquaintance, self._first_look = Direct(engine, _ACQUAINTANCE), Direct(engine, _FIRST_LOOK)
        self._dialled = Direct(engine, _DIALLED)
        self._clock = clock
        self._alerts = AlertRows(engine, clock)

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        async with translated():
            (row,) = await self._acquaintance(named(customer))
            return await self._known(customer, row)

    async def first_look(self, customer: CustomerId, *, left_since: datetime) -> FirstLook:
        async with translated():
            (row,) = await self._first_look(named(customer) | {"left_since": left_since})
            return FirstLook(await self._known(customer, row), bool(row["may_have_left"]))

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        row = insert_into(self._engine, consents).values(
            customer=number_or_stand_in(customer),
            customer_id=str(customer),
            given_at=consent.given_at,
            version=consent.version,
            fingerprint=consent.fingerprint,
        )
        async with translated(), self._engine.begin() as connection:
            latest = await _latest_consent(connection, customer)
            if latest is None or latest.fingerprint != consent.fingerprint:
                await connection.execute(row.on_conflict_do_nothing())

    async def erase(self, customer: CustomerId) -> tuple[LeftInCrm, ...]:
        async with translated(), self._engine.begin() as connection:
            mine = _MADE.where(is_of(leads, customer), IS_KNOWN).with_for_update()
            theirs = (await connection.execute(mine)).all()
            await self._erase(connection, theirs)
            await connection.execute(delete(consents).where(is_of(consents, customer)))
            await connection.execute(delete(customers).where(is_of(customers, customer)))
            await end_drafts(connection, drafts.c.customer_id == str(customer), at=self._clock.now())
            reminders = unwanted_reminders.c.customer_id == str(customer)
            await connection.execute(delete(unwanted_reminders).where(reminders))
            await self._alerts.erase(connection, customer, {Reference(lead.reference) for lead in theirs})
            left = tuple(_left_in_crm(theirs))
            for alert in left:
                await self._alerts.keep(connection, alert)
        return left

    async def forget(self, *, delivered_before: datetime, at_most: int) -> int:
        old = _MADE.where(IS_DELIVERED, IS_KNOWN, leads.c.delivered_at < delivered_before)
        old = old.order_by(leads.c.delivered_at).limit(at_most)
        left = _LEFT_BY_THE_VERSION_BEFORE.limit(at_most)
        async with translated(), self._engine.begin() as connection:
            # Another process that forgets at the same time takes the next ones.
            forgotten = (await connection.execute(old.with_for_update(skip_locked=True))).all()
            await connection.execute(update(leads).where(leads.c.id.in_(left)).values(customer_id=None, handle=None))
            await connection.execute(delete(lead_amendments).where(lead_amendments.c.lead.in_(_ERASED)))
            if forgotten:
                await self._erase(connection, forgotten)
                await _forget_if_without_leads(connection, _of_these(forgotten))
        return len(forgotten)

    async def forget_without_leads(self, *, after: WalkPosition | None, at_most: int) -> WalkPosition | None:
        following = select(customers.c.id).order_by(customers.c.id).limit(at_most)
        if after is not None:
            following = following.where(customers.c.id > after)
        async with translated(), self._engine.begin() as connection:
            looked_at = (await connection.execute(following)).scalars().all()
            if not looked_at:
                return None
            first, last = looked_at[0], looked_at[-1]
            await _forget_if_without_leads(connection, and_(customers.c.id.between(first, last), _HAS_NO_LEAD))
        return WalkPosition(last)

    async def _erase(self, connection: AsyncConnection, theirs: _Theirs) -> None:
        """By columns: what a later or broken version wrote may not be readable as a lead, and goes all the same."""
        ids = [lead.id for lead in theirs]
        now = self._clock.now()
        values = written_by(lambda lead: lead.erased(at=now))
        await connection.execute(update(leads).where(leads.c.id.in_(ids)).values(values | RELEASED))
        their_history = update(lead_history).where(lead_history.c.lead.in_(ids))
        await connection.execute(their_history.values(words=""))  # they may quote what the customer said
        await connection.execute(delete(lead_amendments).where(lead_amendments.c.lead.in_(ids)))

    async def _known(self, customer: CustomerId, row: Columns) -> Acquaintance:
        return Acquaintance(
            name=None if row["name"] is None else PersonName(row["name"]),
            phone=None if row["phone"] is None else await self._with_extension(customer, Phone(row["phone"])),
            consent=_consent(row) if row["given_at"] is not None else None,
        )

    async def _with_extension(self, customer: CustomerId, phone: Phone) -> Phone:
        """The number as the customer's latest lead dials it: customers have a column for the number alone."""
        latest = await self._dialled(named(customer) | {"number": phone.e164})
        try:
            given = answers_from_json(latest[0]["answers"] if latest else None).values()
        except UnreadableJson:  # of a later version
            return phone
        dialled = (value.without_remark for value in given if isinstance(value, Phone) and value.e164 == phone.e164)
        return next(dialled, phone)


async def _forget_if_without_leads(connection: AsyncConnection, candidates: ColumnElement[bool]) -> None:
    """Their rows are locked before it is decided: of two processes that forget the last two leads of one customer, the
    second sees that none is left; and a lead that is stored meanwhile is seen, or stores its customer anew."""
    locked = select(customers.c.id).where(candidates).order_by(customers.c.id).with_for_update()
    ids = (await connection.execute(locked)).scalars().all()
    if ids:
        await connection.execute(delete(customers).where(customers.c.id.in_(ids), _HAS_NO_LEAD))


def _of_these(forgotten: _Theirs) -> ColumnElement[bool]:
    """Whose leads they were, whichever version wrote them."""
    numbers = {lead.customer for lead in forgotten if lead.customer is not None}
    names = {lead.customer_id for lead in forgotten if lead.customer_id is not None}
    return or_(customers.c.id.in_(sorted(numbers)), customers.c.customer_id.in_(sorted(names)))


async def _latest_consent(connection: AsyncConnection, customer: CustomerId) -> Consent | None:
    given = (await connection.execute(_LATEST_CONSENT, named(customer))).mappings().one_or_none()
    return None if given is None else _consent(given)


def _consent(row: Columns | RowMapping) -> Consent:
    return Consent(row["given_at"], row["version"], row["fingerprint"])


def _left_in_crm(theirs: _Theirs) -> Iterator[LeftInCrm]:
    if contacts := _contacts(theirs):
        yield ContactToErase(contacts)
    for lead in theirs:
        since = _contact_unknown_since(lead)
        if since is not None and lead.phone is not None:
            yield ContactMayExist(lead.phone[-4:], since)


def _contact_unknown_since(lead: Row[Any]) -> datetime | None:
    """What a version may have stored that knows more effects than this one is none of a contact's."""
    is_of_contact = lead.intent == Effect.CONTACT.value
    intent = CallIntent(Effect.CONTACT, lead.intent_at) if is_of_contact else None
    made = {effect for effect in Effect if effect.value in lead.made}
    return contact_unknown_since(intent, made, must_recheck=lead.outdated, created_at=lead.created_at)


def _contacts(theirs: _Theirs) -> tuple[CrmId, ...]:
    contact = Effect.CONTACT.value
    return tuple(sorted({CrmId(lead.made[contact]) for lead in theirs if contact in lead.made}))
