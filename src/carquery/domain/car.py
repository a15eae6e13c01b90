"""What is known of a car: mileage and model year."""

import re
from datetime import date

from carquery.domain.refusals import AnswerRefused
from carquery.domain.stated_quantity import Unread, has_remark, read_stated
from carquery.domain.typed_numbers import grouped, plain
from carquery.domain.typed_year import read_stated_years
from carquery.domain.unsure import Unsure
from carquery.domain.values import dataclass

MOST_KILOMETERS = 2_000_000
EARLIEST_YEAR = 1950
MODEL_YEARS = range(EARLIEST_YEAR, 2201)
"""Those that a value can be; which of them are to come, it can't know: `latest_year` does."""

_KILOMETER_WORDS = "км km kms километр километра километров kilometers kilometres kilometer kilometre"
_KILOMETER_UNITS = frozenset(_KILOMETER_WORDS.split())
_MILES = re.compile(r"(?<![^\W\d])[ткk]?(?:мил[ьяией]+|miles?|mi)\b")
_KILOMETERS_HINT = "Напишите пробег в километрах, можно примерно, например 120\u00a0000 или 120\u00a0тыс"
_KILOMETERS_HINTS = {
    Unread.NO_NUMBER: _KILOMETERS_HINT,
    Unread.SEVERAL: "Напишите одно число – пробег в километрах, например 120\u00a0000 или 120\u00a0тыс",
    Unread.UNCLEAR: _KILOMETERS_HINT,
}
_ZERO_IF_NEW = "Если машина новая, напишите 0, иначе пробег в километрах, например 120\u00a0000"
_KILOMETERS_RANGE = "Пробег должен быть от 0 до 2\u00a0000\u00a0000\u00a0км, например 120\u00a0000"
_NOT_MILES = "Мы считаем в километрах: напишите пробег в километрах, например 120\u00a0000"
_NEW_CAR = re.compile(
    r"\bнов(?:ая|ый|ое|ой|ую|ье|еньк\w+)\b|\bнулев\w+|\bнулик|\b(?:без|нет) пробег|пробега нет"
    r"|\b(?:из|со?) ?(?:авто)?(?:салона|завода|нуля)\b"
)


@dataclass(frozen=True, slots=True)
class Kilometers:
    """A mileage in whole kilometres, 0 … 2 000 000."""

    distance: int

    def __post_init__(self) -> None:
        if not 0 <= self.distance <= MOST_KILOMETERS:
            raise ValueError(f"a mileage is 0 … {MOST_KILOMETERS} km, not {self.distance}")

    @property
    def shown(self) -> str:
        return f"{grouped(self.distance)}\u00a0км"


def read_kilometers(typed: str) -> Kilometers | Unsure[Kilometers]:
    """Read a mileage: «120000», «120 000 км», «120 тыс», «120к», «150 т.км».

    Returns:
        Whole kilometres. For a bare number under 1 000 both readings, as typed and in thousands, in that order;
        «120 км» and «0» are taken as said.

    Raises:
        AnswerRefused: no number, several, miles, or out of range.
    """
    text = plain(typed)
    if _MILES.search(text):
        raise AnswerRefused(_NOT_MILES)
    stated = read_stated(typed, units=_KILOMETER_UNITS)
    if isinstance(stated, Unread):
        is_new = stated is Unread.NO_NUMBER and _NEW_CAR.search(text) is not None
        raise AnswerRefused(_ZERO_IF_NEW if is_new else _KILOMETERS_HINTS[stated])
    quantity = stated.quantity
    readings = quantity.readings
    is_guess = quantity.is_bare and not stated.has_unit and 0 < readings[0] < 1_000
    if is_guess:
        # Nobody types tenths of a kilometre: «1,5» can only be thousands.
        readings = (*(value for value in readings if value.denominator == 1), readings[0] * 1_000)
    distances = tuple(Kilometers(int(value)) for value in readings if int(value) <= MOST_KILOMETERS)
    if not distances:
        raise AnswerRefused(_KILOMETERS_RANGE)
    return Unsure(distances) if is_guess or stated.is_doubtful or len(distances) > 1 else distances[0]


def says_more_than_kilometers(typed: str) -> bool:
    """Whether the text in which `read_kilometers` finds a mileage says anything else: «120 тыс, двигатель менял»."""
    return has_remark(typed, units=_KILOMETER_UNITS)


@dataclass(frozen=True, slots=True)
class ModelYear:
    """A car's model year, one of `MODEL_YEARS`."""

    year: int

    def __post_init__(self) -> None:
        if self.year not in MODEL_YEARS:
            raise ValueError(f"a model year is {MODEL_YEARS[0]} … {MODEL_YEARS[-1]}, not {self.year}")

    @property
    def shown(self) -> str:
        return str(self.year)


def read_year(typed: str, *, on: date) -> ModelYear | Unsure[ModelYear]:
    """Read a model year: «2018», «2018 г/в», «18», «декабрь 2008», «две тысячи восемнадцатый».

    Two digits mean 20xx up to the next year, then 19xx from 1950. `on`: today, where the customer is.

    Returns:
        The year; for a range or a choice («2015/2016») both years, to be confirmed, and so one that may be another
        than the one asked for («купил в 2018»).

    Raises:
        AnswerRefused: no year, several, or not 1950 … `on.year + 1`.
    """
    latest = latest_year(on)
    stated = read_stated_years(typed)
    numbers = () if stated is None else tuple(year_in_full(number, latest=latest) for number in stated.numbers)
    if stated is None or not all(EARLIEST_YEAR <= number <= latest for number in numbers):
        raise AnswerRefused(f"Напишите год выпуска от {EARLIEST_YEAR} до {latest}, можно примерно, например 2018")
    years = tuple(ModelYear(number) for number in dict.fromkeys(numbers))
    return Unsure(years) if len(years) > 1 or stated.is_doubtful else years[0]


def latest_year(on: date) -> int:
    """The newest model year that is sold: cars of the next one are. `on`: today, where the customer is."""
    return on.year + 1


def year_in_full(number: int, *, latest: int) -> int:
    """Two digits are of this century up to the latest year, then of the last one; what has more is full already."""
    if number >= 100:
        return number
    return number + (2000 if 2000 + number <= latest else 1900)
