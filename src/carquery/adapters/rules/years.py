"""The year that a message states."""

import re
from typing import Final

from carquery.adapters.rules.numbers import Number
from carquery.adapters.rules.surroundings import Surroundings
from carquery.adapters.rules.text import stem_set
from carquery.adapters.rules.units import Unit
from carquery.domain.car import EARLIEST_YEAR, year_in_full

_SHORTEST_YEARS: Final = 5
"""«2 года» is an age, and so is «62 года»."""
_LAST_CENTURY: Final = 75
_NEWER: Final = stem_set("старше раньше новее свежее моложе позже выше младше")
_LIMITS: Final = frozenset({"до", "от", "с", "после"})
_OF_PEOPLE: Final = frozenset({"мне", "ему", "ей", "отцу", "деду", "маме", "папе", "бабушке"})
_GEARS: Final = stem_set("дизель бензин автомат механика вариатор робот гибрид газ мкпп акпп")
_SOLD: Final = stem_set("продам продаю продать сдам сдаю сдать отдам отдаю оцените")
_IN_TIME: Final = frozenset({"в", "во", "к", "за", "после", "на", "до"})
_YEARS_APART: Final = re.compile(
    r"\b((?:19|20)?[0-9]{2})\s*(?:-|/|или|по|до|и)\s*((?:19|20)?[0-9]{2})\b"
    r"(?!\s*(?:тыс|т\b|к\b|млн|лям|км|руб|р\b|%))"
)
_CALLED_YEARS: Final = re.compile(r"\s*(?:год|г\b|гг|goda?\b)")
_CALLED_BEFORE: Final = re.compile(r"\bгод[аы]?\s*$")
_ORDINAL_ENDINGS: Final = frozenset({"го", "й", "ый", "ой", "ого", "ом", "м", "go"})
_SHORT: Final = 2
_FULL: Final = 4


def years_of(around: Surroundings, *, has_car: bool, of_any: bool = False) -> list[tuple[Number, int]]:
    """The years stated of a car, likeliest first; a range is left out.

    `has_car`: a car is named; then a bare year is most likely its own. `of_any`: any car is wanted, so «не старше 2015»
    is no car's.
    """
    ranges = [found.span() for found in _YEARS_APART.finditer(around.text) if _is_range_of_years(around, found)]
    years = [
        (number, year)
        for number in around.numbers
        if not any(start <= around.starts[number.start] < end for start, end in ranges)
        and not (of_any and _is_limit(around, number))
        and (year := _year(around, number, has_car=has_car)) is not None
    ]
    years = [found for found in years if around.word(found[0].start - 1) != "не"] or years  # «не 2014, а 2016»
    years = [found for found in years if not _is_since(around, found[0])]
    # «мне 81 год, нива 2012 года»
    return sorted(years, key=lambda found: len(around.words[found[0].start]) == _SHORT)


def _is_range_of_years(around: Surroundings, found: re.Match[str]) -> bool:
    first, second = int(found[1]), int(found[2])
    if first >= EARLIEST_YEAR:
        return second >= EARLIEST_YEAR or second > first % 100
    is_called = _CALLED_YEARS.match(around.text, found.end()) or _CALLED_BEFORE.search(around.text[: found.start()])
    return second < 100 and is_called is not None


def _is_limit(around: Surroundings, number: Number) -> bool:
    is_least = _is_or_newer(around, number) or around.is_near(number.start, _NEWER, back=3)
    return is_least or around.word(number.start - 1) in _LIMITS


def _is_or_newer(around: Surroundings, number: Number) -> bool:
    """«2018+», unlike «2018 + миллион»."""
    last = number.end - 1
    return around.word(number.end) == "+" and around.starts[last] + len(around.words[last]) == around.starts[number.end]


def _is_since(around: Surroundings, number: Number) -> bool:
    """«стоит с 2013 года»; not «с 2013 года выпуска»."""
    return around.word(number.start - 1) == "с" and around.word(number.end) != "выпуска"


def _year(around: Surroundings, number: Number, *, has_car: bool) -> int | None:
    value = int(number.value)
    sold = range(EARLIEST_YEAR, around.latest_year + 1)
    if not number.is_digits:
        return value if number.unit is Unit.YEAR and value in sold else None
    before = around.word(number.start - 1)
    is_next_to_car = number.start - 1 in around.cars
    if number.unit not in (Unit.YEAR, Unit.NONE) and not (number.unit is Unit.OTHER and is_next_to_car):
        return None
    if number.unit is Unit.OTHER and len(around.words[number.start]) != _FULL:
        return None
    is_called_so = number.unit is Unit.YEAR or before in {"год", "года", "г"}
    digits = len(around.words[number.start])
    if digits == _SHORT:
        if before in _OF_PEOPLE or (_is_mere_ordinal(around, number) and not is_next_to_car):
            return None
        is_year = is_called_so and _may_be_short(around, number)
        is_year = is_year or (_is_beside_a_car(around, number) and _may_be_short(around, number))
        is_year = is_year or (around.is_near(number.start, _NEWER, back=2) and number.unit is Unit.NONE)
        return year_in_full(value, latest=around.latest_year) if is_year else None
    if digits != _FULL or value not in sold:
        return None
    # «купил в 2019», «в 2019 году»: a time in somebody's life.
    is_time = before in _IN_TIME or around.word(number.end) == "году"
    is_called_so = is_called_so or around.is_near(number.start, _NEWER, back=2)
    return value if is_called_so or (has_car and not is_time) else None


def _may_be_short(around: Surroundings, number: Number) -> bool:
    value, digits = int(number.value), around.words[number.start]
    is_age = around.latest_year % 100 < value < _LAST_CENTURY
    return not is_age and (value >= _SHORTEST_YEARS or digits[0] == "0")


def _is_mere_ordinal(around: Surroundings, number: Number) -> bool:
    """«до 20го», «суд 19-го»: most likely a day."""
    return (
        number.unit is Unit.YEAR and number.end > number.start + 1 and around.word(number.end - 1) in _ORDINAL_ENDINGS
    )


def _is_beside_a_car(around: Surroundings, number: Number) -> bool:
    """«логан 06», «солярис 16, прошу 890», «кодиак 18 дизель», «рио 17 продам»."""
    if number.start - 1 not in around.cars:
        return False
    if around.words[number.start][0] == "0":
        return True
    behind = around.word(number.end)
    is_alone = around.ends(number.end) and behind not in {"-", "/"}
    return is_alone or (behind != "" and around.stems[number.end] in _GEARS | _SOLD)
