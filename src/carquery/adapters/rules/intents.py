"""What a message wants, weighed from the cues found in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from carquery.adapters.rules.cars import Mention
from carquery.adapters.rules.cues import STRONG, Hint
from carquery.domain.understanding import Intent

_SERVICES: Final = (Intent.LEGAL, Intent.CHECK, Intent.SELL, Intent.FIND, Intent.BUY)
"""Of equals, the first: who asks a lawyer or an inspector often says what is bought or sold as well."""
_WEIGHT: Final = {Intent.LEGAL: 1.15, Intent.CHECK: 1.15, Intent.SELL: 1.0, Intent.FIND: 1.1, Intent.BUY: 0.9}
_MOST_WEAK: Final = 3
_CLEAR: Final = 0.9
_LIKELY: Final = 0.78
_PERHAPS: Final = 0.72
_VAGUE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Judgement:
    """An intent, and how sure it is."""

    intent: Intent
    confidence: float


def judge(hints: Sequence[Hint], mentions: Sequence[Mention], *, has_vin: bool) -> Judgement:
    """What the message wants; `other` if nothing speaks for more."""
    meant = [hint for hint in hints if not hint.negated]
    strong = {intent: sum(hint.intent is intent and hint.is_strong for hint in meant) for intent in Intent}
    weak = {intent: sum(hint.intent is intent and not hint.is_strong for hint in meant) for intent in Intent}
    score = {
        intent: (STRONG * strong[intent] + min(weak[intent], _MOST_WEAK)) * _WEIGHT[intent] for intent in _SERVICES
    }
    if has_vin:
        score[Intent.CHECK] += 1
    _settle_trade(meant, mentions, score)
    best = max(_SERVICES, key=lambda intent: score[intent])
    is_about_own_car = best is Intent.SELL and mentions and score[best] >= 2
    if strong[Intent.OTHER] and not strong[best] and not is_about_own_car:
        return Judgement(Intent.OTHER, _CLEAR)
    if strong[best]:
        return Judgement(best, _CLEAR)
    if mentions:
        return _about_a_car(best, score)
    if score[best] >= 2:
        return Judgement(best, _LIKELY)
    if score[best] > 0:
        return Judgement(best, _VAGUE)
    return Judgement(Intent.OTHER, _LIKELY if strong[Intent.OTHER] or weak[Intent.OTHER] else _VAGUE)


def _settle_trade(meant: Sequence[Hint], mentions: Sequence[Mention], score: dict[Intent, float]) -> None:
    """Who buys one car and gives another for it wants what is said first."""
    sells = [hint.start for hint in meant if hint.intent is Intent.SELL and hint.is_strong]
    buys = [hint.start for hint in meant if hint.intent is Intent.BUY]
    if sells and buys and mentions and mentions[0].start < min(sells) and min(buys) < min(sells):
        score[Intent.BUY] = max(score[Intent.BUY], score[Intent.SELL] + 1)


def _about_a_car(best: Intent, score: dict[Intent, float]) -> Judgement:
    """A car is named, and no strong word said."""
    if best is Intent.SELL or (score[best] >= 2 and best is not Intent.BUY):
        return Judgement(best, _LIKELY)
    return Judgement(Intent.BUY, _LIKELY if score[Intent.BUY] > 0 else _PERHAPS)
