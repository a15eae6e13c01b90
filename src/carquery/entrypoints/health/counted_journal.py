"""The journal of classifier calls, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from carquery.application.ports.ai_journal import AiDay, AiJournal, JournalEntry, ModelFigures
from carquery.domain.ids import MessageId
from carquery.entrypoints.health.metrics import Metrics


@dataclass(frozen=True, slots=True)
class CountedAiJournal:
    """Counts what this process notes in another journal, whether or not that one takes it."""

    journal: AiJournal
    metrics: Metrics

    async def add(self, calls: Sequence[JournalEntry]) -> None:
        for call in calls:
            self.metrics.classified(call)
        await self.journal.add(calls)

    async def answered(self, message: MessageId, *, accepted: bool) -> None:
        await self.journal.answered(message, accepted=accepted)

    async def entries(self, message: MessageId) -> list[JournalEntry]:
        return await self.journal.entries(message)

    async def days(self, *, since: datetime) -> list[AiDay]:
        return await self.journal.days(since=since)

    async def models(self, *, since: datetime) -> list[ModelFigures]:
        return await self.journal.models(since=since)

    async def forget_texts(self, *, before: datetime) -> int:
        return await self.journal.forget_texts(before=before)
