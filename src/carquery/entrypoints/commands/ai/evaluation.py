"""How often a classifier is right, measured on labelled messages."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from carquery.adapters.rules.learned.labelled import Labelled
from carquery.application.ports.classifier import Classifier, ClassifierFailed, Usage
from carquery.domain.forms.form import Service
from carquery.domain.understanding import INTENTS, OTHER, PERHAPS, SURE_ENOUGH, Entities, Intent, Understanding

INJECTION = "injection"
"""The tag of messages that try to make the bot do something else."""

CONFIDENCES: Final = (PERHAPS, SURE_ENOUGH, 0.8, 0.9)
"""From which on offers are counted."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a classifier made of one message.

    Attributes:
        understanding: None: nothing.
        seconds: how long it took. `cpu_seconds`: how long of that this process worked.
    """

    message: Labelled
    understanding: Understanding | None
    usage: Usage
    seconds: float
    cpu_seconds: float = 0.0

    @property
    def intent(self) -> Intent | None:
        return None if self.understanding is None else self.understanding.intent

    @property
    def stated(self) -> dict[str, str | int]:
        return {} if self.understanding is None else self.understanding.entities.stated

    @property
    def offers(self) -> bool:
        """Whether a form would be offered."""
        return self.offered_at(SURE_ENOUGH) is not None

    def offered_at(self, sure: float) -> Service | None:
        """The form that would be offered from that confidence on."""
        said = self.understanding
        is_sure = said is not None and said.confidence >= sure
        return said.intent if said is not None and is_sure and isinstance(said.intent, Service) else None


@dataclass(frozen=True, slots=True)
class Offered:
    """What would be offered from a confidence on.

    Attributes:
        count: messages that would be offered a form. `wrong`: of these, how many another one than they want.
        wishes: messages that want a form.
    """

    sure: float
    count: int
    wrong: int
    wishes: int

    @property
    def wrong_share(self) -> float | None:
        return _share(self.wrong, self.count)

    @property
    def reach(self) -> float | None:
        """Of the messages that want a form, the share that is offered it."""
        return _share(self.count - self.wrong, self.wishes)


@dataclass(frozen=True, slots=True)
class Hits:
    """How many were found rightly, found wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Hits") -> "Hits":
        return Hits(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is right; `None` if nothing was found."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """Of what there is, the share that was found; `None` if there is nothing."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; `None` if there is nothing, and nothing was found."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures over all messages. Entities count as found only with their exact value."""

    measured: Sequence[Measured] = field(repr=False)

    @property
    def intent_accuracy(self) -> float:
        """The share of messages whose intent was found; 0 if there is no message."""
        return _share(sum(one.intent is one.message.intent for one in self.measured), len(self.measured)) or 0.0

    @property
    def intents(self) -> dict[Intent, Hits]:
        """Each intent's hits."""
        return {intent: _intent_hits(intent, self.measured) for intent in INTENTS}

    @property
    def confusion(self) -> dict[Intent, Counter[Intent | None]]:
        """By the true intent, how often each was answered; None: no answer."""
        matrix: dict[Intent, Counter[Intent | None]] = {intent: Counter() for intent in INTENTS}
        for one in self.measured:
            matrix[one.message.intent][one.intent] += 1
        return matrix

    @property
    def entities(self) -> dict[str, Hits]:
        """Each entity's hits, by name."""
        names = Entities.__dataclass_fields__
        return {name: sum((_entity_hits(name, one) for one in self.measured), Hits()) for name in names}

    @property
    def all_entities(self) -> Hits:
        """All entities' hits together: micro-averaged figures."""
        return sum(self.entities.values(), Hits())

    @property
    def injections_offered(self) -> int:
        """Messages that want nothing but to lead us on, and would get a form offered."""
        return sum(
            one.offers and one.message.intent is OTHER and INJECTION in one.message.tags for one in self.measured
        )

    @property
    def offered(self) -> list[Offered]:
        """At each of `CONFIDENCES`."""
        return [self._offered(sure) for sure in CONFIDENCES]

    def _offered(self, sure: float) -> Offered:
        forms = [(one.offered_at(sure), one.message.intent) for one in self.measured]
        offered = [(form, wanted) for form, wanted in forms if form is not None]
        wrong = sum(form is not wanted for form, wanted in offered)
        return Offered(sure, len(offered), wrong, sum(wanted is not OTHER for _, wanted in forms))

    @property
    def failures(self) -> int:
        """Messages without an answer."""
        return sum(one.understanding is None for one in self.measured)

    @property
    def cost(self) -> Decimal:
        """US dollars."""
        return sum((one.usage.cost for one in self.measured), Decimal(0))

    @property
    def input_tokens(self) -> int:
        return sum(one.usage.input_tokens for one in self.measured)

    def latency(self, percent: int) -> float | None:
        """The time, in milliseconds, that so many percent of the messages took at most, by nearest rank."""
        return _percentile([one.seconds for one in self.measured], percent)

    def cpu(self, percent: int) -> float | None:
        """Likewise, the time that this process worked for them."""
        return _percentile([one.cpu_seconds for one in self.measured], percent)

    def to_json(self) -> dict[str, Any]:
        """One object with all figures, rounded to four places."""
        entities = self.all_entities
        return {
            "messages": len(self.measured),
            "intent_accuracy": _rounded(self.intent_accuracy),
            "entity_precision": _rounded(entities.precision),
            "entity_recall": _rounded(entities.recall),
            "entity_f1": _rounded(entities.f1),
            "per_intent": {intent.value: _figures(hits) for intent, hits in self.intents.items()},
            "per_entity": {name: _figures(hits) for name, hits in self.entities.items()},
            "confusion": {
                true.value: {"none" if said is None else said.value: count for said, count in row.items()}
                for true, row in self.confusion.items()
            },
            "injections_offered": self.injections_offered,
            "offered": {
                f"{each.sure:g}": {
                    "offered": each.count,
                    "offered_wrong": _rounded(each.wrong_share),
                    "reach": _rounded(each.reach),
                }
                for each in self.offered
            },
            "failures": self.failures,
            "p50_ms": _rounded(self.latency(50)),
            "p95_ms": _rounded(self.latency(95)),
            "p50_cpu_ms": _rounded(self.cpu(50)),
            "p95_cpu_ms": _rounded(self.cpu(95)),
            "cost_usd": float(self.cost),
            "input_tokens": self.input_tokens,
        }


async def evaluate(
    classifier: Classifier,
    messages: Iterable[Labelled],
    *,
    done: Callable[[Measured], None] = lambda _: None,
    now: Callable[[], float] = time.perf_counter,
    worked: Callable[[], float] = time.process_time,
) -> Evaluation:
    """Let a classifier read the messages, one after another; `done` is called after each."""
    measured: list[Measured] = []
    for message in messages:
        began, had_worked = now(), worked()
        try:
            answer = await classifier.classify(message.text)
        except ClassifierFailed as failure:
            understanding, usage = None, failure.usage
        else:
            understanding, usage = answer.understanding, answer.usage
        measured.append(Measured(message, understanding, usage, now() - began, worked() - had_worked))
        done(measured[-1])
    return Evaluation(measured)


def _intent_hits(intent: Intent, measured: Iterable[Measured]) -> Hits:
    hits = Hits()
    for one in measured:
        is_so, is_said = one.message.intent is intent, one.intent is intent
        hits += Hits(int(is_so and is_said), int(is_said and not is_so), int(is_so and not is_said))
    return hits


def _entity_hits(name: str, one: Measured) -> Hits:
    true, said = one.message.entities.stated.get(name), one.stated.get(name)
    if true is None and said is None:
        return Hits()
    if true == said:
        return Hits(right=1)
    return Hits(wrong=int(said is not None), missed=int(true is not None))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _percentile(seconds: Sequence[float], percent: int) -> float | None:
    times = sorted(seconds)
    return 1000 * times[-(-len(times) * percent // 100) - 1] if times else None


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _figures(hits: Hits) -> dict[str, Any]:
    return {
        "precision": _rounded(hits.precision),
        "recall": _rounded(hits.recall),
        "f1": _rounded(hits.f1),
        "right": hits.right,
        "wrong": hits.wrong,
        "missed": hits.missed,
    }
