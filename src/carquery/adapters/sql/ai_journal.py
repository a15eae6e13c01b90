"""The journal of classifiers, in SQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, null, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.engine import reading, reporting
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.storable import storable
from carquery.adapters.sql.tables import ai_log
from carquery.adapters.stored.ai_figures import DaysTally, ModelsTally
from carquery.adapters.stored.microusd import dollars, microusd
from carquery.application.ports.ai_journal import AiDay, CallOutcome, JournalEntry, ModelFigures
from carquery.application.ports.classifier import Usage
from carquery.domain.forms.form import Service
from carquery.domain.ids import MessageId
from carquery.domain.understanding import OTHER, Intent


@repeating
class SqlAiJournal:
    """A row for each call.

    Figures are counted here, not in SQL: the databases know neither one calendar nor one percentile. All rows of the
    time asked for travel, without their texts.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    async def add(self, calls: Sequence[JournalEntry]) -> None:
        if not calls:
            return
        # After StoreUnavailable nobody knows whether they are noted; noting them again must be harmless.
        note = insert_into(self._engine, ai_log).on_conflict_do_nothing(index_elements=["message", "place"])
        async with translated(), self._engine.begin() as connection:
            await connection.execute(note, [_call_to_row(call) for call in calls])

    async def answered(self, message: MessageId, *, accepted: bool) -> None:
        was_offered = (ai_log.c.message == message, ai_log.c.offered.is_not(None), ai_log.c.accepted.is_(None))
        async with translated(), self._engine.begin() as connection:
            await connection.execute(update(ai_log).where(*was_offered).values(accepted=accepted))

    async def entries(self, message: MessageId) -> list[JournalEntry]:
        query = select(ai_log).where(ai_log.c.message == message).order_by(ai_log.c.place)
        async with translated(), self._reading.connect() as connection:
            return [_call_from_row(row) for row in (await connection.execute(query)).mappings()]

    async def days(self, *, since: datetime) -> list[AiDay]:
        tally = DaysTally()
        await self._each(_without_texts(since).order_by(ai_log.c.message, ai_log.c.place), tally.note)
        return tally.days()

    async def models(self, *, since: datetime) -> list[ModelFigures]:
        tally = ModelsTally()
        await self._each(_without_texts(since), tally.note)
        return tally.models()

    async def unsure(self, *, since: datetime, below: float, most: int) -> list[JournalEntry]:
        doubtful = (ai_log.c.at >= since, ai_log.c.text.is_not(None), ai_log.c.confidence < below)
        last = select(ai_log.c.message, func.max(ai_log.c.place).label("place")).where(*doubtful)
        lasts = last.group_by(ai_log.c.message).subquery()
        query = (
            select(ai_log)
            .join(lasts, (ai_log.c.message == lasts.c.message) & (ai_log.c.place == lasts.c.place))
            .order_by(ai_log.c.at.desc(), ai_log.c.message.desc())
            .limit(most)
        )
        async with translated(), self._reading.connect() as connection:
            return [_call_from_row(row) for row in (await connection.execute(query)).mappings()]

    async def forget_texts(self, *, before: datetime, at_most: int) -> int:
        key = (ai_log.c.message, ai_log.c.place)
        old = select(*key).where(ai_log.c.at < before, ai_log.c.text.is_not(None)).order_by(ai_log.c.at)
        # Another process that forgets at the same time takes the next ones.
        these = tuple_(*key).in_(old.limit(at_most).with_for_update(skip_locked=True))
        async with translated(), self._engine.begin() as connection:
            return (await connection.execute(update(ai_log).where(these).values(text=None))).rowcount

    async def _each(self, query: Select[Any], note: Callable[[JournalEntry], None]) -> None:
        async with (
            translated(),
            reporting(self._engine).connect() as connection,
            connection.stream(query) as rows,
        ):
            async for row in rows.mappings():
                note(_call_from_row(row))


def _without_texts(since: datetime) -> Select[Any]:
    columns = [null().label("text") if column.name == "text" else column for column in ai_log.c]
    return select(*columns).where(ai_log.c.at >= since)


def _call_to_row(call: JournalEntry) -> dict[str, Any]:
    return {
        "message": call.message,
        "place": call.place,
        "at": call.at,
        "model": storable(call.model),
        "outcome": call.outcome.value,
        "latency_ms": call.latency * 1000,
        "text": None if call.text is None else storable(call.text),
        "intent": None if call.intent is None else call.intent.value,
        "confidence": call.confidence,
        "input_tokens": call.usage.input_tokens,
        "output_tokens": call.usage.output_tokens,
        "cost_microusd": microusd(call.usage.cost),
        "offered": None if call.offered is None else call.offered.value,
        "accepted": call.accepted,
    }


def _intent(stored: str) -> Intent:
    """Its form may have left the menu since."""
    return OTHER if stored == OTHER else Service(stored)


def _call_from_row(row: RowMapping) -> JournalEntry:
    return JournalEntry(
        message=MessageId(row["message"]),
        place=row["place"],
        at=row["at"],
        model=row["model"],
        outcome=CallOutcome(row["outcome"]),
        latency=row["latency_ms"] / 1000,
        text=row["text"],
        intent=None if row["intent"] is None else _intent(row["intent"]),
        confidence=row["confidence"],
        usage=Usage(row["input_tokens"], row["output_tokens"], dollars(row["cost_microusd"])),
        offered=None if row["offered"] is None else Service(row["offered"]),
        accepted=row["accepted"],
    )
