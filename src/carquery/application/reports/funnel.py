"""From a form that was opened to a request that somebody has touched: how many come how far."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from carquery.application.ports.outcomes import NOTHING_SENT, Outcome
from carquery.application.ports.tallies import Total
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.tallied import SUMMARY, Occurrence, commonest, median_seconds
from carquery.domain.values import dataclass

SHAPES_TOLD: Final = 3
"""Of each step's refused answers, the commonest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """A step of one form, or its summary.

    Attributes:
        reached: so many forms came to it, or past it.
        passed: so many of these went on.
        refused: so many answers were none.
        median_seconds: from the question to its answer; None: nobody knows.
        shapes: what the refused looked like, commonest first, with how many.
    """

    step: str
    reached: int
    passed: int
    refused: int
    median_seconds: float | None
    shapes: tuple[tuple[str, int], ...]

    @property
    def lost(self) -> int:
        """So many that came to it went no further."""
        return self.reached - self.passed

    @property
    def refused_share(self) -> float:
        """Of all answers that it was given."""
        return self.refused / (self.refused + self.passed) if self.refused else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFunnel:
    """One form, from its opening to what became of its requests.

    Attributes:
        offered: so often upon a free message; `accepted`, `declined`: of these, as far as they were answered.
    """

    service: Service
    opened: int
    steps: tuple[FunnelStep, ...]
    outcome: Outcome
    offered: int = 0
    accepted: int = 0
    declined: int = 0

    @property
    def worst(self) -> FunnelStep | None:
        """The step that loses most of those who come to it; None: none does."""
        steps = [place for place in self.steps if place.step != SUMMARY and place.lost]
        return max(steps, key=lambda place: (place.lost, place.refused), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """How many came how far, of all those with one key, and what was offered upon their messages."""

    key: str
    opened: int = 0
    summary: int = 0
    outcome: Outcome = NOTHING_SENT
    offered: int = 0
    accepted: int = 0
    declined: int = 0


@dataclass(frozen=True, slots=True)
class AskedTopic:
    """So often customers asked about it; `unanswered`: so often the dealership had told no answer."""

    topic: str
    asked: int
    unanswered: int


def share_of(part: int, whole: int) -> float | None:
    """None of more than the whole: the version before did not count forms, and some are sent days later."""
    return part / whole if 0 < whole >= part else None


def form_funnels(totals: Iterable[Total], outcomes: Mapping[str, Outcome]) -> tuple[FormFunnel, ...]:
    """Each form that was opened or offered, or of which requests were sent, in the order of the menu."""
    by_form: defaultdict[str, list[Total]] = defaultdict(list)
    for total in totals:
        by_form[total.form].append(total)
    return tuple(
        _form_funnel(form, by_form[form.service], outcomes.get(form.service, NOTHING_SENT))
        for form in FORMS.values()
        if form.service in outcomes or any(one.what in _OF_FORM for one in by_form[form.service])
    )


def stages(totals: Iterable[Total], outcomes: Mapping[str, Outcome]) -> tuple[Stages, ...]:
    """By key, in its order."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for total in totals:
        name = SUMMARY if total.what is Occurrence.REACHED and total.step == SUMMARY else total.what.value
        counts[total.key][name] += total.times
    told = {key for key, count in counts.items() if any(count[name] for name in _TOLD)}
    return tuple(
        Stages(key=key, outcome=outcomes.get(key, NOTHING_SENT), **{name: counts[key][name] for name in _TOLD})
        for key in sorted({*told, *outcomes})
    )


def asked_topics(totals: Iterable[Total]) -> tuple[AskedTopic, ...]:
    """Those that most often found no answer come first: what the owner has to write."""
    asked: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    for total in totals:
        asked[total.detail] += total.times if total.what is Occurrence.ASKED else 0
        unanswered[total.detail] += total.times if total.what is Occurrence.UNANSWERED else 0
    topics = [AskedTopic(topic, times, unanswered[topic]) for topic, times in asked.items() if times]
    return tuple(sorted(topics, key=lambda one: (-one.unanswered, -one.asked, one.topic)))


_OF_FORM: Final = frozenset({Occurrence.OPENED, Occurrence.OFFERED})
_TOLD: Final = ("opened", SUMMARY, "offered", "accepted", "declined")


def _form_funnel(form: Form, totals: Sequence[Total], outcome: Outcome) -> FormFunnel:
    reached = _by_step(totals, Occurrence.REACHED)
    names = [name for name in (*(step.name for step in form.steps), SUMMARY) if reached[name].total()]
    following = (reached[name].total() for name in names[1:])
    after = (*following, outcome.sent)[: len(names)]  # no place: offered alone, or sent before there were counts
    passed, refused = _by_step(totals, Occurrence.PASSED), _by_step(totals, Occurrence.REFUSED)
    places = tuple(
        FunnelStep(
            step=name,
            reached=reached[name].total(),
            passed=min(then, reached[name].total()),
            refused=refused[name].total(),
            median_seconds=median_seconds(passed[name]),
            shapes=tuple(commonest(Counter({shape: n for shape, n in refused[name].items() if shape}), SHAPES_TOLD)),
        )
        for name, then in zip(names, after, strict=True)
    )
    times: Counter[Occurrence] = Counter()
    for one in totals:
        times[one.what] += one.times
    return FormFunnel(
        service=form.service,
        opened=times[Occurrence.OPENED],
        steps=places,
        outcome=outcome,
        offered=times[Occurrence.OFFERED],
        accepted=times[Occurrence.ACCEPTED],
        declined=times[Occurrence.DECLINED],
    )


def _by_step(totals: Iterable[Total], what: Occurrence) -> defaultdict[str, Counter[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in totals:
        if one.what is what:
            counts[one.step][one.detail] += one.times
    return counts
