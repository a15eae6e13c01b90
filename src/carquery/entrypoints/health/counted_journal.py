"""The journal of classifier calls: what it is told is counted, and said in the log when no model answers any more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from carquery.adapters.outage import Outage
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.application.ports.ai_journal import AiDay, AiJournal, CallOutcome, JournalEntry, ModelFigures
from carquery.domain.ids import MessageId
from carquery.entrypoints.health.metrics import Metrics

REASONS: Final = {
    CallOutcome.TIMED_OUT: "no answer in time",
    CallOutcome.UNAVAILABLE: "it can't be reached, or answers with 5xx",
    CallOutcome.BUSY: "too many requests (HTTP 429)",
    CallOutcome.CLOSED: "it lets us in no more: the key, the account, or the country",
    CallOutcome.UNUSABLE: "what it answers is of no use",
}
"""Why nothing is to be had of a model. That it refuses one message is an answer."""
REMEDY: Final = "the built-in one answers meanwhile; OPENAI_BASE_URL, OPENAI_API_KEY: carquery config check tries them"


@dataclass(frozen=True, slots=True)
class CountedAiJournal:
    """Does so whether or not the other journal takes it."""

    journal: AiJournal
    metrics: Metrics
    outage: Outage = field(default_factory=lambda: Outage("openai"))

    async def add(self, calls: Sequence[JournalEntry]) -> None:
        for call in calls:
            self.metrics.classified(call)
        self._watch([call for call in calls if call.model != RulesClassifier.name])
        await self.journal.add(calls)

    async def answered(self, message: MessageId, *, accepted: bool) -> None:
        await self.journal.answered(message, accepted=accepted)

    async def entries(self, message: MessageId) -> list[JournalEntry]:
        return await self.journal.entries(message)

    async def days(self, *, since: datetime) -> list[AiDay]:
        return await self.journal.days(since=since)

    async def models(self, *, since: datetime) -> list[ModelFigures]:
        return await self.journal.models(since=since)

    async def unsure(self, *, since: datetime, below: float, most: int) -> list[JournalEntry]:
        return await self.journal.unsure(since=since, below=below, most=most)

    async def forget_texts(self, *, before: datetime, at_most: int) -> int:
        return await self.journal.forget_texts(before=before, at_most=at_most)

    def _watch(self, asked: Sequence[JournalEntry]) -> None:
        """One message's models: they are away when none of them answered it."""
        if not asked:
            return
        if all(call.outcome in REASONS for call in asked):
            last = asked[-1]
            self.outage.failed(f"{last.model}: {REASONS[last.outcome]}", REMEDY)
        else:
            self.outage.worked()
