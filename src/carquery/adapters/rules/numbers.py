"""The numbers that a message states: each with its value, its unit, and where it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carquery.adapters.rules.text import Token
from carquery.domain.number_words import CARDINALS, FRACTIONS, SCALES, spelled_year
from carquery.domain.typed_numbers import read_quantity


class Unit(StrEnum):
    """What stands behind a number."""

    NONE = ""
    KILOMETRES = "km"
    RUBLES = "rub"
    YEAR = "year"
    OTHER = "other"
    """Litres, years of age, seats, percent …: none of the numbers that are looked for."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `start` … `end`, its unit included.

    Attributes:
        is_bare: neither «тысяч» nor «миллионов» was said.
        is_whole_word: typed as digits alone, such as a year is.
        is_of_range: one end of «2015–2017» or «от 600 до 750».
    """

    value: float
    unit: Unit
    start: int
    end: int
    is_bare: bool = True
    is_digits: bool = False
    is_low_end: bool = False


_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:([ .,'])[0-9]{3})(?:\1[0-9]{3})*(?![0-9])")
_FRACTION: Final = re.compile(r"[0-9]+[.,][0-9]+(?![0-9])")

_UNITS: Final = {
    **dict.fromkeys(("км", "km", "kms", "километр", "километров", "километра", "kilometers", "пробега"), Unit.KILOMETRES),
    **dict.fromkeys(
        ("р", "руб", "рублей", "рубля", "рубль", "рублики", "рубликов", "₽", "rub", "rubles", "rubley", "r", "рубльге"),
        Unit.RUBLES,
    ),
    **dict.fromkeys(("г", "год", "года", "гв", "гг", "годик", "goda", "god", "года.", "годов"), Unit.YEAR),
    **dict.fromkeys(
        (
            "лет летний летняя л литра литров литр хозяин хозяина хозяев владелец владельца владельцев мест местный"
            " местная человек дверей дверный детей ребенка детьми сил лс квт процент процента процентов процентный раз"
            " раза месяц месяца месяцев мес недель недели дней дня день час часа часов минут дюйм дюймов радиус колесо"
            " колеса комплект ключа ключей подушек подушки фото этаж дтп ступа ступка варианта вариант варианты серия"
            " серии поколение поколения кузов кузове кузова цилиндра штуки звезды балла доллар долларов баксов евро"
            " юаней тенге usd eur % $ € № км/ч детьмы ст статья статьи"
        ).split(),
        Unit.OTHER,
    ),
}
_BEFORE_OTHER: Final = frozenset("№ статья ст пункт r р кузов кузове серии серия радиус гост аи версия".split())
_COMPOUND: Final = {
    "ткм": ("т", "км"),
    "тыскм": ("тыс", "км"),
    "тр": ("т", "р"),
    "тыр": ("тыс", "р"),
    "тыров": ("тыс", "р"),
    "тырр": ("тыс", "р"),
    "трублей": ("т", "р"),
    "труб": ("т", "р"),
    "млнр": ("млн", "р"),
    "кр": ("к", "р"),
    "ккм": ("к", "км"),
    "mln": ("млн",),
    "mil": ("млн",),
    "лямчик": ("лям",),
    "лямчика": ("ляма",),
    "тыщенок": ("тыщ",),
    "тыс": ("тыс",),
    "тысяч": ("тысяч",),
}
_ALONE: Final = frozenset(
    "миллион миллиона миллионов милион милиона милионов лям ляма лямов лимон лимона тысяч тыщ million".split()
)
"""Scales that begin a number by themselves: «миллион двести», «тысяч четыреста»."""
_ENDINGS_OF_A_COUNT: Final = frozenset("х ух ти ми ех".split())
_SMALL_SCALES: Final = frozenset("к k т t м m мил mil".split())
_SPELLED_YEARS: Final = re.compile(r"(?:год\w*|г|goda)$")


def numbers_of(text: str, tokens: Sequence[Token], taken: frozenset[int] = frozenset()) -> list[Number]:
    """The numbers, in order. `taken`: tokens that belong to something else, such as a car's name."""
    reader = _Reader(text, tokens, taken)
    return reader.read()


@dataclass(slots=True)
class _Reader:
    text: str
    tokens: Sequence[Token]
    taken: frozenset[int]

    def read(self) -> list[Number]:
        numbers: list[Number] = []
        place = 0
        while place < len(self.tokens):
            number = None if place in self.taken else (self._year_in_words(place) or self._number(place))
            if number is None:
                place += 1
                continue
            numbers.append(number)
            place = number.end
        return numbers

    def _word(self, place: int) -> str:
        return self.tokens[place].text if place < len(self.tokens) and place not in self.taken else ""

    def _number(self, place: int) -> Number | None:
        pieces = list(self._pieces(place))
        for count in range(len(pieces), 0, -1):
            spelled = " ".join(piece for piece, _ in pieces[:count])
            quantity = read_quantity(spelled, units=frozenset())
            if quantity is not None:
                unit, end = self._unit(pieces[count - 1][1])
                first = pieces[0][0]
                before = self._word(place - 1) if place else ""
                if before in _BEFORE_OTHER and self.tokens[place - 1].end >= self.tokens[place].start - 1:
                    unit = Unit.OTHER
                return Number(
                    float(quantity.readings[0]),
                    unit,
                    place,
                    end,
                    is_bare=quantity.is_bare,
                    is_digits=count == 1 and first.isdigit(),
                )
        return None

    def _pieces(self, place: int) -> Iterator[tuple[str, int]]:
        """What a number may be made of, each with the token behind it."""
        has_count = False
        while place < len(self.tokens) and place not in self.taken:
            token = self.tokens[place]
            if token.is_number:
                piece, place = self._figures(place)
                yield piece, place
                has_count = True
                if self._word(place) == "-" and self._word(place + 1) in _ENDINGS_OF_A_COUNT:
                    place += 2
                elif self._word(place) in _ENDINGS_OF_A_COUNT and self.tokens[place].start == self.tokens[place - 1].end:
                    place += 1
                continue
            word = token.text
            scale, rest = _split(word)
            if word in CARDINALS or word in FRACTIONS or word in _ALONE or scale.startswith("пол"):
                yield scale or word, place + 1
                has_count = True
            elif word == "пол" or (has_count and word == "-" and self._word(place - 1) == "пол"):
                yield word, place + 1
            elif has_count and scale in SCALES and (scale not in _SMALL_SCALES or self._follows_closely(place)):
                if rest:  # the unit stands in the same word
                    yield scale, place
                    return
                yield scale, place + 1
            elif has_count and word == "с" and self._word(place + 1) == "половиной":
                yield "с половиной", place + 2
                place += 1
            elif has_count and word == "." and self._word(place - 1) in SCALES and self._is_number_ahead(place + 1):
                pass
            else:
                return
            place += 1

    def _is_number_ahead(self, place: int) -> bool:
        return place < len(self.tokens) and self.tokens[place].is_number

    def _follows_closely(self, place: int) -> bool:
        """«120 к» and «120к», not «120 – к лету»."""
        return self.tokens[place].start - self.tokens[place - 1].end <= 1

    def _figures(self, place: int) -> tuple[str, int]:
        """Digits with their separators, and the token behind them."""
        start = self.tokens[place].start
        for pattern in (_THOUSANDS, _FRACTION):
            found = pattern.match(self.text, start)
            if found is not None:
                end = place
                while end < len(self.tokens) and self.tokens[end].start < found.end():
                    end += 1
                if not any(number in self.taken for number in range(place, end)):
                    return found.group(), end
        return self.tokens[place].text, place + 1

    def _unit(self, place: int) -> tuple[Unit, int]:
        """The unit behind a number, and the token behind that."""
        at = place + (self._word(place) == "." and place + 1 < len(self.tokens))
        word = self._word(at)
        scale, rest = _split(word)
        if rest and scale in SCALES:
            word = rest
        if at > place and self.tokens[at].start > self.tokens[place].end + 1:
            return Unit.NONE, place
        unit = _UNITS.get(word)
        if unit is None:
            return Unit.NONE, place
        if word == "г" and self._word(at + 1) == "." and self._word(at + 2) in {"в", "выпуска"}:
            return unit, at + 3
        return unit, at + 1

    def _year_in_words(self, place: int) -> Number | None:
        """«две тысячи одиннадцатого года», «двадцать второго года», «год двадцатый»."""
        for length in (4, 3, 2, 1):
            words = [self._word(at) for at in range(place, place + length)]
            if not all(words) or not all(word.isalpha() for word in words):
                continue
            year = spelled_year(words)
            if year is None or (not self._is_called_a_year(place, place + length) and year < 1950):
                continue
            if year < 100:
                year += 2000 if year <= 30 else 1900
            if words[-1] in CARDINALS and not self._is_called_a_year(place, place + length):
                continue
            return Number(year, Unit.YEAR, place, place + length + self._has_year_behind(place + length))
        return None

    def _is_called_a_year(self, start: int, end: int) -> bool:
        return self._has_year_behind(end) or any(
            _SPELLED_YEARS.match(self._word(at)) for at in range(max(start - 2, 0), start)
        )

    def _has_year_behind(self, end: int) -> bool:
        return bool(_SPELLED_YEARS.match(self._word(end)))


def _split(word: str) -> tuple[str, str]:
    """A scale and the unit written together with it."""
    parts = _COMPOUND.get(word)
    if parts is not None:
        return parts[0], parts[1] if len(parts) > 1 else ""
    if word.startswith("пол") and word.removeprefix("пол") in SCALES:
        return word, ""
    return word, ""
