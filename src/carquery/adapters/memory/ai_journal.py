"""The journal of classifiers, in the process."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from carquery.adapters.memory.failures import Failures
from carquery.adapters.stored.ai_figures import DaysTally, ModelsTally
from carquery.adapters.stored.microusd import dollars, microusd
from carquery.application.ports.ai_journal import AiDay, JournalEntry, ModelFigures
from carquery.domain.ids import MessageId


class MemoryAiJournal(Failures):
    """A list of calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[JournalEntry] = []

    async def add(self, calls: Sequence[JournalEntry]) -> None:
        self.check()
        noted = {(call.message, call.place) for call in self.calls}
        self.calls += [_as_stored(call) for call in calls if (call.message, call.place) not in noted]

    async def answered(self, message: MessageId, *, accepted: bool) -> None:
        self.check()
        self.calls = [
            replace(call, accepted=accepted)
            if call.message == message and call.offered is not None and call.accepted is None
            else call
            for call in self.calls
        ]

    async def entries(self, message: MessageId) -> list[JournalEntry]:
        self.check()
        return sorted((call for call in self.calls if call.message == message), key=lambda call: call.place)

    async def days(self, *, since: datetime) -> list[AiDay]:
        self.check()
        tally = DaysTally()
        for call in sorted(self.calls, key=lambda call: (call.message, call.place)):
            if call.at >= since:
                tally.note(call)
        return tally.days()

    async def models(self, *, since: datetime) -> list[ModelFigures]:
        self.check()
        tally = ModelsTally()
        for call in self.calls:
            if call.at >= since:
                tally.note(call)
        return tally.models()

    async def unsure(self, *, since: datetime, below: float, most: int) -> list[JournalEntry]:
        self.check()
        doubtful = {
            call.message: call
            for call in sorted(self.calls, key=lambda call: call.place)
            if call.at >= since and call.text is not None and call.confidence is not None and call.confidence < below
        }
        return sorted(doubtful.values(), key=lambda call: (call.at, call.message), reverse=True)[:most]

    async def forget_texts(self, *, before: datetime, at_most: int) -> int:
        self.check()
        old = [place for place, call in enumerate(self.calls) if call.at < before and call.text is not None]
        old.sort(key=lambda place: self.calls[place].at)
        for place in old[:at_most]:
            self.calls[place] = replace(self.calls[place], text=None)
        return len(old[:at_most])


def _as_stored(call: JournalEntry) -> JournalEntry:
    """The call as it comes back from a store: its cost in whole millionths."""
    return replace(call, usage=replace(call.usage, cost=dollars(microusd(call.usage.cost))))
