"""What a message wants, weighed from the cues found in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from carquery.adapters.rules.cars import Mention
from carquery.adapters.rules.cues import Hint
from carquery.domain.understanding import Intent

_SERVICES: Final = (Intent.LEGAL, Intent.CHECK, Intent.SELL, Intent.FIND, Intent.BUY)
"""Of equals, the first: who asks a lawyer or an inspector often says what is bought or sold as well."""
_WEIGHT: Final = {Intent.LEGAL: 1.15, Intent.CHECK: 1.15, Intent.SELL: 1.0, Intent.FIND: 1.1, Intent.BUY: 0.9}
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
    strong = {intent: sum(hint.intent is intent and hint.is_strong for hint in meant) for intent in Intent}
    score = {intent: _score(intent, meant) for intent in _SERVICES}
    score[Intent.CHECK] += _ENOUGH * around.has_vin
    score[Intent.SELL] += 1.5 * around.has_own_car + 1.5 * around.asks + 1.5 * (around.is_advert and not around.limits)
    score[Intent.BUY] += around.limits
    score[Intent.FIND] += around.limits
    _settle_trade(meant, mentions, score)
    best = max(_SERVICES, key=lambda intent: score[intent])
    is_about_own_car = best is Intent.SELL and around.has_car and score[best] >= _ENOUGH
    if strong[Intent.OTHER] and not strong[best] and not is_about_own_car:
        return Judgement(Intent.OTHER, _CLEAR)
    if strong[best]:
        return Judgement(best, _CLEAR)
    if around.has_car:
        return _about_a_car(best, score)
    if score[best] >= _ENOUGH:
        return Judgement(best, _LIKELY)
    return Judgement(Intent.OTHER, _VAGUE)


def _score(intent: Intent, meant: Sequence[Hint]) -> float:
    """Few weak words say as much as many."""
    weights = [hint.cue.weight for hint in meant if hint.intent is intent]
    weak = weights.count(1)
    return (sum(weights) - weak + min(weak, _MOST_WEAK)) * _WEIGHT[intent]


def _settle_trade(meant: Sequence[Hint], mentions: Sequence[Mention], score: dict[Intent, float]) -> None:
    """Who buys one car and gives another for it wants what is said first."""
    sells = [hint.start for hint in meant if hint.intent is Intent.SELL and hint.is_strong]
    if not sells or not mentions or mentions[0].start > min(sells):
        return
    wanted = mentions[0].start
    if any(hint.intent is Intent.BUY and 0 <= wanted - hint.end <= _BESIDE for hint in meant):
        score[Intent.BUY] = max(score[Intent.BUY], score[Intent.SELL] + 1)


def _about_a_car(best: Intent, score: dict[Intent, float]) -> Judgement:
    """A car is named, and no strong word said."""
    if best is Intent.SELL or (score[best] >= _ENOUGH and best in (Intent.CHECK, Intent.LEGAL)):
        return Judgement(best, _LIKELY)
    return Judgement(Intent.BUY, _LIKELY if score[Intent.BUY] > 0 else _PERHAPS)
