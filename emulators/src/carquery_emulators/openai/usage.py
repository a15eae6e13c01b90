"""What an answer costs, in tokens."""

import json
from collections import deque
from dataclasses import dataclass
from itertools import takewhile

from carquery_emulators.openai.asked import Asked
from carquery_emulators.openai.models import Model
from carquery_emulators.openai.tokens import CountTokens

_PER_MESSAGE = 3
_PRIMING = 3
_CACHE_FROM = 1024
_CACHE_STEP = 128
"""Prompts of 1024 tokens and more are cached, in steps of 128. Source: OpenAI's guide «Prompt caching»."""
_REMEMBERED = 20  # prompts


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. `cached` are among `input`."""

    input: int
    output: int
    cached: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output


class Meter:
    """Counts prompts. The schema is a part of the prompt, as it is at OpenAI."""

    def __init__(self, count: CountTokens) -> None:
        self.count = count
        self._seen: deque[tuple[Model, str]] = deque(maxlen=_REMEMBERED)

    def prompt(self, asked: Asked) -> int:
        """Tokens of the whole input."""
        schema = json.dumps(asked.format.schema, ensure_ascii=False, separators=(",", ":"))
        texts = [asked.format.name, asked.format.description, schema, *(message.text for message in asked.messages)]
        return sum(map(self.count, texts)) + _PER_MESSAGE * len(asked.messages) + _PRIMING

    def cached(self, asked: Asked) -> int:
        """Tokens at its beginning that are still known from an earlier prompt to the model; remembers this one."""
        text = asked.format.name + "\n".join(message.text for message in asked.messages)
        known = max(
            (self.count(_beginning(text, seen)) for model, seen in self._seen if model == asked.model), default=0
        )
        self._seen.append((asked.model, text))
        return known // _CACHE_STEP * _CACHE_STEP if known >= _CACHE_FROM else 0


def _beginning(one: str, other: str) -> str:
    """What both begin with."""
    length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[:length]
