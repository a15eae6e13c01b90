"""What a model says to a request, for better or worse."""

import json
import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.answers import invalid
from carquery_emulators.openai.asked import Asked
from carquery_emulators.openai.brain import Brain
from carquery_emulators.openai.faults import How
from carquery_emulators.openai.schema_values import fitted, misfit
from carquery_emulators.openai.usage import Meter, Usage

Finish: TypeAlias = Literal["stop", "length", "content_filter"]

LOW_CONFIDENCE = 0.2
_REFUSAL = "I'm sorry, but I can't assist with that request."
_NO_END = "\n  "


class BrainMistaken(Exception):
    """The brain said what no model could; the message tells whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Generated:
    """An answer: a text or a refusal, and why it ended."""

    asked: Asked
    text: str | None
    refusal: str | None
    finish: Finish
    usage: Usage


class Generator:
    """Lets the brain work. `brain` may be exchanged at any time."""

    def __init__(self, brain: Brain, meter: Meter) -> None:
        self.brain = brain
        self._meter = meter

    def generate(self, asked: Asked, how: How | None) -> Generated:
        """The answer to a request that meets the misfortune `how`.

        Raises:
            Refused: the input is longer than the model's context.
            BrainMistaken: see Brain.
        """
        tokens = self._meter.prompt(asked)
        if tokens > asked.model.context_window:
            raise invalid(_too_long(asked, tokens), param=asked.where, code="context_length_exceeded")
        text, refusal, finish, output = self._say(asked, how)
        usage = Usage(tokens, output, self._meter.cached(asked))
        return Generated(asked, text, refusal, finish, usage)

    def _say(self, asked: Asked, how: How | None) -> tuple[str | None, str | None, Finish, int]:
        count = self._meter.count
        most = asked.model.max_output if asked.max_output is None else min(asked.max_output, asked.model.max_output)
        if how == "refusal":
            return None, _REFUSAL, "stop", count(_REFUSAL)
        text = self._text(asked, how)
        if how == "endless":
            start = _begun(text, count(text), most)
            return start + _NO_END * most, None, "length", most
        if how == "content filter":
            half = text[: len(text) // 2]
            return half, None, "content_filter", count(half)
        if count(text) > most:
            return _begun(text, count(text), most), None, "length", most
        return text, None, "stop", count(text)

    def _text(self, asked: Asked, how: How | None) -> str:
        said = self.brain(asked.model.name, asked.message)
        match how:
            case "empty":
                return ""
            case "broken json":
                whole = _written(said, asked)
                return whole[: len(whole) // 2]
            case "breaks schema":
                return json.dumps({name: [value] for name, value in _object(said, asked).items()} | {"unasked": True})
            case "low confidence":
                return json.dumps(_doubtful(_object(said, asked)), ensure_ascii=False)
            case _:
                return _written(said, asked)


def _written(said: Json | str, asked: Asked) -> str:
    return said if isinstance(said, str) else json.dumps(_object(said, asked), ensure_ascii=False)


def _object(said: Json | str, asked: Asked) -> Json:
    """What is said, within the schema. Raises BrainMistaken."""
    if isinstance(said, str):
        raise BrainMistaken("this fault needs a brain that says a JSON object")
    try:
        answer = fitted(asked.format.schema, said)
    except RecursionError as error:
        raise BrainMistaken("the schema contains itself, and nothing that ends") from error
    wrong = misfit(asked.format.schema, answer)
    if wrong is not None:
        raise BrainMistaken(f"what the brain says breaks the schema: {wrong}")
    return answer


def _doubtful(answer: Json) -> Json:
    """Raises BrainMistaken: there is no confidence in it."""
    if "confidence" not in answer:
        raise BrainMistaken("this fault needs a schema with the property 'confidence'")
    return {**answer, "confidence": LOW_CONFIDENCE}


def _begun(text: str, tokens: int, most: int) -> str:
    """So much of a text as fits, and never its end."""
    return text[: max(0, min(len(text) - 1, math.floor(len(text) * most / max(tokens, 1))))]


def _too_long(asked: Asked, tokens: int) -> str:
    if asked.where == "input":
        return "Your input exceeds the context window of this model. Please adjust your input and try again."
    return (
        f"This model's maximum context length is {asked.model.context_window} tokens. However, your messages "
        f"resulted in {tokens} tokens. Please reduce the length of the messages."
    )
