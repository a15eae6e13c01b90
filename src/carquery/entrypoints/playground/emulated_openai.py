"""An OpenAI on this machine, which knows as much as the built-in classifier."""

import json
from typing import Final

from carquery.adapters.rules.classifier import RulesClassifier
from carquery.adapters.system.clock import SystemClock
from carquery.domain.understanding import OTHER, Understanding
from carquery_emulators.openai import OpenAiEmulator

SMALL_MODEL: Final = "gpt-4o-mini"
LARGE_MODEL: Final = "gpt-4o"

_DOUBTFUL: Final = 0.75
"""Below this, the small model is made unsure, so that one can see the large one being asked."""

_REPLIES: Final = (
    (("привет", "здравств", "добрый", "доброе"), "Здравствуйте! Расскажите, что вам нужно, и мы поможем."),
    (("спасибо", "благодар"), "Пожалуйста! Обращайтесь."),
    (("работаете", "график", "адрес", "находитесь"), "Об этом лучше расскажет менеджер: закажите обратный звонок."),
)
_REPLY: Final = "Расскажите, пожалуйста, подробнее, чем вам помочь."


def open_openai() -> OpenAiEmulator:
    """An OpenAI whose models know as much as the built-in classifier, yet to be entered as a context."""
    rules = RulesClassifier(SystemClock())

    def think(model: str, message: str) -> dict[str, object]:
        understanding = rules.understand(_text(message))
        return {
            "intent": understanding.intent.value,
            "confidence": _confidence(model, understanding),
            "reply": _reply(_text(message)) if understanding.intent is OTHER else _REPLY,
            **understanding.entities.stated,
        }

    return OpenAiEmulator(think)


def _text(message: str) -> str:
    """The customer's text: the bot sends it as a JSON string."""
    try:
        text = json.loads(message)
    except ValueError:
        return message
    return text if isinstance(text, str) else message


def _confidence(model: str, understanding: Understanding) -> float:
    if understanding.confidence >= _DOUBTFUL or understanding.intent is OTHER:
        return max(understanding.confidence, 0.9)
    return 0.5 if model.startswith(SMALL_MODEL) else 0.8


def _reply(message: str) -> str:
    lowered = message.casefold()
    return next((reply for words, reply in _REPLIES if any(word in lowered for word in words)), _REPLY)
