"""Messages without personal data: what leaves our machines, and what is kept for statistics."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from carquery.domain.personal.finding import find_personal
from carquery.domain.personal.phones import with_plain_phones
from carquery.domain.personal.piece import Personal, PersonalKind
from carquery.domain.typed_text import LONGEST_TYPED, clean
from carquery.domain.values import dataclass

MASKED_AT_MOST: Final = 500
"""Characters of a free message that anybody reads."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text in which each piece of personal data is a placeholder such as `[PHONE_1]`, and what they stand for."""

    text: str
    hidden: dict[str, Personal]

    def unmask(self, text: str) -> str:
        """Another text with the placeholders filled in."""
        return _PLACEHOLDER.sub(lambda found: self._meant(found.group()), text)

    def _meant(self, placeholder: str) -> str:
        personal = self.hidden.get(placeholder)
        return placeholder if personal is None else personal.value


def mask(message: str) -> Masked:
    """The message without what is personal, at most MASKED_AT_MOST characters of it.

    It is cut last: cut before, it might end in half a phone number, which nothing finds. The same value gets the same
    placeholder, counted from 1 for each kind.
    """
    whole = _masked(legible(message))
    if len(whole.text) <= MASKED_AT_MOST:
        return whole
    text = _CUT_PLACEHOLDER.sub("", whole.text[:MASKED_AT_MOST])
    return Masked(text, {key: personal for key, personal in whole.hidden.items() if key in text})


def legible(message: str) -> str:
    """The message in plain signs, with phone numbers apart from the numbers beside them."""
    return with_plain_phones(_in_plain_signs(message[:LONGEST_TYPED]))


def _masked(text: str) -> Masked:
    placeholders: dict[tuple[PersonalKind, str], str] = {}
    hidden: dict[str, Personal] = {}
    parts, done = [], 0
    for personal in find_personal(text):
        key = (personal.kind, personal.value)
        if key not in placeholders:
            number = 1 + sum(kind is personal.kind for kind, _ in placeholders)
            placeholders[key] = f"[{personal.kind.upper()}_{number}]"
            hidden[placeholders[key]] = personal
        parts += [text[done : personal.start], placeholders[key]]
        done = personal.end
    return Masked("".join((*parts, text[done:])), hidden)


_PLACEHOLDER: Final = re.compile(r"\[[A-Z]+_[0-9]+]")


_CUT_PLACEHOLDER: Final = re.compile(r"\[[A-Z]*_?[0-9]*\Z")


def _in_plain_signs(text: str) -> str:
    """What can be seen, with ASCII digits, simple spaces and hyphens: «７９１６…» and keycap emoji are phones too."""
    signs = unicodedata.normalize("NFKC", clean(_KEYCAP.sub("", text), multiline=True))
    return _SPACES.sub(" ", "".join(map(_plain, signs)))


_SPACES: Final = re.compile(" {2,}")
_KEYCAP: Final = re.compile("\ufe0f?\u20e3")


@lru_cache(maxsize=1024)
def _plain(sign: str) -> str:
    match unicodedata.category(sign):
        case "Nd":
            return str(unicodedata.decimal(sign))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case _:
            return "-" if sign == "\N{MINUS SIGN}" else sign
