"""Free text in the playground: how the emulated OpenAI behaves, and the story of the last message."""

from collections.abc import Iterator, Sequence
from typing import Final

from carquery.application.free_text.read_message import ClosedModels, Reading
from carquery.application.ports.ai_journal import CallOutcome, JournalEntry
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.typed_numbers import grouped
from carquery.domain.understanding import Intent
from carquery.entrypoints.playground.lead_cards import AskedClassifier, FreeTextState, UnderstoodMessage
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.openai.faults import How

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


class FreeTextMonitor:
    """How the emulated OpenAI behaves, and, as a `ReadingObserver`, what became of the last message."""

    def __init__(self, openai: OpenAiEmulator) -> None:
        self.openai = openai
        self._mood = "works"
        self._last: UnderstoodMessage | None = None
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

    def note(self, reading: Reading, calls: Sequence[JournalEntry]) -> None:
        """Remember what became of a message."""
        understanding = reading.understanding
        self._last = UnderstoodMessage(
            asked=tuple(map(_asked, _until_answered(calls))),
            wish=_wish(understanding.intent),
            confidence=understanding.confidence,
            offered=None if understanding.offered is None else understanding.offered.value,
            stated=tuple((_STATED[name], _shown(name, value)) for name, value in understanding.entities.stated.items()),
        )

    def showing(self) -> FreeTextState:
        return FreeTextState(mood=self._mood, last=self._last)


def _until_answered(calls: Sequence[JournalEntry]) -> Iterator[JournalEntry]:
    """Without what is only noted beside."""
    for call in calls:
        yield call
        if call.outcome is CallOutcome.ANSWERED:
            return


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
