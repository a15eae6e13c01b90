"""A message as the grammar and the learned model read it: in one spelling, without what is personal, its cars found."""

import re
from collections.abc import Sequence
from typing import Final

from carquery.adapters.rules.cars import Mention, cars
from carquery.adapters.rules.keyboard import in_russian_keys
from carquery.adapters.rules.text import Token, normalised, tokens_of
from carquery.domain.masking import MASKED_AT_MOST, legible
from carquery.domain.personal.finding import find_personal
from carquery.domain.personal.piece import Personal, PersonalKind
from carquery.domain.values import dataclass

_PLACEHOLDER: Final = re.compile(rf"\[({'|'.join(kind.upper() for kind in PersonalKind)})_[0-9]+]")
"""In a masked message, such as the journal keeps."""


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """A message, read.

    Attributes:
        text: its beginning, with blanks for what is personal; no sums, years or cars are in there.
        personal: what is, in order. `kinds`: of what kinds; those of a masked message's placeholders too.
    """

    text: str
    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    personal: Sequence[Personal]
    kinds: frozenset[PersonalKind]


def plain(message: str, *, at_most: int = MASKED_AT_MOST) -> PlainMessage:
    """Read a message, or the beginning of it."""
    message = _as_meant(legible(message))
    hidden = {PersonalKind(found[1].lower()) for found in _PLACEHOLDER.finditer(message)}
    message = _PLACEHOLDER.sub(lambda found: " " * len(found.group()), message)
    personal = find_personal(message)
    text = normalised(_without(message, personal)[:at_most])
    tokens = tokens_of(text)
    kinds = frozenset({*hidden, *(piece.kind for piece in personal)})
    return PlainMessage(text, tokens, cars().find(tokens), personal, kinds)


def _as_meant(message: str) -> str:
    """On the keys that were meant, unless a car is named as it stands: «wrx sti 2018»."""
    meant = in_russian_keys(message)
    return message if meant == message or cars().find(tokens_of(normalised(message))) else meant


def _without(message: str, personal: Sequence[Personal]) -> str:
    for piece in personal:
        message = message[: piece.start] + " " * (piece.end - piece.start) + message[piece.end :]
    return message
