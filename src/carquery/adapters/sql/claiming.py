"""Which leads, and what else is leased, a worker may take: `Standing`, as conditions (a test compares them)."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from carquery.adapters.sql.lead_conditions import IS_KNOWN
from carquery.adapters.sql.tables import leads
from carquery.domain.lead import Effect

CLAIMING: Final = 0x4351_0001
"""An advisory lock of PostgreSQL: who claims must see what was claimed before, or two would take one person's leads."""


def free(now: ColumnElement[datetime], table: Table = leads) -> ColumnElement[bool]:
    """That nobody holds it: of leads, the opposite of `Standing.is_held`."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now)


def claimable(now: ColumnElement[datetime], settled: ColumnElement[datetime]) -> Select[Any]:
    """The ids of leads that may be claimed, oldest first: `ix_leads_due` is walked until there are enough.

    Args:
        settled: the moment `CONTACT_SETTLES` ago.
    """
    other = leads.alias()
    makes_contact = and_(other.c.intent == Effect.CONTACT.value, other.c.intent_at > settled)
    does_not = or_(leads.c.intent.is_(None), leads.c.intent != Effect.CONTACT.value)
    spoken_for = (
        select(other.c.id)
        .where(
            other.c.phone == leads.c.phone,
            other.c.id != leads.c.id,
            other.c.erased_at.is_(None),
            or_(other.c.lease_until > now, and_(makes_contact, does_not)),
        )
        .correlate(leads)
        .offset(0)  # or PostgreSQL joins all leads to those that are due, instead of looking at one person's
        .exists()
    )
    return (
        select(leads.c.id)
        .where(
            leads.c.next_attempt_at <= now,
            IS_KNOWN,
            free(now),
            ~spoken_for,
        )
        .order_by(leads.c.next_attempt_at, leads.c.id)
    )
