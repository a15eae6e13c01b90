"""What the models think, unless they are told otherwise: a few words, and where they lead."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from carquery_emulators.kit.json_types import Json

Brain: TypeAlias = Callable[[str, str], Json | str]
"""Model and message to what the model says.

A JSON object is held to the request's schema, as constrained decoding does: what is missing becomes null or empty, what
the schema does not know is left out; a value of a wrong type is the brain's mistake and answered with 500, in words. A
string is said as it is, whatever the schema.
"""

SURE = 0.92
UNSURE = 0.6
OFF_TOPIC = 0.8

_STEMS: Mapping[str, tuple[str, ...]] = {
    "sell": ("прода", "выкуп", "трейд-ин", "трейд ин", "sell"),
    "buy": ("купить", "куплю", "покупа", "приобре", "buy"),
    "find": ("подбер", "подбор", "подобр", "посовет", "find"),
    "check": ("провер", "диагност", "осмотр", "пробить", "check"),
    "legal": ("договор", "юрис", "арест", "штраф", "постановк", "растамож", "legal"),
}
_REPLIES: Mapping[str, str] = {
    "sell": "Поможем продать ваш автомобиль.",
    "buy": "Поможем купить автомобиль.",
    "find": "Поможем подобрать автомобиль.",
    "check": "Проверим автомобиль перед покупкой.",
    "legal": "Поможем с документами и правовыми вопросами.",
    "other": "Расскажите, пожалуйста, чем мы можем помочь.",
}


def keyword_brain(model: str, message: str) -> Json:
    """An `intent`, a `confidence` and a `reply`; it extracts nothing.

    Of several wishes the one named first counts; the small models are unsure of it then.
    """
    text = message.lower()
    places = {intent: place for intent, stems in _STEMS.items() if (place := _first(text, stems)) is not None}
    if not places:
        return _said("other", OFF_TOPIC)
    is_torn = len(places) > 1 and ("mini" in model or "nano" in model)
    return _said(min(places, key=lambda intent: places[intent]), UNSURE if is_torn else SURE)


def _first(text: str, stems: tuple[str, ...]) -> int | None:
    return min((text.index(stem) for stem in stems if stem in text), default=None)


def _said(intent: str, confidence: float) -> Json:
    return {"intent": intent, "confidence": confidence, "reply": _REPLIES[intent]}
