"""A customer's text as words, for whoever looks for a turn of phrase in it."""

import re
from collections.abc import Iterator
from typing import Final

from carquery.domain.typed_text import clean
from carquery.domain.values import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in lower case, with «е» for «ё».

    Attributes:
        words: its words, without figures and signs.
    """

    text: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Phrase":
        """Read it."""
        text = " ".join(typed.casefold().replace("ё", "е").split())
        return cls(text, tuple(_WORD.findall(text)))

    @property
    def asks(self) -> bool:
        return "?" in self.text

    @property
    def is_question(self) -> bool:
        """Whether it asks something in words: with the sign for it, or without."""
        least = 2 if self.asks else _LEAST_WITHOUT_SIGN
        return len(self.words) >= least and (self.asks or _ASKS.match(self.text) is not None)

    @property
    def has_figures(self) -> bool:
        return any(map(str.isdigit, self.text))

    def holds(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern stands in it."""
        return pattern.search(self.text) is not None

    def is_only(self, pattern: re.Pattern[str], *, beside: frozenset[str]) -> bool:
        """Whether the pattern stands in it, and all its other words are among those."""
        if self.has_figures or pattern.search(self.text) is None:
            return False
        return set(_WORD.findall(pattern.sub(" ", self.text))) <= beside


_LEAST_WITHOUT_SIGN: Final = 3
_ASKS: Final = re.compile(
    r"(?:(?:а|и|ну|так|скажите|подскажите|здравствуйте|вопрос),? )*(?:(?:вы|у вас) )?"
    r"(?:(?:(?:до|во|со?|по) )?скольк[ои]"
    r"|как (?:можно|вы|мне|это|быстро|долго|проходит|происходит|узнать|найти|оформить)|где|когда|почему|зачем"
    r"|можно|кто|куда|откуда|как(?:ой|ая|ие|ое|ую)|чем|есть ли|если)\b"
)


_BETWEEN_PARTS: Final = re.compile(
    r"[;\n]+|\s*\((?![+0-9])|(?<![0-9])\)|(?<=[?!])\s+|,(?![0-9])|\.(?=\s)(?<!г\.)(?<!\bр\.)(?<!тел\.)(?<!тыс\.)|(?<=\s)[-–—](?=\s)",
    re.IGNORECASE,
)


def parts_of(typed: str) -> Iterator[str]:
    """What stands between commas, stops and lines."""
    return (part for piece in _BETWEEN_PARTS.split(typed) if (part := clean(piece).strip(" ,;.")))


def word_set(words: str) -> frozenset[str]:
    """Words in a string, as a set."""
    return frozenset(words.split())
