"""Storing new leads, with the statements built once: building them costs more than running them."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Integer, and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.customer_columns import is_whose, named, number_or_stand_in
from carquery.adapters.sql.dialects import insert_into
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
        rings = () if engine.dialect.name == "sqlite" else (ringing(LEADS),)
        lead = insert_into(engine, leads)
        self._insert = lead.on_conflict_do_nothing(index_elements=["id"]).returning(leads.c.id, *rings)
        self._rewrite = lead.on_conflict_do_update(
            index_elements=["id"], set_={name: lead.excluded[name] for name in REWRITTEN}, where=_UNTOUCHED
        ).returning(leads, *rings)
        self._assign = update(leads).where(leads.c.id == bindparam("lead")).values(responsible=bindparam("person"))
        taken = insert_into(engine, turns)
        self._take_turn = taken.on_conflict_do_update(
            index_elements=["key"], set_={"taken": turns.c.taken + taken.excluded.taken}
        ).returning(turns.c.taken)
        known = insert_into(engine, customers)
        is_same = or_(customers.c.customer_id.is_(None), customers.c.customer_id == known.excluded.customer_id)
        self._remember = known.on_conflict_do_update(
            index_elements=["id"], set_={name: known.excluded[name] for name in _KNOWN}, where=is_same
        )

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
        stored: LeadColumns | None = row
        is_new = (await connection.execute(self._insert, row)).one_or_none() is not None
        if not is_new and lead.is_unfinished:
            return None
        if not is_new:
            stored = (await connection.execute(self._rewrite, row)).mappings().one_or_none()
            if stored is None:
                return None
        elif turn is not None:
            stored = {**row, "responsible": await self._give(connection, lead.id, turn)}
        if lead.customer is not None:
            known = {
                "id": number_or_stand_in(lead.customer),
                "customer_id": str(lead.customer),
                "name": None if lead.name is None else lead.name.name,
                "phone": None if lead.phone is None else lead.phone.e164,
            }
            await connection.execute(self._remember, known)
            if is_new and limits is not None:
                # Only now: whoever stores another lead of the same customer waits for the customer's row.
                await _check_limits(connection, lead, lead.customer, limits)
        if not lead.is_unfinished:
            await connection.execute(END_DRAFT, {"of": lead.id, "then": lead.created_at})
        return stored

    async def _give(self, connection: AsyncConnection, lead: LeadId, turn: Turn) -> CrmUserId:
        number: int = (await connection.execute(self._take_turn, {"key": turn.key, "taken": 1})).scalar_one()
        person = turn.person(number)
        await connection.execute(self._assign, {"lead": lead, "person": person})
        return person


async def _check_limits(connection: AsyncConnection, lead: Lead, customer: CustomerId, limits: LeadLimits) -> None:
    """Raises TooManyLeads."""
    others = {"but": lead.id, "since": lead.created_at - COUNTED, "most": limits.a_day}
    received = (await connection.execute(_LATEST, named(customer) | others)).scalars().all()
    again_at = limits.next_at(received, at=lead.created_at)
    if again_at > lead.created_at:
        raise TooManyLeads(again_at)
