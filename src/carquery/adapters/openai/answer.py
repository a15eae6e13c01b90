"""What a model says of a message, believed as far as it can be."""

import re
from collections.abc import Mapping
from typing import Final

from carquery.adapters.openai.entities import read_entities
from carquery.adapters.openai.wire import NotUnderstood, number_in, read_said
from carquery.domain.masking import Masked
from carquery.domain.personal.piece import PersonalKind
from carquery.domain.typed_text import clean
from carquery.domain.understanding import Intent, Understanding, read_intent

LONGEST_REPLY: Final = 300
"""Characters; half of it was asked for."""


def read_answer(content: str, masked: Masked) -> Understanding:
    """Read the JSON that was asked for, as far as servers keep to it. What it says beyond that is not looked at.

    Args:
        masked: the message as the model read it; the placeholders of this one are filled in, and of no other.

    Raises:
        NotUnderstood: not that JSON, an intent that there isn't, or a value of a wrong type.
    """
    said = read_said(content)
    nested = said.get("entities")
    if isinstance(nested, dict):  # as servers that hold no schema are inclined to put them
        said = {**nested, **said}
    intent = _intent(said)
    return Understanding(intent, _confidence(said), read_entities(said, intent, masked), _reply(said, masked))


def _intent(said: Mapping[str, object]) -> Intent:
    try:
        return read_intent(str(said.get("intent")))
    except ValueError:
        raise NotUnderstood("нет такого намерения") from None


def _confidence(said: Mapping[str, object]) -> float:
    confidence = number_in(said.get("confidence"))
    if confidence is None or not 0 <= confidence <= 1:
        raise NotUnderstood("уверенность не от 0 до 1")
    return float(confidence)


def _reply(said: Mapping[str, object], masked: Masked) -> str:
    """On one line, with the customer's name in it, and without the sentences that speak of other personal data."""
    reply = said.get("reply")
    if reply is None:
        return ""
    if not isinstance(reply, str):
        raise NotUnderstood("reply не строка")
    names = {key for key, personal in masked.hidden.items() if personal.kind is PersonalKind.NAME}
    sentences = _SENTENCE_END.split(clean(reply))
    kept = [sentence for sentence in sentences if names.issuperset(_PLACEHOLDER.findall(sentence))]
    return _cut(masked.unmask(" ".join(kept)))


_PLACEHOLDER: Final = re.compile(r"\[[A-Za-z]+_[0-9]+]")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…]) ")


def _cut(text: str) -> str:
    if len(text) <= LONGEST_REPLY:
        return text
    whole_words = text[: LONGEST_REPLY - 1].rpartition(" ")[0] or text[: LONGEST_REPLY - 1]
    return f"{whole_words.rstrip()}…"
