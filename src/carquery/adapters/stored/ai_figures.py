"""The journal's figures, counted call by call: the same from every store, whatever its SQL and its calendar can do."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from carquery.application.ports.ai_journal import AiDay, CallOutcome, JournalEntry, ModelFigures
from carquery.domain.ids import MessageId
from carquery.domain.moscow import moscow_day

_RULES: Final = "rules"
"""What `Classifier.name` calls the built-in rules."""


@dataclass(slots=True)
class _DayTally:
    messages: int = 0
    offered: int = 0
    accepted: int = 0
    declined: int = 0
    fallen_back: int = 0
    by_rules: int = 0
    cost: Decimal = Decimal(0)

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


class DaysTally:
    """Days. A message counts, with all its calls, on the day of its first one."""

    def __init__(self) -> None:
        self._days: dict[date, _DayTally] = {}
        self._message: MessageId | None = None
        self._day = date.min

    def note(self, call: JournalEntry) -> None:
        """Count a call; the calls of one message come together, in their order."""
        if call.place == 1:
            self._message, self._day = call.message, moscow_day(call.at)
        if call.message == self._message:  # else it began before what is counted
            self._days.setdefault(self._day, _DayTally()).note(call)

    def days(self) -> list[AiDay]:
        """Each day that has any message, oldest first."""
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
