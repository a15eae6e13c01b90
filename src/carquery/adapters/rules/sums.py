"""Which of a message's numbers is the year, the mileage, and the sum that is asked or offered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from carquery.adapters.rules.numbers import Number, Unit
from carquery.adapters.rules.text import Token, stem

_EARLIEST_YEAR: Final = 1950
_LATEST_YEAR: Final = 2028
_SHORT_YEARS: Final = range(5, 100)


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


_MILEAGE: Final = _stems(
    "пробег пробегом пробега probeg пробежала пробежал намотал намотала накатал накатала наездил наездила прошел прошла"
    " проехал проехала одометр одометре спидометре приборке накатано намотано mileage"
)
_PER: Final = frozenset({"в", "/", "от", "туда", "ч", "per"})
_NOT_OWN_SUM: Final = _stems(
    "штраф ремонт починка налог взнос задаток аванс предоплата долг предлагали предложили предлагает предлагают давали оценили ущерб выплата выплатили"
    " страховка страховая осаго каско пошлина утильсбор утиль сбор допы допов коврики отдал отдала заплатил заплатила купил"
    " купила брал продал продала стоил стоила вложил вложила эвакуатор зарплата платеж алименты кредит комиссия просит"
    " просят перекуп доплата скидка переплата госпошлина вернули неустойка пеня резина колеса чек"
)
_PRICE: Final = _stems(
    "прошу хочу хотел хотела хотели хотим цена отдам ценник минимум меньше хотя получить торг стоимость желаю выручить уступлю price want asking"
    " прайс =за"
) | {"за", "не"}
_BUDGET: Final = _stems(
    "бюджет максимум макс максимально дороже предел пределах районе влезть накопили накопил накопила располагаю денег"
    " деньги около уложиться вложиться сумма имею budget max стоимостью"
) | {"до", "за", "up", "to", "do", "есть", "на"}
_UPPER: Final = frozenset({"до", "максимум", "макс", "не", "to", "do", "дейин"})
_LOWER: Final = frozenset({"от", "from", "ot", "с"})
_NEWER: Final = _stems("старше раньше новее свежее моложе позже выше младше")
_RANGE: Final = re.compile(r"\b((?:19|20)?[0-9]{2})\s*(?:-|/|или|по|до)\s*((?:19|20)?[0-9]{2})\b(?!\s*(?:тыс|т\b|к\b|млн|лям|км|руб|р\b|%))")
_PREPOSITIONS_OF_TIME: Final = frozenset({"в", "во", "к", "за", "после", "на"})
_SMALL: Final = 10_000


@dataclass(frozen=True, slots=True)
class Stated:
    """The numbers' meaning; None: not stated, or not one. `year_at`: the year's token."""

    year: int | None = None
    year_at: int | None = None
    mileage: int | None = None
    price: int | None = None
    budget: int | None = None


class Sums:
    """Reads the numbers of one message.

    Args:
        clauses: for each token, the number of its sentence.
        has_car: whether a car is named; then a bare year is most likely its own.
    """

    def __init__(
        self, text: str, tokens: Sequence[Token], numbers: Sequence[Number], clauses: Sequence[int], *, has_car: bool
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._words = [token.text for token in tokens]
        self._stems = [stem(word) for word in self._words]
        self._numbers = numbers
        self._clauses = clauses
        self._has_car = has_car

    def read(self) -> Stated:
        """What the numbers mean."""
        years = list(self._years())
        mileage = self._mileage()
        used = {number.start for number in (*(number for number, _ in years), *([mileage[0]] if mileage else []))}
        sums = [number for number in self._numbers if number.start not in used and self._is_sum(number)]
        if mileage is None and len(sums) == 2 and self._may_be_mileage(sums):
            mileage = (sums[0], int(sums[0].value))
            sums = sums[1:]
        return Stated(
            year=years[0][1] if years else None,
            year_at=years[0][0].start if years else None,
            mileage=None if mileage is None else mileage[1],
            price=self._best(sums, _PRICE),
            budget=self._best(sums, _BUDGET),
        )

    # Years

    def _years(self) -> Iterator[tuple[Number, int]]:
        ranges = [found.span() for found in _RANGE.finditer(self._text) if self._is_range_of_years(found)]
        for number in self._numbers:
            at = self._tokens[number.start].start
            if any(start <= at < end for start, end in ranges):
                continue
            year = self._year(number)
            if year is not None:
                yield number, year

    def _is_range_of_years(self, found: re.Match[str]) -> bool:
        first, second = int(found[1]), int(found[2])
        if first > 1900 and (second > 1900 or second > first % 100):
            return True
        is_called_so = re.match(r"\s*(?:год|г\b|гг|goda?\b)", self._text[found.end() :]) is not None
        return first < 100 and second < 100 and is_called_so

    def _year(self, number: Number) -> int | None:
        value = int(number.value)
        if number.unit is Unit.YEAR and not number.is_digits and _EARLIEST_YEAR <= value <= _LATEST_YEAR:
            return value
        if not number.is_digits or not number.is_bare or number.unit not in (Unit.YEAR, Unit.NONE):
            return None
        digits = self._words[number.start]
        before = self._words[number.start - 1] if number.start else ""
        if number.unit is Unit.YEAR:
            # «2 года» is an age, «в 2019 году» a time in somebody's life.
            if len(digits) == 2 and (value in _SHORT_YEARS or digits[0] == "0"):
                return value + (2000 if value <= _LATEST_YEAR % 100 else 1900)
            return value if _EARLIEST_YEAR <= value <= _LATEST_YEAR and len(digits) == 4 else None
        if len(digits) == 2 and (self._stem_near(number.start, _NEWER, back=2) or before in {"год", "года", "г"}):
            return value + (2000 if value <= _LATEST_YEAR % 100 else 1900)
        if len(digits) != 4 or not _EARLIEST_YEAR <= value <= _LATEST_YEAR:
            return None
        is_time = before in _PREPOSITIONS_OF_TIME or self._words[number.end : number.end + 1] == ["году"]
        return value if not is_time and (self._has_car or before.startswith(("год", "старше"))) else None

    # The mileage

    def _mileage(self) -> tuple[Number, int] | None:
        for number in self._numbers:
            if number.unit is Unit.KILOMETRES and not self._is_rate(number) and not self._is_lonely_distance(number):
                return number, int(number.value)
        for number in self._numbers:
            if number.unit is not Unit.NONE or not self._is_called_mileage(number):
                continue
            value = int(number.value)
            if number.is_bare and value < 1000:
                value *= 1000
            if 1000 <= value <= 2_000_000:
                return number, value
        return None

    def _is_rate(self, number: Number) -> bool:
        """«500 км в неделю», «сто километров туда и обратно»."""
        return self._words[number.end : number.end + 1] != [] and self._words[number.end] in _PER

    def _is_lonely_distance(self, number: Number) -> bool:
        return number.is_bare and number.value < 1000 and not self._is_called_mileage(number)

    def _is_called_mileage(self, number: Number) -> bool:
        if self._stem_near(number.start, _MILEAGE, back=4):
            return True
        behind = [place for place in range(number.end, min(number.end + 2, len(self._words)))]
        return any(self._stems[place] in _MILEAGE and self._clauses[place] == self._clauses[number.start] for place in behind[:2]) and (
            # «…, пробег 90» belongs to what follows
            not any(other.start in range(number.end, number.end + 4) for other in self._numbers)
        )

    def _may_be_mileage(self, sums: Sequence[Number]) -> bool:
        first, second = sums
        return (
            5_000 <= first.value <= 400_000
            and second.value >= 1.5 * first.value
            and first.unit is Unit.NONE
            and not self._stem_near(first.start, _PRICE | _BUDGET | _NOT_OWN_SUM, back=2)
        )

    # Sums

    def _is_sum(self, number: Number) -> bool:
        if number.unit not in (Unit.NONE, Unit.RUBLES) or self._stem_near(number.start, _MILEAGE, back=4):
            return False
        value = self._worth(number)
        return value is not None and _SMALL <= value <= 1_000_000_000

    def _worth(self, number: Number) -> int | None:
        """In rubles; a bare small number counts only behind a word that calls for a sum."""
        value = number.value
        if not number.is_bare or value >= _SMALL:
            return round(value)
        if number.end < len(self._words) and self._words[number.end] in {"-", "/", "%", "x", "х"}:
            return None
        if not self._stem_near(number.start, _PRICE | _BUDGET | _NOT_OWN_SUM, back=2):
            return None
        if 50 <= value < 1000 and value == int(value):
            return round(value * 1000)
        if 0 < value < 10 and (value != int(value) or self._stem_near(number.start, _stems("бюджет прошу цена"), back=2)):
            return round(value * 1_000_000)
        return None

    def _best(self, sums: Sequence[Number], wanted: frozenset[str]) -> int | None:
        """The sum that the wanted words speak for most; of equals, the larger end of a range, else the last."""
        rated = [(self._rating(number, wanted), place, number) for place, number in enumerate(sums)]
        rated = [rating for rating in rated if rating[0] >= 0]
        if not rated:
            return None
        _, _, number = max(rated, key=lambda rating: (rating[0], rating[1]))
        return self._worth(number)

    def _rating(self, number: Number, wanted: frozenset[str]) -> float:
        rating = 0.0
        if self._stem_near(number.start, _NOT_OWN_SUM, back=4) or self._stem_behind(number.end, _NOT_OWN_SUM):
            rating -= 4
        if self._stem_near(number.start, wanted, back=4) or self._stem_behind(number.end, wanted):
            rating += 3
        before = self._words[number.start - 1] if number.start else ""
        if before in _UPPER:
            rating += 1
        if before in _LOWER:
            rating -= 1
        return rating

    def _stem_near(self, place: int, stems: frozenset[str], *, back: int) -> bool:
        """Whether one of these stands up to so many tokens before, in the same sentence, with no number between."""
        numbered = {at for number in self._numbers for at in range(number.start, number.end)}
        for at in range(place - 1, max(place - back, 0) - 1, -1):
            if self._clauses[at] != self._clauses[place] or at in numbered:
                return False
            if self._stems[at] in stems or self._words[at] in stems:
                return True
        return False

    def _stem_behind(self, place: int, stems: frozenset[str]) -> bool:
        following = self._stems[place : place + 2]
        return any(one in stems for one in following[:1]) or (
            len(following) > 1 and following[1] in stems and not self._words[place].isdigit() and self._words[place] != ","
        )
