"""Models that understand a dealership's customers by a few words, for tests in which OpenAI has to understand them."""

from collections.abc import Mapping
from typing import Any

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


def keyword_brain(model: str, message: str) -> dict[str, Any]:
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


def _said(intent: str, confidence: float) -> dict[str, Any]:
    return {"intent": intent, "confidence": confidence, "reply": _REPLIES[intent]}
