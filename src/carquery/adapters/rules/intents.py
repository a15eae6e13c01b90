"""What a message wants, weighed from the cues found in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from carquery.adapters.rules.cars import Mention
from carquery.adapters.rules.cues import Hint
from carquery.domain.forms.catalogue import ON_THE_MENU
from carquery.domain.forms.form import Service
from carquery.domain.understanding import INTENTS, OTHER, Intent

_TRADES: Final = {Service.SELL: 1.0, Service.FIND: 1.1, Service.BUY: 0.9}
_LAST: Final = (Service.LEGAL, Service.CHECK, *_TRADES)
_SERVICES: Final = sorted(
    (form.service for form in ON_THE_MENU), key=lambda service: _LAST.index(service) if service in _LAST else -1
)
"""Of equals, the first: who asks a lawyer or an inspector often says what is bought or sold as well."""
_WEIGHT: Final = {service: _TRADES.get(service, 1.15) for service in _SERVICES}
_MOST_WEAK: Final = 3
_ENOUGH: Final = 2
_BESIDE: Final = 3
"""Tokens between «хочу» and the car."""
_CLEAR: Final = 0.9
_LIKELY: Final = 0.78
_PERHAPS: Final = 0.72
_VAGUE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Judgement:
    """An intent, and how sure it is."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else a message says of its wish.

    Attributes:
        has_car: a car is named. `has_own_car`: as the customer's own.
        has_vin: a VIN is given.
        asks: a price is asked. `limits`: a most is named.
        is_advert: year and mileage are stated, as somebody does who sells.
    """

    has_car: bool = False
    has_own_car: bool = False
    has_vin: bool = False
    asks: bool = False
    limits: bool = False
    is_advert: bool = False


def judge(hints: Sequence[Hint], mentions: Sequence[Mention], around: Circumstances) -> Judgement:
    """What the message wants; `other` if nothing speaks for more."""
    meant = [hint for hint in hints if not hint.negated]
    strong = {intent: sum(hint.intent is intent and hint.is_strong for hint in meant) for intent in INTENTS}
    score = defaultdict(float, {service: _score(service, meant) for service in _SERVICES})
    score[Service.CHECK] += _ENOUGH * around.has_vin
    score[Service.SELL] += 1.5 * around.has_own_car + 1.5 * around.asks + 1.5 * (around.is_advert and not around.limits)
    score[Service.BUY] += around.limits
    score[Service.FIND] += around.limits
    _settle_trade(meant, mentions, score)
    best = max(_SERVICES, key=lambda service: score[service])
    is_about_own_car = best is Service.SELL and around.has_car and score[best] >= _ENOUGH
    if strong[OTHER] and not strong[best] and not is_about_own_car:
        return Judgement(OTHER, _CLEAR)
    if strong[best]:
        return Judgement(best, _CLEAR)
    if around.has_car:
        return _about_a_car(best, score)
    if score[best] >= _ENOUGH:
        return Judgement(best, _LIKELY)
    return Judgement(OTHER, _VAGUE)


def _score(service: Service, meant: Sequence[Hint]) -> float:
    """Few weak words say as much as many."""
    weights = [hint.cue.weight for hint in meant if hint.intent is service]
    weak = weights.count(1)
    return (sum(weights) - weak + min(weak, _MOST_WEAK)) * _WEIGHT[service]


def _settle_trade(meant: Sequence[Hint], mentions: Sequence[Mention], score: dict[Service, float]) -> None:
    """Who buys one car and gives another for it wants what is said first."""
    sells = [hint.start for hint in meant if hint.intent is Service.SELL and hint.is_strong]
    if not sells or not mentions or mentions[0].start > min(sells):
        return
    wanted = mentions[0].start
    if any(hint.intent is Service.BUY and 0 <= wanted - hint.end <= _BESIDE for hint in meant):
        score[Service.BUY] = max(score[Service.BUY], score[Service.SELL] + 1)


def _about_a_car(best: Service, score: Mapping[Service, float]) -> Judgement:
    """A car is named, and no strong word said."""
    if best is Service.SELL or (score[best] >= _ENOUGH and best not in _TRADES):
        return Judgement(best, _LIKELY)
    return Judgement(Service.BUY, _LIKELY if score[Service.BUY] > 0 else _PERHAPS)
