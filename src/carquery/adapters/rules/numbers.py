"""The numbers that a message states: each with its value, its unit, and where it stands."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Final

from carquery.adapters.rules.heard_numbers import number_word
from carquery.adapters.rules.text import Token, word_set
from carquery.adapters.rules.units import BEFORE_OTHERS, SLANG, UNITS, Unit, apart, is_called_mileage
from carquery.domain.car import EARLIEST_YEAR, year_in_full
from carquery.domain.number_words import CARDINALS, FRACTIONS, SCALES, SEVERAL_OF_A_SCALE, spelled_year
from carquery.domain.typed_numbers import read_quantity
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `start` … `end`, its unit included.

    Attributes:
        is_bare: neither «тысяч» nor «миллионов» was said.
        is_digits: typed as digits alone, such as a year is.
    """

    value: float
    unit: Unit
    start: int
    end: int
    is_bare: bool = True
    is_digits: bool = False


_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:([ .,'])[0-9]{3})(?:\1[0-9]{3})*(?![0-9])")
_FRACTION: Final = re.compile(r"[0-9]+[.,][0-9]+(?![0-9])")

_SELF_COUNTING: Final = word_set(
    "миллион миллиона миллионов миллионом милион милиона милионов миллиончик миллиончика мильон лям ляма лямов"
    " лимон лимона лимончик мульт тысяч тыщ million"
)
"""Scales that begin a number by themselves: «миллион двести», «тысяч четыреста»."""
_GENITIVE: Final = {
    "миллионом": "миллион",
    "миллиона": "миллион",
    "милиона": "миллион",
    "ляма": "лям",
    "лимона": "лимон",
}
_BEFORE_ONE: Final = word_set("до больше дороже около меньше выше менее более пределах")
"""«не больше ляма»: one of them."""
_COUNT_ENDINGS: Final = word_set("х ух ти ми ех")
_SHORT_SCALES: Final = word_set("к k т t м m мил mil")
_SHORT_THOUSANDS: Final = word_set("к k т t")
"""Nobody counts on behind these: «131т 255» are two numbers."""
_HUNDREDS_APART: Final = MappingProxyType(
    {
        ("две", "сти"): "двести",
        ("двух", "сот"): "двести",
        ("трех", "сот"): "триста",
        ("три", "ста"): "триста",
        ("четыре", "ста"): "четыреста",
    }
    | {(word, "сот"): f"{word}сот" for word in ("пять", "шесть", "семь", "восемь", "девять")}
)
"""«три ста»: as one word."""
_HUNDRED: Final = 100
_HUNDREDS: Final = word_set("сотен соток сотни сотки")
_ONE_OF_THEM: Final = word_set("миллион миллионом лям лимон")
_MOST_OF_ONE: Final = 12
_THOUSAND: Final = 1_000
_MILLION: Final = 1_000_000
_CENTURY: Final = 2_000
_BETWEEN: Final = word_set("за на до под по около в")
_ORDINAL_ENDINGS: Final = word_set("го й ый ой ого ом м go")
_DATES: Final = re.compile(r"числа?|(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*")
_MOST_PIECES: Final = 10
"""«два миллиона сто двадцать пять тысяч пятьсот …»; without an end, a row of ones would be tried in all ways."""
_BEGINNINGS: Final = word_set(
    "оди два две дву тре три чет пят шес сем сед вос дев дес сор сто тыс тыщ пер вто нул двух"
)
"""Of the words that a year may begin with."""
_LEAST_YEARS: Final = 10
_SMALL_ORDINALS: Final = word_set(
    "первого второго третьего четвертого пятого шестого седьмого восьмого девятого десятого"
)
"""Of days and generations rather than of years."""
_CALLED_YEAR: Final = re.compile(r"год\w*|г|goda")


def numbers_of(text: str, tokens: Sequence[Token], taken: frozenset[int], *, latest_year: int) -> list[Number]:
    """The numbers, in order.

    Args:
        taken: tokens that belong to something else, such as a car's name.
        latest_year: up to which «двадцать седьмого года» is of this century.
    """
    words = [number_word(token.text) for token in tokens]
    reader = _Reader(text, tokens, words, taken, latest_year)
    numbers: list[Number] = []
    place = 0
    while place < len(tokens):
        number = None if place in taken else reader.number_at(place)
        if number is not None:
            numbers.append(number)
        place = place + 1 if number is None else number.end
    return numbers


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    tokens: Sequence[Token]
    words: Sequence[str]
    taken: frozenset[int]
    latest_year: int

    def number_at(self, place: int) -> Number | None:
        """The number that begins here."""
        return (
            self._year_in_words(place)
            or self._short_year(place)
            or self._slang(place)
            or self._hundreds(place)
            or self._millions_and_hundreds(place)
            or self._scale_first(place)
            or self._quantity(place)
        )

    def _word(self, place: int) -> str:
        return self.words[place] if 0 <= place < len(self.words) and place not in self.taken else ""

    # Quantities

    def _quantity(self, place: int) -> Number | None:
        """As many pieces as make one number: «2018 120 тыс» are two."""
        pieces = list(islice(self._pieces(place), _MOST_PIECES))
        for count in range(len(pieces), 0, -1):
            quantity = read_quantity(" ".join(piece for piece, _ in pieces[:count]))
            if quantity is None:
                continue
            unit, end = self._unit(pieces[count - 1][1], is_bare=quantity.is_bare)
            is_digits = count == 1 and pieces[0][0].isdigit()
            if self._is_of_others(place, unit):
                unit = Unit.OTHER
            if is_digits and unit is Unit.NONE and self._is_ordinal(end):
                behind = end + (self._word(end) == "-") + 1
                behind += bool(_CALLED_YEAR.fullmatch(self._word(behind)))
                return Number(float(quantity.readings[0]), Unit.YEAR, place, behind, is_digits=True)
            return Number(float(quantity.readings[0]), unit, place, end, quantity.is_bare, is_digits)
        return None

    def _pieces(self, place: int) -> Iterator[tuple[str, int]]:
        """What a number may be made of, each piece with the token behind it."""
        before, scale = "", ""
        while (piece := self._piece(place, has_count=before not in {"", "пол"})) is not None:
            spelled, behind, ends = piece
            if spelled == before or (spelled[:1].isdigit() and before[:1].isdigit()):
                return  # «2018 120»: another number begins
            if spelled in _ONE_OF_THEM and before.isdigit() and int(before) > _MOST_OF_ONE:
                return  # «2019 лям семьсот»
            if scale and spelled and spelled not in SCALES and self._begins_anew(place, spelled, scale):
                return
            if spelled:
                yield spelled, behind
            if ends:
                return
            before = spelled or before
            scale = spelled if spelled in SCALES else scale
            place = self._behind_ending(behind)

    def _begins_anew(self, place: int, spelled: str, scale: str) -> bool:
        """Behind a scale a number of its own, as in «65к 550к», «2 млн 120 тыс км», «130т 1.55», «131т 255»."""
        if spelled[0].isdigit() and (scale in _SHORT_THOUSANDS or not spelled.isdigit()):
            return True
        at = place
        while self._word(at).isdigit() or self._word(at) in CARDINALS or self._word(at) in FRACTIONS:
            at += 1
        follows, unit = apart(self._word(at))
        if SCALES.get(follows, 0) >= SCALES[scale]:
            return True
        at += follows in SCALES
        return UNITS.get(unit or self._word(at)) is Unit.KILOMETRES or is_called_mileage(self._word(at))

    def _piece(self, place: int, *, has_count: bool) -> tuple[str, int, bool] | None:
        """The piece here, the token behind it, and whether nothing can follow. None: here is no part of a number."""
        word = self._word(place)
        if word.isdigit():
            return *self._figures(place), False
        hundreds = _HUNDREDS_APART.get((word, self._word(place + 1)))
        if hundreds is not None:
            return hundreds, place + 2, False
        is_one = self._hundreds_follow(place + 1) or self._word(place - 1) in _BEFORE_ONE
        if not has_count and word in _GENITIVE and is_one:
            return _GENITIVE[word], place + 1, False
        if word in CARDINALS or word in FRACTIONS or word in _SELF_COUNTING:
            return word, place + 1, False
        if word.startswith("пол") and (word.removeprefix("пол") in SCALES or word.removeprefix("полу") in SCALES):
            return word, place + 1, False
        if word == "-" and self._word(place - 1) == "пол":
            return "", place + 1, False
        if not has_count:
            return None
        return self._after_count(place, word)

    def _after_count(self, place: int, word: str) -> tuple[str, int, bool] | None:
        scale, unit = apart(word)
        if scale in SCALES and (scale not in _SHORT_SCALES or self._is_close(place)):
            return (scale, place, True) if unit else (scale, place + 1, False)
        if word == "с" and self._word(place + 1) == "половиной":
            return "с половиной", place + 2, False
        if word == "." and self._word(place - 1) in SCALES and self._word(place + 1).isdigit():
            return "", place + 1, False
        return None

    def _hundreds_follow(self, place: int) -> bool:
        """«до миллиона двухсот»: hundreds of thousands, not «миллиона два»."""
        return CARDINALS.get(self._word(place), 0) >= _HUNDRED or self._word(place).isdigit()

    def _is_close(self, place: int) -> bool:
        """«120 к» and «120к», not «120 - к лету»."""
        return self.tokens[place].start - self.tokens[place - 1].end <= 1

    def _behind_ending(self, place: int) -> int:
        """Behind the ending of «2-х», «двух» typed with a digit."""
        if self._word(place) == "-" and self._word(place + 1) in _COUNT_ENDINGS:
            return place + 2
        is_ending = self._word(place) in _COUNT_ENDINGS and self.tokens[place].start == self.tokens[place - 1].end
        return place + is_ending

    def _figures(self, place: int) -> tuple[str, int]:
        """Digits with their separators, and the token behind them."""
        start = self.tokens[place].start
        for pattern in (_FRACTION,) if self._is_hung_on(place) else (_THOUSANDS, _FRACTION):
            found = pattern.match(self.text, start)
            if found is None:
                continue
            end = place
            while end < len(self.tokens) and self.tokens[end].start < found.end():
                end += 1
            if self.taken.isdisjoint(range(place, end)):
                return found.group(), end
        return self.tokens[place].text, place + 1

    def _is_hung_on(self, place: int) -> bool:
        """«евро-4 720 т.км»: by a hyphen, to a word, so that it begins no groups."""
        is_hyphen = self._word(place - 1) == "-" and self.tokens[place - 1].end == self.tokens[place].start
        return (
            is_hyphen and self._word(place - 2).isalpha() and self.tokens[place - 2].end == self.tokens[place - 1].start
        )

    def _unit(self, place: int, *, is_bare: bool) -> tuple[Unit, int]:
        """The unit behind a number, and the token behind that."""
        at = place
        if self._word(place) == "." and self._word(place + 1):
            if self.tokens[place + 1].start > self.tokens[place].end + 1:
                return Unit.NONE, place
            at = place + 1
        word = self._word(at)
        unit = UNITS.get(apart(word)[1] or word, Unit.NONE)
        if unit is Unit.NONE or (unit is Unit.YEAR and not is_bare) or (unit is Unit.OTHER and at > place):
            return Unit.NONE, place
        if word == "г" and self._word(at + 1) == "." and self._word(at + 2) in {"в", "выпуска"}:
            return unit, at + 3
        if unit is Unit.RUBLES and UNITS.get(self._word(at + 1)) is Unit.KILOMETRES:
            return Unit.KILOMETRES, at + 2  # «168 тыр км»
        return unit, at + 1

    def _is_of_others(self, place: int, unit: Unit) -> bool:
        """«дизель 3.0», «статья 159»; not «3 серия 2015» nor «дизель 2015», «дизель 450»: a year, a price."""
        if self._word(place - 1) not in BEFORE_OTHERS:
            return False
        word = self._word(place)
        if self._word(place - 1) == "дизель" and word.isdigit() and int(word) >= _HUNDRED:
            return False
        may_be_year = len(word) == len(str(_CENTURY)) and word.isdigit() and int(word) >= EARLIEST_YEAR
        return unit is not Unit.YEAR and not (may_be_year and int(word) <= self.latest_year)

    def _is_ordinal(self, place: int) -> bool:
        """«16го», «22-й»; not «16-го числа»."""
        at = place + (self._word(place) == "-")
        is_glued = at < len(self.tokens) and self.tokens[at].start - self.tokens[place - 1].end <= at - place
        return is_glued and self._word(at) in _ORDINAL_ENDINGS and not _DATES.fullmatch(self._word(at + 1))

    # Numbers of other shapes

    def _slang(self, place: int) -> Number | None:
        """«двушка», «пятихатку»."""
        value = SLANG.get(self._word(place)) if self._word(place - 1) not in CARDINALS else None
        return None if value is None else Number(value, Unit.NONE, place, place + 1, is_bare=False)

    def _hundreds(self, place: int) -> Number | None:
        """«три сотни тыщ», «пятнадцать сотен», «7 соток»: of thousands."""
        counted, behind, _ = self._piece(place, has_count=False) or ("", place, True)
        quantity = read_quantity(counted) if counted and counted not in SCALES else None
        if quantity is None or self._word(behind) not in _HUNDREDS or not quantity.is_bare:
            return None
        end = behind + 1
        end += self._word(end) in SEVERAL_OF_A_SCALE
        value = float(quantity.readings[0]) * _HUNDRED * _THOUSAND
        return (
            Number(value, Unit.NONE, place, end, is_bare=False) if 1 < value / _THOUSAND / _HUNDRED < _HUNDRED else None
        )

    def _millions_and_hundreds(self, place: int) -> Number | None:
        """«два двести»: two millions two hundred thousand."""
        value = CARDINALS.get(self._word(place), 0)
        if not 0 < value < 10 or CARDINALS.get(self._word(place + 1), 0) < _HUNDRED:
            return None
        if (self._word(place), self._word(place + 1)) in _HUNDREDS_APART:
            return None
        thousands = CARDINALS[self._word(place + 1)]
        end = place + 2
        if 0 < CARDINALS.get(self._word(end), 0) < _HUNDRED:
            thousands += CARDINALS[self._word(end)]
            end += 1
        if apart(self._word(end))[0] in SCALES or self._word(end) in UNITS:
            return None
        return Number(value * _MILLION + thousands * _THOUSAND, Unit.NONE, place, end, is_bare=False)

    def _scale_first(self, place: int) -> Number | None:
        """«тысяч 70», «тыщ за 1800», «миллионов пять»."""
        scale = SEVERAL_OF_A_SCALE.get(self._word(place))
        if scale is None:
            return None
        at = place + 1 + (self._word(place + 1) in _BETWEEN)
        pieces = list(islice(self._pieces(at), _MOST_PIECES)) if at < len(self.tokens) else []
        for count in range(len(pieces), 0, -1):
            counted = read_quantity(" ".join(piece for piece, _ in pieces[:count]))
            if counted is not None and counted.is_bare:
                unit, end = self._unit(pieces[count - 1][1], is_bare=False)
                return Number(float(counted.readings[0]) * scale, unit, place, end, is_bare=False)
        return None

    # Years

    def _short_year(self, place: int) -> Number | None:
        """«2к17»."""
        if self._word(place) != "2" or self._word(place + 1) not in {"к", "k"}:
            return None
        digits = self._word(place + 2)
        if len(digits) != 2 or not digits.isdigit() or self.tokens[place + 2].start != self.tokens[place].end + 1:
            return None
        behind = place + 3
        return Number(
            _CENTURY + int(digits), Unit.YEAR, place, behind + bool(_CALLED_YEAR.fullmatch(self._word(behind)))
        )

    def _year_in_words(self, place: int) -> Number | None:
        """«две тысячи одиннадцатого года», «двадцать второго года», «год двадцатый»."""
        if self._word(place)[:3] not in _BEGINNINGS:
            return None
        for length in (4, 3, 2, 1):
            words = [self._word(at) for at in range(place, place + length)]
            year = spelled_year(words) if all(word.isalpha() for word in words) else None
            if year is None:
                continue
            is_called_so = self._is_called_year(place, place + length) or self._is_of_a_car(place, words[-1], length)
            # «двадцать» alone may count anything, «двадцатый» is likely no year without the word.
            if not is_called_so and (year < EARLIEST_YEAR or words[-1] in CARDINALS):
                continue
            if words[-1] in CARDINALS and self._goes_on(place + length):
                continue  # «шестой год, шестьдесят тысяч», «года пробег шестьдесят четыре тысячи»
            is_near_car = place - 1 in self.taken or place - 2 in self.taken
            if year < _LEAST_YEARS and self._word(place + length) == "год" and not is_near_car:
                continue  # «третий год стоит»
            year = year_in_full(year, latest=self.latest_year)
            behind = place + length
            return Number(year, Unit.YEAR, place, behind + bool(_CALLED_YEAR.fullmatch(self._word(behind))))
        return None

    def _goes_on(self, place: int) -> bool:
        return self._word(place) in SCALES or self._word(place) in CARDINALS

    def _is_of_a_car(self, place: int, last: str, length: int) -> bool:
        """«ларгус двадцатого», «москвич 2141 девяносто шестого», «старекс четырнадцатый»; not «заберу камри двадцатого
        числа», «тигго восьмой».
        """
        is_near = place - 1 in self.taken or place - 2 in self.taken
        is_genitive = last.endswith(("ого", "его")) and (length > 1 or last not in _SMALL_ORDINALS)
        is_called = place - 1 in self.taken and last.endswith("надцатый")
        return is_near and (is_genitive or is_called) and not _DATES.fullmatch(self._word(place + length))

    def _is_called_year(self, start: int, end: int) -> bool:
        near = (self._word(end), self._word(start - 1), self._word(start - 2))
        return any(_CALLED_YEAR.fullmatch(word) for word in near)
