"""A chat completion as it comes over the wire, and nothing of it that is not used.

The library builds its own objects without looking at what is in them; a proxy in between may send anything.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


class NotUnderstood(Exception):
    """It is not what was asked for. The text says in a few words what it is, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What was counted; the cached ones are among those of the input."""

    input: int
    output: int
    cached: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer.

    Attributes:
        refusal: its words, if it would not answer.
        finish_reason: `stop`, if it came to an end.
        tokens: None: it does not say, or nothing believable.
    """

    content: str | None
    refusal: str | None
    finish_reason: str | None
    tokens: Tokens | None


def read_completion(body: bytes) -> Completion:
    """Read an answer's body.

    Raises:
        NotUnderstood: it is no chat completion.
    """
    answer = _object(read_json(body))
    choices = answer.get("choices")
    choice = _object(choices[0] if isinstance(choices, list) and choices else None)
    message = _object(choice.get("message"))
    return Completion(
        content=_text(message.get("content")),
        refusal=_text(message.get("refusal")),
        finish_reason=_text(choice.get("finish_reason")),
        tokens=_tokens(answer.get("usage")),
    )


def read_json(text: str | bytes) -> object:
    """Read JSON, without the NaN and Infinity that Python would let pass.

    Raises:
        NotUnderstood: it is none.
    """
    try:
        said: object = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise NotUnderstood("не JSON") from None
    return said


def read_said(content: str) -> Mapping[str, object]:
    """Read the one object in a model's answer; a fence, thoughts and words around it are passed over.

    Raises:
        NotUnderstood: there is none, or more than one.
    """
    said = _THOUGHTS.sub("", content, count=1)
    read = read_json(said[said.find("{") : said.rfind("}") + 1])
    if not isinstance(read, dict):
        raise NotUnderstood("не объект")
    return read


def number_in(value: object) -> int | float | None:
    """A number, also in quotation marks, with its thousands set apart; None: it is none."""
    match value:
        case bool():
            return None
        case int() | float():
            return value
        case str() if _NUMBER.fullmatch(value):
            plain = value.replace(" ", "").replace("_", "").replace(",", ".")
            return float(plain) if "." in plain else int(plain)
        case _:
            return None


_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[ _]?[0-9]{3}){0,4}(?:[.,][0-9]{1,6})?|[0-9]{1,15}", re.ASCII)
_THOUGHTS: Final = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


def _tokens(usage: object) -> Tokens | None:
    """The counts of an answer's `usage`."""
    if not isinstance(usage, dict):
        return None
    details = usage.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else None
    taken, given = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if taken is None or given is None:
        return None
    return Tokens(taken, given, min(cached or 0, taken))


_MOST_TOKENS: Final = 100_000
"""A proxy that counts more for one of our messages counts wrong, and may not eat up a day's budget."""


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else None


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise NotUnderstood("не ответ модели")
    return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
