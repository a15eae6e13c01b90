"""Forms that were left unfinished, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, delete, exists, select, true, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.direct import Columns, Direct
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.storable import storable
from carquery.adapters.sql.tables import drafts, leads
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.draft_json import draft_from_json, draft_to_json
from carquery.domain.draft import Draft
from carquery.domain.ids import CustomerId, DialogId, NotACustomer

log = structlog.get_logger(__name__)

_KEPT: Final = (*("customer_id", "channel", "service", "revision", "body", "can_be_called_back", "touched_at"),)
"""What a later revision replaces."""

_LEAD: Final = exists().where(leads.c.id == drafts.c.dialog)

IS_OPEN: Final = and_(drafts.c.ended_at.is_(None), ~_LEAD.where(leads.c.unfinished.is_(False)))
"""It has not ended: the lead counts, whoever has not heard of it yet; but not one that was made of it unfinished."""

HAS_NO_LEAD: Final = and_(drafts.c.ended_at.is_(None), ~_LEAD)
"""Nobody knows of it yet."""

_NOTHING_LEFT: Final[dict[str, Any]] = {
    "customer_id": None,
    "channel": None,
    "service": None,
    "body": None,
    "can_be_called_back": False,
    "reminded_at": None,
}


_ENDED: Final = update(drafts).where(drafts.c.ended_at.is_(None))
END_DRAFT: Final = _ENDED.where(drafts.c.dialog == bindparam("of")).values(
    _NOTHING_LEFT | {"ended_at": bindparam("then"), "touched_at": bindparam("then")}
)
"""That of one dialog."""

_IN_ORDER: Final = (drafts.c.touched_at, drafts.c.dialog)
_TYPES_IN_ORDER: Final = [column.type for column in _IN_ORDER]

_LATEST: Final = (
    select(drafts)
    .where(drafts.c.customer_id == bindparam("whose"), IS_OPEN, drafts.c.touched_at >= bindparam("since"))
    .order_by(drafts.c.touched_at.desc())
    .limit(1)
)


@repeating
class SqlDrafts:
    """A row for each dialog."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._latest = Direct(engine, _LATEST)
        kept = insert_into(engine, drafts)
        self._keep = kept.on_conflict_do_update(
            index_elements=["dialog"],
            set_={name: kept.excluded[name] for name in _KEPT},
            where=and_(drafts.c.ended_at.is_(None), drafts.c.revision <= kept.excluded.revision),
        )
        ended = insert_into(engine, drafts)
        when = {"ended_at": ended.excluded.ended_at, "touched_at": ended.excluded.touched_at}
        self._end = ended.on_conflict_do_update(index_elements=["dialog"], set_=_NOTHING_LEFT | when)

    async def write(self, kept: Sequence[Draft], *, ended: Collection[DialogId], at: datetime) -> None:
        # All processes write in this order, so that none waits for one that waits for it.
        rows = [_to_row(draft) for draft in sorted(kept, key=lambda draft: draft.dialog.id)]
        ends = [{"dialog": dialog, "touched_at": at, "ended_at": at} for dialog in sorted(ended)]
        async with translated(), self._engine.begin() as connection:
            if rows:
                await connection.execute(self._keep, rows)
            if ends:
                await connection.execute(self._end, ends)

    async def of(self, customer: CustomerId, *, touched_since: datetime) -> Draft | None:
        sought = {"whose": str(customer), "since": touched_since}
        async with translated():
            found = await self._latest(sought)
        return draft_from_row(found[0]) if found else None

    async def silent(
        self, *, touched_since: datetime, touched_until: datetime, at_most: int, after: Draft | None = None
    ) -> Sequence[Draft]:
        touched = drafts.c.touched_at.between(touched_since, touched_until)
        due = and_(drafts.c.can_be_called_back, touched, HAS_NO_LEAD)
        oldest = select(drafts).where(due).order_by(*_IN_ORDER)
        place = None if after is None else (after.touched_at, after.dialog.id)
        found: list[Draft] = []
        async with translated(), self._reading.connect() as connection:
            while missing := at_most - len(found):  # those that can't be read take nobody's place
                later = true() if place is None else tuple_(*_IN_ORDER) > tuple_(*place, types=_TYPES_IN_ORDER)
                rows = (await connection.execute(oldest.where(later).limit(missing))).mappings().all()
                found += [draft for row in rows if (draft := draft_from_row(row)) is not None]
                if len(rows) < missing:
                    break
                place = rows[-1]["touched_at"], rows[-1]["dialog"]
        return found

    async def forget(self, *, touched_before: datetime, at_most: int) -> int:
        old = select(drafts.c.dialog).where(drafts.c.touched_at < touched_before).order_by(drafts.c.touched_at)
        forgetting = delete(drafts).where(drafts.c.dialog.in_(old.limit(at_most).with_for_update(skip_locked=True)))
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(forgetting)).rowcount


def draft_from_row(row: RowMapping | Columns) -> Draft | None:
    """The form that was left; `None`: this version can't read it, which is logged."""
    try:
        return draft_from_json(
            row["body"],
            customer=CustomerId.read(row["customer_id"]),
            dialog_id=DialogId(row["dialog"]),
            service=row["service"],
            revision=row["revision"],
            touched_at=row["touched_at"],
        )
    except (UnreadableJson, NotACustomer) as unreadable:
        log.warning("draft_unreadable", cause=str(unreadable))
        return None


async def end_drafts(connection: AsyncConnection, which: ColumnElement[bool], *, at: datetime) -> None:
    """Within a transaction that ends them."""
    await connection.execute(_ENDED.where(which).values(_NOTHING_LEFT | {"ended_at": at, "touched_at": at}))


def _to_row(draft: Draft) -> dict[str, Any]:
    handle = None if draft.handle is None else storable(draft.handle.shown)
    return {
        "dialog": draft.dialog.id,
        "customer_id": str(draft.customer),
        "channel": draft.customer.channel,
        "service": draft.dialog.form.service.value,
        "revision": draft.dialog.revision,
        "body": draft_to_json(draft) | {"handle": handle},
        "can_be_called_back": draft.can_be_called_back,
        "touched_at": draft.touched_at,
    }
