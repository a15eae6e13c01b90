"""A customer's text as words, for whoever looks for a turn of phrase in it."""

import re

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
    def has_figures(self) -> bool:
        return any(sign.isdigit() for sign in self.text)

    def holds(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern stands in it."""
        return pattern.search(self.text) is not None

    def is_only(self, pattern: re.Pattern[str], *, beside: frozenset[str]) -> bool:
        """Whether the pattern stands in it, and all its other words are among those."""
        if self.has_figures or pattern.search(self.text) is None:
            return False
        return set(_WORD.findall(pattern.sub(" ", self.text))) <= beside


def word_set(words: str) -> frozenset[str]:
    """Words in a string, as a set."""
    return frozenset(words.split())
