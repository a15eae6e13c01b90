"""Storing new leads, with the statements built once: building them costs more than running them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from sqlalchemy import BindParameter, Integer, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.customer_columns import is_whose, named, number_or_stand_in
from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.direct import Direct, InOneTrip, Statement
from carquery.adapters.sql.drafts import END_DRAFT
from carquery.adapters.sql.lead_conditions import IS_KNOWN
from carquery.adapters.sql.lead_listener import LEADS, ringing
from carquery.adapters.sql.lead_rows import LeadColumns, lead_to_row
from carquery.adapters.sql.tables import customers, leads, turns
from carquery.adapters.sql.transitions import FILLED, written_by
from carquery.application.ports.leads import TooManyLeads
from carquery.domain.dealership.routing import Turn
from carquery.domain.ids import CrmUserId, CustomerId, LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_limits import COUNTED, LeadLimits

_FINISHED: Final = replace(FILLED.erased(at=FILLED.created_at), is_unfinished=False)
REWRITTEN: Final = frozenset(written_by(lambda lead: lead.rewritten(_FINISHED)))
"""The columns of `Lead.rewritten`."""

_UNTOUCHED: Final = and_(
    leads.c.status == LeadStatus.PENDING.value,
    leads.c.lease.is_(None),
    leads.c.next_attempt_at == leads.c.created_at,
)
"""`Lead.is_untouched`."""

Insert: TypeAlias = postgresql.Insert | sqlite.Insert

_COLUMNS: Final = tuple(lead_to_row(FILLED))
_KNOWN: Final = ("customer_id", "name", "phone")

_LATEST: Final = (
    select(leads.c.created_at)
    .where(is_whose(leads), IS_KNOWN, leads.c.id != bindparam("but"), leads.c.created_at > bindparam("since"))
    .order_by(leads.c.created_at.desc())
    .limit(bindparam("most", type_=Integer))
)
"""When a customer's others were received."""


class LeadStoring:
    """Stores leads in one kind of database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._is_sqlite = engine.dialect.name == "sqlite"
        rings = () if self._is_sqlite else (ringing(LEADS),)
        lead = insert_into(engine, leads)
        self._insert = lead.on_conflict_do_nothing(index_elements=["id"]).returning(leads.c.id)
        self._insert_with_all = _with_all()
        self._insert_first = (
            InOneTrip(engine, *_first_one_by_one())
            if self._is_sqlite
            else Direct(engine, _first_with_all(), writes=True)
        )
        self._rewrite = lead.on_conflict_do_update(
            index_elements=["id"], set_={name: lead.excluded[name] for name in REWRITTEN}, where=_UNTOUCHED
        ).returning(leads, *rings)
        self._assign = update(leads).where(leads.c.id == bindparam("lead")).values(responsible=bindparam("person"))
        taken = insert_into(engine, turns)
        self._take_turn = taken.on_conflict_do_update(
            index_elements=["key"], set_={"taken": turns.c.taken + taken.excluded.taken}
        ).returning(turns.c.taken)
        self._remember = _or_as_known_now(insert_into(engine, customers))

    async def put_first(self, lead: Lead) -> LeadColumns | None:
        """Store a customer's first lead, of which there is no other that could make it one too many, as its own
        transaction.

        Returns:
            Its row; None: nothing was written, since there is such a lead or customer already, or it takes more.
        """
        if lead.customer is None:
            return None
        row = lead_to_row(lead)
        return row if await self._insert_first(_terms(lead, row)) else None

    async def put(
        self, connection: AsyncConnection, lead: Lead, limits: LeadLimits | None = None, turn: Turn | None = None
    ) -> LeadColumns | None:
        """Store the lead, or its answers if nobody has begun to deliver it, and its customer; end its draft; wake who
        delivers.

        A new lead takes the turn: its counter stays locked until the transaction ends.

        Returns:
            Its row; None: nothing was written.

        Raises:
            TooManyLeads: the transaction is not to be committed.
        """
        row = lead_to_row(lead)
        if not await self._is_new(connection, lead, row):
            return None if lead.is_unfinished else await self._rewritten(connection, lead, row)
        if lead.customer is not None and limits is not None:
            # Only now: whoever stores another lead of the same customer waits for the customer's row.
            await _check_limits(connection, lead, lead.customer, limits)
        if turn is None:
            return row
        return {**row, "responsible": await self._give(connection, lead.id, turn)}

    async def _is_new(self, connection: AsyncConnection, lead: Lead, row: Mapping[str, Any]) -> bool:
        """Store a lead that is not there yet, with all that belongs to it. Whether it was not there."""
        if self._is_sqlite:
            if (await connection.execute(self._insert, row)).one_or_none() is None:
                return False
            await self._with_it(connection, lead)
            return True
        return (await connection.execute(self._insert_with_all, _terms(lead, row))).one_or_none() is not None

    async def _rewritten(self, connection: AsyncConnection, lead: Lead, row: Mapping[str, Any]) -> LeadColumns | None:
        stored: LeadColumns | None = (await connection.execute(self._rewrite, row)).mappings().one_or_none()
        if stored is not None:
            await self._with_it(connection, lead)
        return stored

    async def _with_it(self, connection: AsyncConnection, lead: Lead) -> None:
        """Its customer, and the end of its draft."""
        if lead.customer is not None:
            await connection.execute(self._remember, _known_by(lead))
        if not lead.is_unfinished:
            await connection.execute(END_DRAFT, _ended_by(lead))

    async def _give(self, connection: AsyncConnection, lead: LeadId, turn: Turn) -> CrmUserId:
        number: int = (await connection.execute(self._take_turn, {"key": turn.key, "taken": 1})).scalar_one()
        person = turn.person(number)
        await connection.execute(self._assign, {"lead": lead, "person": person})
        return person


def _with_all() -> Select[Any]:
    """A lead that is not there yet, its customer and the end of its draft, in one statement of PostgreSQL: each costs
    the process as much CPU as the next. Without a row: the lead was there, and nothing was written."""
    values, known = _parameters()
    lead = postgresql.insert(leads).values(values).on_conflict_do_nothing(index_elements=["id"])
    stored = lead.returning(leads.c.id, ringing(LEADS).label("rung")).cte("stored")
    is_new = select(stored.c.id).exists()
    person = select(*known.values()).where(is_new, known["id"].is_not(None))
    remembered = _or_as_known_now(postgresql.insert(customers).from_select(list(known), person))
    ended = END_DRAFT.where(is_new)
    # PostgreSQL begins with the last that nobody reads: the customer, then the draft, as whoever erases them does.
    return select(stored.c.id, stored.c.rung).add_cte(ended.cte("ended"), remembered.cte("remembered"))


def _first_with_all() -> Select[Any]:
    """The same for somebody who has no row among the customers, and so no lead: of two who store one at once, the
    second waits for the first one's row, and writes nothing."""
    values, known = _parameters()
    is_there = select(leads.c.id).where(leads.c.id == values["id"]).exists()
    new = postgresql.insert(customers).from_select(list(known), select(*known.values()).where(~is_there))
    person = new.on_conflict_do_nothing().returning(customers.c.id).cte("person")
    lead = postgresql.insert(leads).from_select(list(values), select(*values.values()).select_from(person))
    stored = lead.on_conflict_do_nothing(index_elements=["id"]).returning(leads.c.id, ringing(LEADS).label("rung"))
    kept = stored.cte("stored")
    return select(kept.c.id, kept.c.rung).add_cte(END_DRAFT.where(select(kept.c.id).exists()).cte("ended"))


def _first_one_by_one() -> Sequence[Statement]:
    """The same in SQLite: each of them does nothing if the one before it did nothing."""
    values, known = _parameters()
    is_there = select(leads.c.id).where(leads.c.id == values["id"]).exists()
    new = sqlite.insert(customers).from_select(list(known), select(*known.values()).where(~is_there))
    is_new = func.changes() > 0
    lead = sqlite.insert(leads).from_select(list(values), select(*values.values()).where(is_new))
    return new.on_conflict_do_nothing(), lead.returning(leads.c.id), END_DRAFT.where(is_new)


def _parameters() -> tuple[dict[str, BindParameter[Any]], dict[str, BindParameter[Any]]]:
    """Those of the lead and those of its customer, by column."""
    values = {name: bindparam(f"lead_{name}", type_=leads.c[name].type) for name in _COLUMNS}
    return values, {name: bindparam(f"known_{name}", type_=customers.c[name].type) for name in ("id", *_KNOWN)}


def _terms(lead: Lead, row: Mapping[str, Any]) -> dict[str, Any]:
    terms = {f"lead_{name}": value for name, value in row.items()}
    return terms | {f"known_{name}": value for name, value in _known_by(lead).items()} | _ended_by(lead)


def _or_as_known_now(known: Insert) -> Insert:
    is_same = or_(customers.c.customer_id.is_(None), customers.c.customer_id == known.excluded.customer_id)
    return known.on_conflict_do_update(
        index_elements=["id"], set_={name: known.excluded[name] for name in _KNOWN}, where=is_same
    )


def _known_by(lead: Lead) -> dict[str, Any]:
    """What is known of its customer; of nobody, nothing."""
    return {
        "id": None if lead.customer is None else number_or_stand_in(lead.customer),
        "customer_id": None if lead.customer is None else str(lead.customer),
        "name": None if lead.name is None else lead.name.name,
        "phone": None if lead.phone is None else lead.phone.e164,
    }


def _ended_by(lead: Lead) -> dict[str, Any]:
    """Which draft, and when; of a lead that is unfinished, none."""
    return {"of": None if lead.is_unfinished else lead.id, "then": lead.created_at}


async def _check_limits(connection: AsyncConnection, lead: Lead, customer: CustomerId, limits: LeadLimits) -> None:
    """Raises TooManyLeads."""
    others = {"but": lead.id, "since": lead.created_at - COUNTED, "most": limits.a_day}
    received = (await connection.execute(_LATEST, named(customer) | others)).scalars().all()
    again_at = limits.next_at(received, at=lead.created_at)
    if again_at > lead.created_at:
        raise TooManyLeads(again_at)
