"""Which of a message's numbers is the year, the mileage, and the sum that is asked or offered."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Final

from carquery.adapters.rules.numbers import Number
from carquery.adapters.rules.text import Token, stem, stem_set, word_set
from carquery.adapters.rules.units import Unit
from carquery.domain.car import EARLIEST_YEAR, year_in_full

_SHORTEST_YEARS: Final = 5
"""«2 года» is an age, and so is «62 года»."""
_LAST_CENTURY: Final = 75

_MILEAGE: Final = stem_set(
    "пробег пробегом пробега probeg пробежала пробежал намотал намотала накатал накатала наездил наездила прошел прошла"
    " табло проехал проехала журиси юрган yurgan clock одометр одометре спидометре приборке накатано намотано mileage"
)
_PER: Final = frozenset({"в", "от", "туда", "ч", "per"})
_NOT_OWN_SUM: Final[Set[str]] = stem_set(
    "штраф ремонт починка налог взнос задаток аванс предоплата долг ущерб выплата страховка страховая осаго каско"
    " пошлина утильсбор утиль сбор допы допов коврики эвакуатор зарплата платеж алименты просит просят"
    " перекуп доплата скидка переплата госпошлина неустойка пеня резина колеса чек предлагает предлагают дают"
    " насчитали посчитали кредит кредиту кредита комиссия"
) | word_set(
    # In the past tense alone: «продаю за …» is the customer's own.
    "предлагали предложили предлагал предложил давали давал оценили оценил выплатили отдал отдала отдали заплатил"
    " заплатила заплатили купил купила купили брал брала взял взяла продал продала продали стоил стоила стоило вложил"
    " вложила вложили вернули обошелся обошлась обошлось потратил потратила"
)
_PRICE: Final[Set[str]] = stem_set(
    "прошу хочу хотел хотела хотели хотим цена отдам ценник минимум меньше хотя получить торг стоимость желаю выручить"
    " уступлю прайс price want asking"
) | {"за", "не"}
_BUDGET: Final[Set[str]] = stem_set(
    "бюджет максимум макс максимально дороже предел пределах районе влезть накопили накопил накопила располагаю денег"
    " деньги около уложиться вложиться сумма имею стоимостью потолок хватит всё budget max"
) | {"до", "за", "up", "to", "do", "есть", "на"}
_ASKS: Final = stem_set(
    "прошу отдам хотим хотел хотелось цена рассчитываю рассчитываем получить выручить asking thinking"
)
_LIMITS: Final[Set[str]] = stem_set(
    "бюджет максимум макс потолок дороже больше хватит накопили накопил up max budget"
) | {"до", "do"}
_CALLS_FOR_MILLIONS: Final = stem_set("бюджет прошу цена")
_UPPER: Final = frozenset({"до", "максимум", "макс", "не", "to", "do"})
_LOWER: Final = frozenset({"от", "from", "ot", "с"})
_NEWER: Final = stem_set("старше раньше новее свежее моложе позже выше младше")
_YEARS_APART: Final = re.compile(
    r"\b((?:19|20)?[0-9]{2})\s*(?:-|/|или|по|до)\s*((?:19|20)?[0-9]{2})\b"
    r"(?!\s*(?:тыс|т\b|к\b|млн|лям|км|руб|р\b|%))"
)
_CALLED_YEARS: Final = re.compile(r"\s*(?:год|г\b|гг|goda?\b)")
_IN_TIME: Final = frozenset({"в", "во", "к", "за", "после", "на"})
_LEAST_SUM: Final = 10_000


@dataclass(frozen=True, slots=True)
class Stated:
    """The numbers' meaning; None: not stated.

    Attributes:
        year_at: the year's token.
        asks: the price is one that is asked («прошу», «отдам за»).
        limits: a most is named («до», «бюджет»), for the sum or the mileage.
    """

    year: int | None = None
    year_at: int | None = None
    mileage: int | None = None
    price: int | None = None
    budget: int | None = None
    asks: bool = False
    limits: bool = False


class Sums:
    """Reads the numbers of one message.

    Args:
        clauses: for each token, the number of its sentence.
        has_car: whether a car is named; then a bare year is most likely its own.
        latest_year: the newest that a car may be of.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        numbers: Sequence[Number],
        clauses: Sequence[int],
        *,
        has_car: bool,
        latest_year: int,
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._words = [token.text for token in tokens]
        self._stems = [stem(word) for word in self._words]
        self._numbers = numbers
        self._numbered = {at for number in numbers for at in range(number.start, number.end)}
        self._clauses = clauses
        self._has_car = has_car
        self._years_sold = range(EARLIEST_YEAR, latest_year + 1)
        self._latest_year = latest_year

    def read(self) -> Stated:
        """What the numbers mean."""
        # «машина у меня с 2013 года, сама 2012»
        years = sorted(self._years(), key=lambda year: self._words[year[0].start - 1 : year[0].start] == ["с"])
        year_places = {number.start for number, _ in years}
        mileage = self._mileage([number for number in self._numbers if number.start not in year_places])
        used = year_places if mileage is None else year_places | {mileage[0].start}
        sums = [number for number in self._numbers if number.start not in used and self._is_sum(number)]
        if mileage is None and self._begins_with_mileage(sums):
            mileage = (sums[0], int(sums[0].value))
            sums = sums[1:]
        return Stated(
            year=years[0][1] if years else None,
            year_at=years[0][0].start if years else None,
            mileage=None if mileage is None else mileage[1],
            price=self._best(sums, _PRICE),
            budget=self._best(sums, _BUDGET),
            asks=any(self._is_near(number.start, _ASKS, back=3) for number in sums),
            limits=any(self._is_near(number.start, _LIMITS, back=2) for number in self._numbers),
        )

    # Years

    def _years(self) -> Iterator[tuple[Number, int]]:
        ranges = [found.span() for found in _YEARS_APART.finditer(self._text) if self._is_range_of_years(found)]
        for number in self._numbers:
            at = self._tokens[number.start].start
            year = None if any(start <= at < end for start, end in ranges) else self._year(number)
            if year is not None:
                yield number, year

    def _is_range_of_years(self, found: re.Match[str]) -> bool:
        first, second = int(found[1]), int(found[2])
        if first >= EARLIEST_YEAR:
            return second >= EARLIEST_YEAR or second > first % 100
        return second < 100 and _CALLED_YEARS.match(self._text, found.end()) is not None

    def _year(self, number: Number) -> int | None:
        value = int(number.value)
        if not number.is_digits:
            return value if number.unit is Unit.YEAR and value in self._years_sold else None
        digits = self._words[number.start]
        before = self._words[number.start - 1] if number.start else ""
        is_called_so = number.unit is Unit.YEAR or before in {"год", "года", "г"}
        if number.unit not in (Unit.YEAR, Unit.NONE):
            return None
        if len(digits) == 2:
            is_age = self._latest_year % 100 < value < _LAST_CENTURY
            is_year = is_called_so and not is_age and (value >= _SHORTEST_YEARS or digits[0] == "0")
            if not is_year and not self._is_near(number.start, _NEWER, back=2):
                return None
            return year_in_full(value, latest=self._latest_year)
        if len(digits) != 4 or value not in self._years_sold:
            return None
        # «купил в 2019», «в 2019 году»: a time in somebody's life.
        is_time = before in _IN_TIME or self._words[number.end : number.end + 1] == ["году"]
        return value if is_called_so or (self._has_car and not is_time) else None

    # The mileage

    def _mileage(self, numbers: Sequence[Number]) -> tuple[Number, int] | None:
        for number in numbers:
            if number.unit is Unit.KILOMETRES and not self._is_some_distance(number):
                return number, int(number.value)
        for number in numbers:
            if number.unit is not Unit.NONE or not self._is_called_mileage(number):
                continue
            value = int(number.value)
            if number.is_bare and value < 1000:
                value *= 1000
            if 1000 <= value <= 2_000_000:
                return number, value
        return None

    def _is_some_distance(self, number: Number) -> bool:
        """«500 км в неделю», «сто километров туда и обратно», «живу в 30 км»."""
        is_rate = self._words[number.end : number.end + 1] != [] and self._words[number.end] in _PER
        is_short = number.is_bare and number.value < 1000
        return is_rate or (is_short and not self._is_called_mileage(number))

    def _is_called_mileage(self, number: Number) -> bool:
        if self._is_near(number.start, _MILEAGE, back=4):
            # «пробежала, прошу 780»: the word that stands nearer counts
            return not self._is_near(number.start, _ASKS, back=1)
        behind = [word for word in self._stems[number.end : number.end + 3] if word not in {"на", "."}]
        if behind[:1] == [] or behind[0] not in _MILEAGE:
            return False
        # «…, пробег 90» belongs to what follows.
        return not any(other.start in range(number.end, number.end + 4) for other in self._numbers)

    def _begins_with_mileage(self, sums: Sequence[Number]) -> bool:
        """«камри 2018 120к 2 ляма»: of two sums without a word, the first is no sum of money."""
        if len(sums) != 2:
            return False
        first, second = sums
        is_called = self._is_near(first.start, _PRICE | _BUDGET | _NOT_OWN_SUM, back=2)
        return (
            5_000 <= first.value <= 400_000
            and second.value >= 1.5 * first.value
            and first.unit is Unit.NONE
            and not is_called
        )

    # Sums

    def _is_sum(self, number: Number) -> bool:
        if number.unit not in (Unit.NONE, Unit.RUBLES) or self._is_called_mileage(number):
            return False
        worth = self._worth(number)
        return worth is not None and _LEAST_SUM <= worth <= 1_000_000_000

    def _worth(self, number: Number) -> int | None:
        """In rubles; a bare small number counts only behind a word that calls for a sum."""
        value = number.value
        if not number.is_bare or value >= _LEAST_SUM:
            return round(value)
        is_part = number.end < len(self._words) and self._words[number.end] in {"-", "/", "%", "x", "х"}
        if is_part or not self._is_near(number.start, _PRICE | _BUDGET | _NOT_OWN_SUM, back=2):
            return None
        if 50 <= value < 1000 and value == int(value):
            return round(value * 1000)
        calls_for_millions = self._is_near(number.start, _CALLS_FOR_MILLIONS, back=2)
        if 0 < value < 10 and (value != int(value) or calls_for_millions):
            return round(value * 1_000_000)
        return None

    def _best(self, sums: Sequence[Number], wanted: Set[str]) -> int | None:
        """The sum that the wanted words speak for most; of equals, the last: the larger end of a range."""
        rated = [(self._rating(number, wanted), place) for place, number in enumerate(sums)]
        fit = [rating for rating in rated if rating[0] >= 0]
        return self._worth(sums[max(fit)[1]]) if fit else None

    def _rating(self, number: Number, wanted: Set[str]) -> int:
        before = self._words[number.start - 1] if number.start else ""
        is_other = self._is_near(number.start, _NOT_OWN_SUM, back=4) or self._is_behind(number.end, _NOT_OWN_SUM)
        is_wanted = self._is_near(number.start, wanted, back=4) or self._is_behind(number.end, wanted)
        return 3 * is_wanted - 4 * is_other + (before in _UPPER) - (before in _LOWER)

    def _is_near(self, place: int, words: Set[str], *, back: int) -> bool:
        """Whether one of these stands up to so many tokens before, in the same sentence, with no number between."""
        for at in range(place - 1, max(place - back, 0) - 1, -1):
            if self._clauses[at] != self._clauses[place] or at in self._numbered:
                return False
            if self._stems[at] in words or self._words[at] in words:
                return True
        return False

    def _is_behind(self, place: int, words: Set[str]) -> bool:
        first, second = (*self._stems[place : place + 2], "", "")[:2]
        return first in words or (second in words and first.isalpha())
