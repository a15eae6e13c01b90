"""Answers in the customer's own words."""

import re
import unicodedata
from typing import Final

from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_text import LONGEST_TYPED, clean
from carquery.domain.values import dataclass

_NOT_HELD: Final = re.compile(r"[\0\ud800-\udfff]")
"""NUL and lone surrogates: what no database's text can hold."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a customer wrote, as they wrote it: never blank, and nothing in it that a database can't hold.

    Attributes:
        said: the customer's own words, where `text` is what everybody calls it: «тайота камри» for Toyota Camry.
    """

    text: str
    said: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip() or _NOT_HELD.search(self.text + self.said):
            raise ValueError("words are neither blank nor do they hold NUL or lone surrogates")

    @property
    def shown(self) -> str:
        return self.text


def read_words(
    typed: str, *, shortest: int, longest: int, hint: str, needs_alphanumeric: bool = False, multiline: bool = False
) -> Words:
    """Read `shortest` … `longest` characters, counted after cleaning; `multiline` keeps line breaks.

    Raises:
        AnswerRefused: too short, too long, or without the letter or digit it needs; carries `hint`.
    """
    text = clean(typed, multiline=multiline) if len(typed) <= LONGEST_TYPED else ""
    if not max(shortest, 1) <= len(text) <= longest or (needs_alphanumeric and not _has_alphanumeric(text)):
        raise AnswerRefused(hint)
    return Words(text)


def _has_alphanumeric(text: str) -> bool:
    return any(unicodedata.category(sign)[0] in "LN" for sign in text)
