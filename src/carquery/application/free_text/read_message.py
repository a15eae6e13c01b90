"""Understanding a free message: classifiers asked one after another, within a time, a budget, and their own moods."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType, Protocol

from carquery.application.ports.ai_budget import AiBudget
from carquery.application.ports.ai_journal import AiJournal, CallOutcome, JournalEntry
from carquery.application.ports.alerts import AiBudgetSpent, Alerts, ClassifierClosed
from carquery.application.ports.classifier import Classified, Classifier, ClassifierFailed, Trouble, Usage
from carquery.application.ports.environment import Clock, Randomness
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import MessageId
from carquery.domain.masking import mask
from carquery.domain.moscow import moscow_day
from carquery.domain.understanding import Understanding
from carquery.domain.values import dataclass, replace

SURE_TO_ANSWER: Final = 0.65
"""A model that is less sure than this has not answered; the next one is asked."""

SURE_ALONE: Final = 0.9
"""The built-in classifier needs no model beside it where it is as sure as this."""


class Ask(StrEnum):
    """Which messages models are asked for."""

    ALWAYS = "always"
    UNSURE = "unsure"
    """Only those that the built-in classifier is not sure of (`SURE_ALONE`)."""


@dataclass(frozen=True, slots=True)
class ChainTimes:
    """Seconds.

    Attributes:
        whole: for all models together; the built-in one takes no time, and the customer waits for an answer in 10 s.
        first: for a model after which another one can be asked.
        closed: how long a model that no longer lets us in is left alone.
    """

    whole: float = 8.5
    first: float = 5.0
    closed: float = 3600.0


Models = NewType("Models", tuple[Classifier, ...])
"""The models to ask, in their order; none: the built-in classifier answers alone."""

DailyBudget = NewType("DailyBudget", Decimal)
"""US dollars."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message was understood to say; `message` is what the journal knows it by.

    Attributes:
        own: what the built-in classifier makes of it, whoever answered.
    """

    message: MessageId
    understanding: Understanding
    own: Understanding


class ReadingObserver(Protocol):
    """Whoever wants to know of each message that was read."""

    def note(self, reading: Reading, calls: Sequence[JournalEntry]) -> None:
        """Learn what a message was understood to say, and which classifiers were asked. It must not fail."""
        ...


@dataclass(frozen=True, slots=True)
class NoObserver:
    """Nobody wants to know."""

    def note(self, reading: Reading, calls: Sequence[JournalEntry]) -> None:
        """Pass it over."""


class ClosedModels:
    """Which models let nobody in, as this process has found; each process finds it out for itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closed_until: dict[str, float] = {}

    def close(self, model: Classifier, *, seconds: float) -> None:
        """Leave it alone for so long."""
        self._closed_until[model.name] = self._clock.monotonic() + seconds

    def open_all(self) -> None:
        """Ask them all again."""
        self._closed_until.clear()

    def is_open(self, model: Classifier) -> bool:
        return self._clock.monotonic() >= self._closed_until.get(model.name, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """The chain of classifiers.

    Attributes:
        models: asked in this order until one answers; they may cost money, take time, and fail.
        rules: answers what they did not; never fails, costs nothing and takes no time. What it makes of a message that
            a model answered is noted beside, for people to compare.
        daily_budget: what all processes together may spend on models in a day.
    """

    models: Models
    rules: Classifier
    budget: AiBudget
    journal: AiJournal
    alerts: Alerts
    clock: Clock
    randomness: Randomness
    closed_models: ClosedModels
    daily_budget: DailyBudget
    ask: Ask = Ask.ALWAYS
    times: ChainTimes = ChainTimes()
    observer: ReadingObserver = NoObserver()

    async def __call__(
        self, text: str, *, paid: bool = True, waiting: AbstractAsyncContextManager[None] | None = None
    ) -> Reading:
        """Read a message. What goes wrong on the way goes into the journal, not to the customer.

        Args:
            paid: whether models may be asked; else the built-in classifier answers.
            waiting: entered for as long as a model may keep the customer waiting.
        """
        account = _Account(self.clock, self.randomness.message_id(), mask(text).text)
        own = await self._by_rules(text)
        understanding = None
        if paid and any(map(self.closed_models.is_open, self.models)) and self._asks_beside(own):
            if self.ask is Ask.UNSURE:
                account.not_taken(own)
            async with waiting or nullcontext():
                understanding = await self._by_models(text, account)
            if understanding is not None and self.ask is Ask.ALWAYS:
                account.not_taken(own)
        if understanding is None:
            understanding = account.taken(own)
        await self._note(account.calls, understanding)
        reading = Reading(account.message, understanding, own.answer.understanding)
        self.observer.note(reading, account.calls)
        return reading

    def _asks_beside(self, own: "_Own") -> bool:
        return self.ask is Ask.ALWAYS or own.answer.understanding.confidence < SURE_ALONE

    async def _by_models(self, message: str, account: "_Account") -> Understanding | None:
        deadline = self.clock.monotonic() + self.times.whole
        models = [model for model in self.models if self.closed_models.is_open(model)]
        for place, model in enumerate(models, start=1):
            left = deadline - self.clock.monotonic()
            seconds = left if place == len(models) else min(left, self.times.first)
            day, most = moscow_day(self.clock.now()), model.dearest(message)
            if seconds <= 0 or not await self._may_spend(day, most):
                return None
            answer = await self._ask(model, message, seconds, account)
            await self._settle(day, reserved=most, spent=account.calls[-1].usage.cost)
            if answer is not None:
                return answer
        return None

    async def _ask(self, model: Classifier, message: str, seconds: float, account: "_Account") -> Understanding | None:
        began = self.clock.monotonic()
        try:
            async with asyncio.timeout(seconds):
                answer = await model.classify(message)
        except TimeoutError:
            # Perhaps it has answered after all, and wants its money.
            account.failed(model, Trouble.TIMED_OUT, Usage(cost=model.dearest(message)), began)
            return None
        except ClassifierFailed as failure:
            account.failed(model, failure.trouble, failure.usage, began)
            if failure.trouble is Trouble.CLOSED:
                self.closed_models.close(model, seconds=self.times.closed)
                await self.alerts.tell(ClassifierClosed(model.name, str(failure)))
            return None
        is_sure = answer.understanding.confidence >= SURE_TO_ANSWER
        account.answered(model, answer, began, CallOutcome.ANSWERED if is_sure else CallOutcome.UNSURE)
        return answer.understanding if is_sure else None

    async def _by_rules(self, message: str) -> "_Own":
        began = self.clock.monotonic()
        answer = await self.rules.classify(message)
        return _Own(self.rules, answer, self.clock.monotonic() - began)

    async def _may_spend(self, day: date, cost: Decimal) -> bool:
        """Booked before it arises, so that no number of processes spends more than there is."""
        try:
            granted = await self.budget.reserve(day, cost, limit=self.daily_budget)
        except StoreUnavailable:
            return False
        if not granted:
            await self.alerts.tell(AiBudgetSpent(self.daily_budget))
        return granted

    async def _settle(self, day: date, *, reserved: Decimal, spent: Decimal) -> None:
        try:
            await self.budget.settle(day, reserved=reserved, spent=spent)
        except StoreUnavailable:
            return  # what was reserved stays booked: more than was spent, never less

    async def _note(self, calls: Sequence[JournalEntry], understanding: Understanding) -> None:
        try:
            await self.journal.add([_with_offer(call, understanding) for call in calls])
        except StoreUnavailable:
            return  # the customer's answer is worth more than its line in the statistics


def _with_offer(call: JournalEntry, understanding: Understanding) -> JournalEntry:
    return replace(call, offered=understanding.offered) if call.outcome is CallOutcome.ANSWERED else call


@dataclass(frozen=True, slots=True)
class _Own:
    """What the built-in classifier makes of the message, and how many seconds it took."""

    by: Classifier
    answer: Classified
    latency: float


@dataclass(slots=True)
class _Account:
    """The calls made for one message. `last_reply`: what the latest one that answered would say."""

    clock: Clock
    message: MessageId
    text: str
    calls: list[JournalEntry] = field(default_factory=list)
    last_reply: str = ""

    def answered(self, by: Classifier, answer: Classified, began: float, outcome: CallOutcome) -> None:
        self.last_reply = answer.understanding.reply or self.last_reply
        self._note(by, answer, self.clock.monotonic() - began, outcome)

    def failed(self, by: Classifier, trouble: Trouble, usage: Usage, began: float) -> None:
        self.calls.append(self._entry(by, CallOutcome(trouble.value), self.clock.monotonic() - began, usage))

    def taken(self, own: _Own) -> Understanding:
        """The built-in classifier's answer; where it offers nothing, in the words of a model that was asked."""
        self._note(own.by, own.answer, own.latency, CallOutcome.ANSWERED)
        understanding = own.answer.understanding
        reply = self.last_reply or understanding.reply
        return understanding if understanding.offered else replace(understanding, reply=reply)

    def not_taken(self, own: _Own) -> None:
        self._note(own.by, own.answer, own.latency, CallOutcome.UNSURE)

    def _note(self, by: Classifier, answer: Classified, latency: float, outcome: CallOutcome) -> None:
        said = answer.understanding
        entry = self._entry(by, outcome, latency, answer.usage)
        self.calls.append(replace(entry, intent=said.intent, confidence=said.confidence))

    def _entry(self, by: Classifier, outcome: CallOutcome, latency: float, usage: Usage) -> JournalEntry:
        return JournalEntry(
            message=self.message,
            place=len(self.calls) + 1,
            at=self.clock.now(),
            model=by.name,
            outcome=outcome,
            latency=latency,
            text=self.text,
            usage=usage,
        )
