"""Files of labelled messages: a JSON object a line, with `text`, `intent`, and perhaps `entities` and `tags`."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from carquery.domain.understanding import INTENTS, Entities, read_intent
from carquery.entrypoints.commands.ai.evaluation import Labelled

_NUMBERS = frozenset({"year", "budget", "price", "mileage"})
_NAMES = frozenset(field.name for field in fields(Entities))


class UnreadableMessages(Exception):
    """The file is not one; says which line is wrong, and what would be right."""


def read_labelled(file: Path) -> list[Labelled]:
    """The messages of a file. Raises UnreadableMessages."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
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
