"""The journal's figures, counted call by call: the same from every store, whatever its SQL and its calendar can do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from carquery.application.free_text.read_message import SURE_ALONE
from carquery.application.ports.ai_journal import AiDay, CallOutcome, JournalEntry, ModelFigures
from carquery.domain.moscow import moscow_day

_RULES: Final = "rules"
"""What `Classifier.name` calls the built-in one."""


@dataclass(slots=True)
class _DayTally:
    messages: int = 0
    offered: int = 0
    accepted: int = 0
    declined: int = 0
    fallen_back: int = 0
    by_rules: int = 0
    cost: Decimal = Decimal(0)
    asked: int = 0
    sure_alone: int = 0
    asked_beside: int = 0
    cost_beside: Decimal = Decimal(0)

    def note(self, call: JournalEntry) -> None:
        is_first = call.place == 1
        is_answer = call.outcome is CallOutcome.ANSWERED
        self.messages += is_first
        self.fallen_back += is_first and not is_answer
        self.by_rules += not is_first and is_answer and call.model == _RULES
        self.offered += call.offered is not None
        self.accepted += call.accepted is True
        self.declined += call.accepted is False
        self.cost += call.usage.cost

    def end_message(self, calls: Sequence[JournalEntry]) -> None:
        """All calls of one message were noted."""
        of_models = [call for call in calls if call.model != _RULES]
        is_sure = any(call.model == _RULES and (call.confidence or 0) >= SURE_ALONE for call in calls)
        self.asked += bool(of_models)
        self.sure_alone += is_sure
        if is_sure and of_models:
            self.asked_beside += 1
            self.cost_beside += sum(call.usage.cost for call in of_models)


class DaysTally:
    """Days. A message counts, with all its calls, on the day of its first one."""

    def __init__(self) -> None:
        self._days: dict[date, _DayTally] = {}
        self._calls: list[JournalEntry] = []

    def note(self, call: JournalEntry) -> None:
        """Count a call; the calls of one message come together, in their order."""
        if call.place == 1:
            self._end_message()
            self._calls = [call]
        elif self._calls and call.message == self._calls[0].message:  # else it began before what is counted
            self._calls.append(call)
        else:
            return
        self._of(self._calls[0]).note(call)

    def _end_message(self) -> None:
        if self._calls:
            self._of(self._calls[0]).end_message(self._calls)
            self._calls = []

    def _of(self, first: JournalEntry) -> _DayTally:
        return self._days.setdefault(moscow_day(first.at), _DayTally())

    def days(self) -> list[AiDay]:
        """Each day that has any message, oldest first."""
        self._end_message()
        return [
            AiDay(
                day=day,
                messages=tally.messages,
                offered=tally.offered,
                accepted=tally.accepted,
                declined=tally.declined,
                fallen_back=tally.fallen_back,
                by_rules=tally.by_rules,
                cost=tally.cost,
                asked=tally.asked,
                sure_alone=tally.sure_alone,
                asked_beside=tally.asked_beside,
                cost_beside=tally.cost_beside,
            )
            for day, tally in sorted(self._days.items())
        ]


@dataclass(slots=True)
class _ModelTally:
    latencies: list[float] = field(default_factory=list)
    outcomes: Counter[CallOutcome] = field(default_factory=Counter)
    cost: Decimal = Decimal(0)


class ModelsTally:
    """Classifiers. Every latency is kept until the percentiles are asked for: 8 bytes and some for each call."""

    def __init__(self) -> None:
        self._models: dict[str, _ModelTally] = {}

    def note(self, call: JournalEntry) -> None:
        """Count a call; calls come in any order."""
        tally = self._models.setdefault(call.model, _ModelTally())
        tally.latencies.append(call.latency)
        tally.outcomes[call.outcome] += 1
        tally.cost += call.usage.cost

    def models(self) -> list[ModelFigures]:
        """Each classifier that was called, by name."""
        return [
            ModelFigures(
                model=model,
                calls=len(tally.latencies),
                outcomes={outcome: tally.outcomes[outcome] for outcome in CallOutcome if tally.outcomes[outcome]},
                cost=tally.cost,
                p50=_percentile(tally.latencies, 50),
                p95=_percentile(tally.latencies, 95),
            )
            for model, tally in sorted(self._models.items())
        ]


def _percentile(values: list[float], percent: int) -> float:
    """The smallest of the values that so many percent of them do not exceed, by nearest rank."""
    return sorted(values)[-(-len(values) * percent // 100) - 1]
