"""Files of labelled messages: a JSON object a line, with `text`, `intent`, and perhaps `entities` and `tags`."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from carquery.domain.understanding import INTENTS, NOTHING_STATED, OTHER, Entities, Intent, read_intent
from carquery.domain.values import dataclass

TOPICS: Final = (
    *("greeting", "thanks", "bye", "smalltalk", "answer", "hours", "address", "contact", "facilities", "price"),
    *(
        "free",
        "credit",
        "leasing",
        "tradein",
        "warranty",
        "delivery",
        "documents",
        "status",
        "testdrive",
        "rent",
        "service",
        "parts",
    ),
    *("jobs", "human", "complaint", "insult", "spam", "injection", "why_phone", "privacy", "gibberish", "offtopic"),
    *("cancel", "correction"),
)
"""What a message without a form may be about: the first tag that is one of these says so."""

_NUMBERS = frozenset({"year", "budget", "price", "mileage"})
_NAMES = frozenset(field.name for field in fields(Entities))


class UnreadableMessages(Exception):
    """The file is not one; says which line is wrong, and what would be right."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message, and what a person says that it says."""

    text: str
    intent: Intent
    entities: Entities = NOTHING_STATED
    tags: tuple[str, ...] = ()

    @property
    def topic(self) -> str | None:
        """What it is about if it wants no form; `None`: it wants one, or nobody said."""
        return next((tag for tag in self.tags if tag in TOPICS), None) if self.intent is OTHER else None


def read_labelled(file: Path) -> list[Labelled]:
    """The messages of a file. Raises UnreadableMessages."""
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UnreadableMessages(error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise UnreadableMessages("not UTF-8") from error
    messages = [_read(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not messages:
        raise UnreadableMessages("no message in it")
    return messages


def _read(number: int, line: str) -> Labelled:
    try:
        body = json.loads(line)
        return Labelled(
            text=_text(body["text"]),
            intent=read_intent(body["intent"]),
            entities=_entities(body.get("entities", {})),
            tags=tuple(_text(tag) for tag in body.get("tags", [])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = f'{{"text": "…", "intent": "{"|".join(INTENTS)}", "entities": {{…}}, "tags": […]}}'
        raise UnreadableMessages(f"line {number}: {error}; expected: {expected}") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _entities(body: dict[str, Any]) -> Entities:
    for name, value in body.items():
        kind = int if name in _NUMBERS else str
        if name not in _NAMES or not isinstance(value, kind):
            raise ValueError(f"entity {name}: {value!r}")
    return Entities(**body)
