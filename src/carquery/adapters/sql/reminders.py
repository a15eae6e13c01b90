"""Who is reminded of what, in SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, case, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.drafts import HAS_NO_LEAD, draft_from_row
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import drafts, unwanted_reminders
from carquery.application.ports.reminders import Unwanted
from carquery.domain.draft import Draft
from carquery.domain.ids import Channel, CustomerId, DialogId


@repeating
class SqlReminders:
    """A form that was claimed says when; a row for each customer who wants no reminders."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    async def claim(
        self,
        channels: Collection[Channel],
        *,
        silent_since: datetime,
        silent_until: datetime,
        at: datetime,
        but: Collection[DialogId] = (),
    ) -> Draft | None:
        is_unwanted = exists().where(
            unwanted_reminders.c.customer_id == drafts.c.customer_id,
            or_(unwanted_reminders.c.why == Unwanted.DECLINED.value, unwanted_reminders.c.since >= drafts.c.touched_at),
        )
        due = and_(
            drafts.c.touched_at > silent_since,
            drafts.c.touched_at <= silent_until,
            drafts.c.reminded_at.is_(None),
            drafts.c.channel.in_(sorted(channels)),
            drafts.c.dialog.not_in(sorted(but)),
            HAS_NO_LEAD,
            ~is_unwanted,
        )
        oldest = select(drafts.c.dialog).where(due).order_by(drafts.c.touched_at, drafts.c.dialog).limit(1)
        take = update(drafts).where(drafts.c.dialog.in_(oldest.with_for_update(skip_locked=True)))
        taking = take.values(reminded_at=at).returning(drafts)
        while True:
            async with translated(), self._reading.connect() as connection:  # mostly there is nothing to write
                if (await connection.execute(oldest)).first() is None:
                    return None
            async with translated(), self._engine.begin() as connection:
                row = (await connection.execute(taking)).mappings().one_or_none()
            if row is None:
                return None
            draft = draft_from_row(row)
            if draft is not None:
                return draft

    async def give_back(self, dialog: DialogId, *, touched_at: datetime | None = None) -> None:
        values = {"reminded_at": None}
        if touched_at is not None:
            is_later = drafts.c.touched_at < touched_at
            values |= {"touched_at": case((is_later, touched_at), else_=drafts.c.touched_at)}  # type: ignore[dict-item]
        async with translated(), self._engine.begin() as connection:
            await connection.execute(update(drafts).where(drafts.c.dialog == dialog).values(values))

    async def stop(self, customer: CustomerId, why: Unwanted, *, at: datetime) -> None:
        row = insert_into(self._engine, unwanted_reminders).values(customer_id=str(customer), why=why.value, since=at)
        known = unwanted_reminders.c.since
        later = case((known < row.excluded.since, row.excluded.since), else_=known)
        stopping = row.on_conflict_do_update(
            index_elements=["customer_id"],
            set_={"why": row.excluded.why, "since": later},
            where=unwanted_reminders.c.why != Unwanted.DECLINED.value,
        )
        async with translated(), self._engine.begin() as connection:
            await connection.execute(stopping)

    async def resume(self, customer: CustomerId) -> None:
        theirs = and_(
            unwanted_reminders.c.customer_id == str(customer), unwanted_reminders.c.why == Unwanted.BLOCKED.value
        )
        async with translated(), self._engine.begin() as connection:
            await connection.execute(delete(unwanted_reminders).where(theirs))

    async def forget(self, *, before: datetime, at_most: int) -> int:
        old = select(unwanted_reminders.c.customer_id).where(unwanted_reminders.c.since < before).limit(at_most)
        forgetting = delete(unwanted_reminders).where(unwanted_reminders.c.customer_id.in_(old))
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(forgetting)).rowcount
