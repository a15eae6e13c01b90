"""Numbers as Russians type them: «1 200 000», «1,2 млн», «850к», «1 млн 200 тыс», «полтора миллиона».

`int()` and `float()` never see a customer's text as it came: they take «1_000», «1e9» and «nan».
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from fractions import Fraction
from itertools import product

from carquery.domain.number_words import (
    CARDINALS,
    FRACTIONS,
    GENITIVES,
    ONE_IN_GENITIVE,
    ONE_OF_A_SCALE,
    SCALES,
    SEVERAL_OF_A_SCALE,
    add_up,
)
from carquery.domain.typed_text import is_invisible
from carquery.domain.values import dataclass

_LONGEST = 200
"""Characters: no number of a car takes more, and a single character may become 18 of them in NFKC."""

_MOST_TERMS = 4
"""Milliards, millions, thousands, ones. More would be several numbers, with readings that double at each."""

_BEFORE_NFKC = {**dict.fromkeys(map(ord, "💵💶💷💴💲"), "$"), ord("´"): "'"}
"""Money in emoji is a currency; NFKC would take the accent apart."""

_SIGNS = {
    **dict.fromkeys(map(ord, "’‘ʼ`′‛"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    ord("٫"): ",",
    ord("٬"): "'",
    ord("ё"): "е",
    ord("\t"): " ",
    ord("\r"): "\n",
}
_PLAINLY_TYPED = re.compile(r"[ -\]_a-~а-яА-ЯёЁ]*")
"""What nearly every answer consists of: to look at each sign would change nothing."""
_SPACES = re.compile(" +")
_BREAKS = re.compile(r" *\n[ \n]*")
_LOOK_ALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_TOKEN = re.compile(r"[0-9]+(?:[ .,'][0-9]+)*|[^\W\d_]+|\n|\S")
_SEPARATOR = re.compile(r"([ .,'])")
_AND_A_HALF = "споловиной"
_HALF = re.compile(r"\bс половиной\b")

_ALIASES = {"тыр": ("тыс", "р"), "тыров": ("тыс", "р")}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number that a text states.

    Attributes:
        readings: its possible values, none negative, likeliest first: «1,250 тыс» may be 1 250 or 1 250 000.
        is_bare: neither «тысяч» nor «миллионов» was said.
    """

    readings: tuple[Fraction, ...]
    is_bare: bool


def plain(typed: str) -> str:
    """The text in one spelling: NFKC, lower case, ASCII digits, simple spaces, hyphens and apostrophes, «е» for «ё».

    Emoji become line breaks, so that they never join two numbers. Empty if the text is too long to be a number, or has
    a numeral that is no digit (½, Ⅷ, ²): NFKC would make honest digits of it.
    """
    if len(typed) > _LONGEST:
        return ""
    text = typed.casefold().translate(_SIGNS) if _PLAINLY_TYPED.fullmatch(typed) else _in_one_spelling(typed)
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip(" \n")


def _in_one_spelling(typed: str) -> str:
    """Sign by sign; empty if one is no digit."""
    seen = "".join(sign for sign in typed if sign in "\t\r" or not (is_invisible(sign) or sign == "\u20e3"))
    if any(unicodedata.category(sign) in ("No", "Nl") for sign in seen):
        return ""
    signs = unicodedata.normalize("NFKC", seen.translate(_BEFORE_NFKC)).casefold().translate(_SIGNS)
    return "".join(map(_simple, signs))


def _simple(sign: str) -> str:
    match unicodedata.category(sign):
        case "Nd":
            return str(unicodedata.decimal(sign))
        case "Zs":
            return " "
        case "So" | "Sk":
            return "\n"
        case _:
            return sign


def grouped(number: int) -> str:
    """The number as Russians print it: thousands apart, by a space that doesn't break the line."""
    return f"{number:,}".replace(",", "\u00a0")


def read_quantity(typed: str) -> Quantity | None:
    """The one number that a text consists of; `None` if it is several, a range, negative, or there are other words."""
    return quantity_of(tokens_of(plain(typed)))


def quantity_of(tokens: tuple[str, ...]) -> Quantity | None:
    """The one number that all tokens make together; None: they don't."""
    terms = _terms(tokens)
    if not 0 < len(terms) <= _MOST_TERMS:
        return None
    totals = (_total(terms, counts) for counts in product(*(term.counts for term in terms)))
    readings = tuple(dict.fromkeys(total for total in totals if total is not None))
    return Quantity(readings, is_bare=all(term.scale == 1 for term in terms)) if readings else None


def begins_number(token: str) -> bool:
    """Whether a token says that a number is there."""
    return (
        token[0].isdigit()
        or token in CARDINALS
        or token in FRACTIONS
        or token in ONE_OF_A_SCALE
        or token in ONE_IN_GENITIVE
        or token in SEVERAL_OF_A_SCALE
    )


def continues_number(token: str) -> bool:
    """Whether a token belongs to the number that stands before it."""
    return token in SCALES or token == _AND_A_HALF or begins_number(token)


def tokens_of(text: str, units: Set[str] = frozenset()) -> tuple[str, ...]:
    """Figures, words and signs of a `plain` text; words run together («т.км», «тыскм», «полмиллиона») come apart."""
    return tuple(_tokens(_HALF.sub(_AND_A_HALF, text), units))


def _tokens(text: str, units: Set[str]) -> Iterator[str]:
    before = ""
    for piece in _TOKEN.findall(text):
        if (piece == "." and before.isalpha()) or (piece == "-" and before == "пол"):
            continue
        before = piece
        yield from _apart(_in_one_alphabet(piece), units)


def _in_one_alphabet(word: str) -> str:
    return word if word.isascii() or not word.isalpha() else word.translate(_LOOK_ALIKES)


def _apart(token: str, units: Set[str]) -> Sequence[str]:
    if token in _ALIASES:
        return _ALIASES[token]
    if token in SCALES or token in units or not token.isalpha():
        return (token,)
    for half in ("полу", "пол"):
        if token.startswith(half) and token.removeprefix(half) in SCALES:
            return ("пол", token.removeprefix(half))
    endings = (unit for unit in units if token.endswith(unit) and token.removesuffix(unit) in SCALES)
    unit = next(endings, None)
    return (token,) if unit is None else (token.removesuffix(unit), unit)


@dataclass(frozen=True, slots=True)
class _Term:
    """So many thousands, millions, or ones. `figures`: how many digits the count was typed in, 0 if in words."""

    counts: tuple[Fraction, ...]
    scale: int
    figures: int


def _terms(tokens: tuple[str, ...]) -> Sequence[_Term]:
    terms: list[_Term] = []
    place = 0
    while place < len(tokens):
        term, taken = _term(tokens[place:])
        if not term.counts:
            return ()
        terms.append(term)
        place += taken
    return terms


def _term(tokens: tuple[str, ...]) -> tuple[_Term, int]:
    """The first term, and of how many tokens it consists; one without counts if there is none."""
    counts, taken = _count(tokens)
    figures = sum(sign.isdigit() for sign in tokens[0]) if counts else 0
    following = tokens[taken] if taken < len(tokens) else ""
    if following not in SCALES:
        is_part = bool(counts) and tokens[0] in FRACTIONS and counts[0] < 1
        return _Term(() if is_part else counts[:1], 1, figures), taken
    if not counts and (following in ONE_OF_A_SCALE or (following in ONE_IN_GENITIVE and _is_one(tokens[1:]))):
        counts = (Fraction(1),)
    elif not counts and (following in SEVERAL_OF_A_SCALE or following in ONE_IN_GENITIVE):
        counts, taken = _count(tokens[1:])
    half = tokens[taken + 1 : taken + 2] == (_AND_A_HALF,)
    # Before «тыс» a decimal fraction is likelier than a group of three digits; otherwise it is not.
    counts = tuple(count + Fraction(half, 2) for count in reversed(counts))
    return _Term(counts, SCALES[following], figures), taken + 1 + half


def _is_one(following: tuple[str, ...]) -> bool:
    """Whether «миллиона» stands for one: «до миллиона», «до миллиона двухсот тысяч», but «миллиона два» are two."""
    counts, taken = _count(following)
    if not counts or (following[taken : taken + 1] and following[taken] in SCALES):
        return True
    least = 10 if following[0] in GENITIVES else 100
    return counts[0] >= least


def _count(tokens: tuple[str, ...]) -> tuple[tuple[Fraction, ...], int]:
    """The possible values of the figures or the words of a number that come first, and how many tokens these are."""
    if not tokens:
        return (), 0
    taken = 1
    if tokens[0][0].isdigit():
        counts = _figures(tokens[0])
    else:
        taken = next((place for place, word in enumerate(tokens) if word not in CARDINALS), len(tokens))
        taken = taken or int(tokens[0] in FRACTIONS)
        value = add_up(tokens[:taken])
        counts = () if value is None else (value,)
    if counts and tokens[taken : taken + 1] == (_AND_A_HALF,):
        return tuple(count + Fraction(1, 2) for count in counts), taken + 1
    return counts, taken


def _figures(typed: str) -> tuple[Fraction, ...]:
    """The values that digits with separators may have: groups of three first, then a decimal fraction."""
    groups, separators = _SEPARATOR.split(typed)[::2], _SEPARATOR.findall(typed)
    if not separators:
        return (Fraction(int(typed)),)
    readings = []
    if _are_thousands(groups) and int(groups[0]) > 0:
        readings.append(Fraction(int("".join(groups))))
    point = separators.pop()
    if point in ".," and point not in separators and len(set(separators)) <= 1 and _are_thousands(groups[:-1]):
        readings.append(Fraction(int("".join(groups)), 10 ** len(groups[-1])))
    return tuple(readings)


def _are_thousands(groups: Sequence[str]) -> bool:
    return len(groups) == 1 or (len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))


def _total(terms: Sequence[_Term], counts: Sequence[Fraction]) -> Fraction | None:
    """The sum of terms that follow in the usual order, each smaller than what the one before counts in."""
    total, above = Fraction(0), 0
    for term, count in zip(terms, counts, strict=True):
        scale = term.scale
        if above and scale == 1:
            scale = _unsaid_scale(term.figures, count, above)
        if above and (total.denominator > 1 or total % above or not 0 < count * scale < above):
            return None
        total, above = total + count * scale, term.scale
    return total


def _unsaid_scale(figures: int, count: Fraction, above: int) -> int:
    """«Миллион двести» is 1 200 000, «тысяча двести» 1 200; 0: «1 млн 5», «сто тысяч два (хозяина)» may be anything."""
    if above > 1_000 and figures in (0, 3):
        return above // 1_000 if count >= 10 else 0
    return 1 if figures in (3, 6) or (figures == 0 and count >= 10) else 0
