"""What classifiers were asked, what they answered, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from carquery.application.ports.classifier import FREE, Usage
from carquery.domain.forms.form import Service
from carquery.domain.ids import MessageId
from carquery.domain.understanding import Intent


class CallOutcome(StrEnum):
    """How one call of a classifier ended."""

    ANSWERED = "answered"
    """Its answer was taken."""
    UNSURE = "unsure"
    """Its answer was usable and was not taken: it was not sure enough, or a model's was taken."""
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    BUSY = "busy"
    CLOSED = "closed"
    REFUSED = "refused"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One call for one message; a message that fell through to the next classifier has several.

    Attributes:
        message: which message it was for; says nothing of who wrote it.
        place: the call's place in its message's chain, from 1.
        text: the message, masked; None: forgotten since.
        latency: seconds.
        offered: the form that was offered after it; only of the call whose answer was taken.
        accepted: whether the offered form was wanted; None: not answered yet, or nothing was offered.
    """

    message: MessageId
    place: int
    at: datetime
    model: str
    outcome: CallOutcome
    latency: float
    text: str | None
    intent: Intent | None = None
    confidence: float | None = None
    usage: Usage = FREE
    offered: Service | None = None
    accepted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """One classifier's calls. `p50`, `p95`: seconds a call took; `None` if there was none."""

    model: str
    calls: int
    outcomes: dict[CallOutcome, int]
    cost: Decimal
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AiDay:
    """One day's figures, in Moscow.

    Attributes:
        fallen_back: messages whose first classifier did not answer, or was not sure enough.
        by_rules: messages that the built-in classifier answered after another classifier had been asked.
        asked: messages that a model was asked for.
        sure_alone: messages that the built-in classifier was sure enough of to answer alone.
        asked_beside: those of them that a model was asked for all the same, which cost `cost_beside`.
        cost, cost_beside: US dollars.
    """

    day: date
    messages: int
    offered: int
    accepted: int
    declined: int
    fallen_back: int
    by_rules: int
    cost: Decimal
    asked: int = 0
    sure_alone: int = 0
    asked_beside: int = 0
    cost_beside: Decimal = Decimal(0)

    @property
    def saved(self) -> Decimal | None:
        """About what models would have cost for what the built-in classifier answered alone; None: nobody knows."""
        spared = self.sure_alone - self.asked_beside
        return None if not self.asked else self.cost / self.asked * spared


class AiJournal(Protocol):
    """Keeps the figures; the texts for a while."""

    async def add(self, calls: Sequence[JournalEntry]) -> None:
        """Note the calls made for one message, all or none. Raises StoreUnavailable."""
        ...

    async def answered(self, message: MessageId, *, accepted: bool) -> None:
        """Note whether the form offered after a message was wanted; the first word stands. Raises StoreUnavailable."""
        ...

    async def entries(self, message: MessageId) -> list[JournalEntry]:
        """The calls made for a message, in their order. Raises StoreUnavailable."""
        ...

    async def days(self, *, since: datetime) -> list[AiDay]:
        """The figures of each day that has any, oldest first. Raises StoreUnavailable."""
        ...

    async def models(self, *, since: datetime) -> list[ModelFigures]:
        """The figures of each classifier, by name. Raises StoreUnavailable."""
        ...

    async def unsure(self, *, since: datetime, below: float, most: int) -> list[JournalEntry]:
        """Calls that answered with a lower confidence than `below` and whose texts are still there, newest first; of
        each message the last such call, at most so many. Raises StoreUnavailable."""
        ...

    async def forget_texts(self, *, before: datetime, at_most: int) -> int:
        """Drop the texts of messages noted before then, the oldest first, in one transaction.

        Returns:
            Of how many calls; fewer than `at_most`: there are no more.

        Raises:
            StoreUnavailable: none was dropped.
        """
        ...
