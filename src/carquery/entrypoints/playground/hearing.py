"""Free text in the playground: an OpenAI on this machine, how it behaves, and the story of the last message."""

import json
from dataclasses import dataclass
from typing import Final

from carquery.adapters.rules.classifier import RulesClassifier
from carquery.application.free_text.read_message import ClosedModels, Reading, ReadMessage
from carquery.application.ports.ai_journal import JournalEntry
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.typed_numbers import grouped
from carquery.domain.understanding import OTHER, Intent, Understanding
from carquery.entrypoints.playground.cards import AskedClassifier, HeardMessage, Hearing
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.openai.faults import How

SMALL_MODEL: Final = "gpt-4o-mini"
LARGE_MODEL: Final = "gpt-4o"

MOODS: Final[dict[str, How | None]] = {
    "works": None,
    "slow": "slow",
    "error": "500",
    "busy": "429",
    "broken": "broken json",
    "unsure": "low confidence",
    "refuses": "refusal",
    "closed": "403 country",
}
"""How OpenAI may behave, as the page calls it."""

_SLOW_SECONDS: Final = 15.0
_DOUBTFUL: Final = 0.75
"""Below this, the small model is made unsure, so that one can see the large one being asked."""

_STATED: Final = {
    "brand": "Марка",
    "model": "Модель",
    "year": "Год",
    "mileage": "Пробег",
    "price": "Цена",
    "budget": "Бюджет",
    "vin": "VIN",
    "phone": "Телефон",
    "name": "Имя",
}
_REPLIES: Final = (
    (("привет", "здравств", "добрый", "доброе"), "Здравствуйте! Расскажите, что вам нужно, и мы поможем."),
    (("спасибо", "благодар"), "Пожалуйста! Обращайтесь."),
    (("работаете", "график", "адрес", "находитесь"), "Об этом лучше расскажет менеджер: закажите обратный звонок."),
)
_REPLY: Final = "Расскажите, пожалуйста, подробнее, чем вам помочь."


class FreeTextMonitor:
    """How the emulated OpenAI behaves, and what became of the last message."""

    def __init__(self, openai: OpenAiEmulator) -> None:
        self.openai = openai
        self._mood = "works"
        self._last: HeardMessage | None = None
        self._closed_models: ClosedModels | None = None

    def watch(self, closed_models: ClosedModels) -> None:
        """Ask these models again when OpenAI works again."""
        self._closed_models = closed_models

    def behave(self, mood: str) -> bool:
        """Let OpenAI behave so from now on. False: there is no such mood."""
        if mood not in MOODS:
            return False
        self._mood = mood
        self.openai.faults.clear()
        how = MOODS[mood]
        if how is not None:
            self.openai.faults.add(how, times=None, seconds=_SLOW_SECONDS)
        if self._closed_models is not None:
            self._closed_models.open_all()
        return True

    def note(self, heard: Reading, calls: list[JournalEntry]) -> None:
        """Remember what became of a message."""
        understanding = heard.understanding
        self._last = HeardMessage(
            asked=tuple(map(_asked, calls)),
            wish=_wish(understanding.intent),
            confidence=understanding.confidence,
            offered=None if understanding.offered is None else understanding.offered.value,
            stated=tuple((_STATED[name], _shown(name, value)) for name, value in understanding.entities.stated.items()),
        )

    def showing(self) -> Hearing:
        return Hearing(mood=self._mood, last=self._last)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedUnderstand(ReadMessage):
    """The same chain; the monitor learns what became of each message."""

    monitor: FreeTextMonitor

    async def __call__(self, text: str, *, paid: bool = True) -> Reading:
        heard = await ReadMessage.__call__(self, text, paid=paid)
        self.monitor.note(heard, await self.journal.entries(heard.message))
        return heard


def open_openai() -> OpenAiEmulator:
    """An OpenAI whose models know as much as the built-in rules, yet to be entered as a context."""
    rules = RulesClassifier()

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


def _wish(intent: Intent) -> str:
    return FORMS[intent].wish.wants if isinstance(intent, Service) else "другое"


def _shown(name: str, value: str | int) -> str:
    return grouped(int(value)) if name in {"mileage", "price", "budget"} else str(value)


def _asked(call: JournalEntry) -> AskedClassifier:
    return AskedClassifier(
        name=call.model,
        outcome=call.outcome.value,
        confidence=call.confidence,
        seconds=round(call.latency, 3),
        tokens=call.usage.input_tokens + call.usage.output_tokens,
        cost=float(call.usage.cost),
    )
