"""Which leads, and what else is leased, a worker may take: `Standing`, as conditions (a test compares them)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, Table, Update, and_, bindparam, or_, select, update

from carquery.adapters.sql.dialects import Moments
from carquery.adapters.sql.lead_conditions import IS_KNOWN
from carquery.adapters.sql.tables import leads
from carquery.adapters.sql.transitions import written_by
from carquery.domain.effects import Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead

CLAIMING: Final = 0x4351_0001
"""An advisory lock of PostgreSQL: who claims must see what was claimed before, or two would take one person's leads."""


def free(now: ColumnElement[datetime], table: Table = leads) -> ColumnElement[bool]:
    """That nobody holds it: of leads, the opposite of `Standing.is_held`."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now)


def taking(moments: Moments, only: Collection[LeadId] | None = None) -> Update:
    """Claims at most `most` leads that may be claimed, of these or of all, `held_under` a lease that lasts `until`.

    Building it costs more than running it.
    """
    due = claimable(moments.column("now"), moments.column("settled"))
    if only is not None:
        due = due.where(leads.c.id.in_(only))
    most = bindparam("most", type_=Integer)
    chosen = due.limit(most).with_for_update(skip_locked=True).cte("chosen")  # run once: a subquery may be run again
    return (
        update(leads)
        .where(leads.c.id.in_(select(chosen.c.id)))
        .values(**written_by(Lead.claimed), lease=bindparam("held_under"), lease_until=moments.column("until"))
        .returning(leads)
    )


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
