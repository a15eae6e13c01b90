"""Which leads a worker may take."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select

from carquery.adapters.sql.tables import leads
from carquery.domain.lead import Effect

CLAIMING: Final = 0x4351_0001
"""An advisory lock of PostgreSQL: who claims must see what was claimed before, or two would take one person's leads."""


def claimable(now: ColumnElement[datetime], settled: ColumnElement[datetime]) -> Select[Any]:
    """The ids of leads that are due, free, and whose person is nobody else's, oldest first.

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
        .exists()
    )
    return (
        select(leads.c.id)
        .where(
            leads.c.next_attempt_at <= now,
            leads.c.erased_at.is_(None),
            or_(leads.c.lease_until.is_(None), leads.c.lease_until <= now),
            ~spoken_for,
        )
        .order_by(leads.c.next_attempt_at, leads.c.id)
    )
