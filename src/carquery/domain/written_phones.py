"""Phone numbers in running text: where digits stand together, and which of them are a number.

Digits with nothing but separators between them are a `Run`. Hours, dates and extensions belong to no run. A run is one
number as a whole, or holds one, or several, with figures left over.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from carquery.domain.numbering import LONGEST_DIALLED, NOTHING, SHORTEST_DIALLED, Dialled, complete, dialled
from carquery.domain.typed_text import clean
from carquery.domain.values import dataclass

_MOST_GROUPS: Final = 40
"""In one run; who types more doesn't type a number."""

_GROUP: Final = re.compile(r"(?:[+(][+( ]*)?[0-9]+")
_BETWEEN: Final = re.compile(r"[^\W_]")
"""A letter, or a numeral that is no digit: it parts two runs."""

_LOOSE: Final = frozenset(" -._")
"""What may as well stand within a number as beside it."""
_WITHIN: Final = _LOOSE | frozenset("()/+*'~•·|\\\n")
"""What people put between a number's digits."""
_LONGEST_GAP: Final = 4
_LONGEST_ROW_OF_DIGITS: Final = 7
"""Before one or two digits that belong to the same number: «8916123 45 67»."""
_LONGEST_FIGURE: Final = 2
"""Digits of an hour, an age."""

_FIGURES: Final = re.compile(
    r"(?<![0-9])(?:"
    r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9]"
    r"|(?<=до )[0-9]{1,2}(?:[.-][0-5]0)?|(?<=после )[0-9]{1,2}(?:[.-][0-5]0)?"
    r"|(?<=\bв )[0-9]{1,2}(?:[.-][0-5]0)?|(?<=\bк )[0-9]{1,2}(?:[.-][0-5]0)?"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[./](?:0?[1-9]|1[0-2])[./](?:19|20)[0-9]{2}"
    r"|24 ?/ ?7|[0-9]+[.,][0-9]+(?= ?(?:млн|тыс|лям))"
    r"|(?:(?<=^)|(?<=\n))[1-6][.)](?= )"
    r")(?![0-9])",
    re.IGNORECASE,
)
"""Hours, dates, sums, a list's numbers. «с 8 …» and «по 8 …» are none: there, a number begins."""

_UNIT: Final = re.compile(
    r" ?(?:вечера|утра|дня|ночи|час|часов|часа|ч|лет|года|мин|минут|руб|рублей|тыс|тысяч|млн|км|%|₽)(?!\w)",
    re.IGNORECASE,
)
EXTENSION: Final = re.compile(
    r"(?<![^\W_])(?:доб(?:авочн\w*)?|вн(?:утр\w*)?|ext(?:n|ension)?)(?![^\W\d_])[ .:=№#]*(?:номер|код|тел)?[ .:=№#]*"
    r"(?P<digits>[0-9]{1,8})(?![0-9])",
    re.IGNORECASE,
)
_KEYCAP: Final = re.compile("\ufe0f?\u20e3")


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a separator, at `start` … `end` of their text, with the «+» and the brackets before them."""

    signs: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """A text in which numbers are looked for.

    Attributes:
        seen: as it was written, without what can't be seen.
        signs: the same, sign by sign, with ASCII digits, simple spaces and hyphens.
    """

    seen: str

    @classmethod
    def of(cls, written: str) -> "Text":
        """Whatever was written; «%2B» is a link's «+»."""
        return cls(clean(_KEYCAP.sub("", written.replace("➕", "+").replace("%2B", "+")), multiline=True))

    @cached_property
    def signs(self) -> str:
        return "".join(map(_plain, self.seen))

    @cached_property
    def runs(self) -> tuple["Run", ...]:
        """Where digits stand together."""
        return tuple(Run(self, groups) for groups in self._groups_together())

    def _groups_together(self) -> Iterator[tuple[Group, ...]]:
        figures = [found.span() for pattern in (_FIGURES, EXTENSION) for found in pattern.finditer(self.signs)]
        together: list[Group] = []
        for found in _GROUP.finditer(self.signs):
            group = Group("+" * ("+" in found.group()) + found.group().lstrip("+( "), found.start(), found.end())
            is_figure = any(start < group.end and group.start < end for start, end in figures)
            if together and (is_figure or _BETWEEN.search(self.signs, together[-1].end, group.start)):
                yield tuple(together)
                together = []
            if not is_figure:
                together.append(group)
        if together:
            yield tuple(together)


@dataclass(frozen=True)
class Run:
    """Groups of digits that only separators stand between."""

    text: Text
    groups: tuple[Group, ...]

    @property
    def signs(self) -> tuple[str, ...]:
        return tuple(group.signs for group in self.groups)

    @property
    def digits(self) -> str:
        return "".join(self.signs).replace("+", "")

    @property
    def start(self) -> int:
        return self.groups[0].start

    @property
    def end(self) -> int:
        return self.groups[-1].end

    def part(self, first: int, after: int) -> "Run":
        """Some groups in a row."""
        return Run(self.text, self.groups[first:after])

    def rows(self) -> Iterator[tuple[int, int]]:
        """Every row of groups of a number's length: the first group, and the one behind the last."""
        if len(self.groups) > _MOST_GROUPS:
            return
        for first in range(len(self.groups)):
            length = 0
            for last in range(first, len(self.groups)):
                length += len(self.groups[last].signs.lstrip("+"))
                if length > LONGEST_DIALLED:
                    break
                if length >= SHORTEST_DIALLED:
                    yield first, last + 1

    @property
    def whole(self) -> Dialled:
        """What the run is, read as one number."""
        return self._doubted(dialled(self.signs))

    @property
    def known(self) -> Dialled:
        """The same, if nothing of it has to be guessed."""
        return self._doubted(complete(self.signs))

    def _doubted(self, read: Dialled) -> Dialled:
        if len(self.groups) > _MOST_GROUPS:
            return NOTHING
        return Dialled(read.phones, is_sure=read.is_sure and self.is_one and not self._has_doubtful_end)

    @property
    def _has_doubtful_end(self) -> bool:
        """«… 7 вечера», «8916123456 7», «8-916-123-45 18»: the last digits may be no part of a number."""
        last = len(self.groups[-1].signs)
        if last > _LONGEST_FIGURE or len(self.groups) == 1:
            return False
        if _UNIT.match(self.text.signs, self.end) is not None:
            return True
        gap, gap_before = self.gap(-1), self.gap(-2) if len(self.groups) > 2 else ""
        is_apart = " " in gap and gap_before not in ("", gap) and not gap_before.isspace()
        is_stray = last == 1 and any(len(group.signs.lstrip("+")) > 1 for group in self.groups[:-1])
        return is_apart or is_stray or len(self.groups[-2].signs) > _LONGEST_ROW_OF_DIGITS

    def gap(self, before: int) -> str:
        """What stands before that group, behind the one before it."""
        return self.text.signs[self.groups[before - 1].end : self.groups[before].start]

    def is_parted(self, before: int) -> bool:
        """Whether more than what people put into a number stands there: «,», « / », a bracket that was closed."""
        group = self.groups[before]
        return not _LOOSE.issuperset(self.gap(before)) or self.text.signs[group.start] in "+("

    @property
    def is_one(self) -> bool:
        """Whether its separators are those of one number; «8,916,123,45,67» is one too."""
        odd = [gap.strip() for gap in map(self.gap, range(1, len(self.groups))) if not _fits_within(gap)]
        return not odd or (len(odd) > 2 and len(set(odd)) == 1 and len(odd) == len(self.groups) - 1)


def _fits_within(gap: str) -> bool:
    return len(gap) <= _LONGEST_GAP and _WITHIN.issuperset(gap)


def _plain(sign: str) -> str:
    match unicodedata.category(sign):
        case "Nd":
            return str(unicodedata.decimal(sign))
        case "Zs":
            return " "
        case "Pd" | "Sm" if sign in "‐‑‒–—―−﹣－":
            return "-"
        case _:
            wide = unicodedata.normalize("NFKC", sign) if "\uff00" <= sign <= "\uffef" else sign
            return wide if len(wide) == 1 else sign
