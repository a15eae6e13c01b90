"""How much a number is, if it is a sum of money."""

from typing import Final

from carquery.adapters.rules import sum_words
from carquery.adapters.rules.mileages import is_mileage
from carquery.adapters.rules.numbers import Number
from carquery.adapters.rules.sides import BUYERS, Side
from carquery.adapters.rules.surroundings import Surroundings
from carquery.adapters.rules.units import Unit
from carquery.domain.car import EARLIEST_YEAR

LIKELY_MILEAGE: Final = 290_000
"""A lone sum without a word is a mileage up to here, and a price beyond."""
_LEAST_SUM: Final = 10_000
_MOST_SUM: Final = 1_000_000_000
_LOWEST_PRICE: Final = 200
"""In thousands: what is less right behind a car's name belongs to it, «прадо 150»."""
_LONGEST_OF_CODE: Final = 3
"""Letters that a code begins with: «мтз-82»."""
_THOUSAND: Final = 1_000
_MILLION: Final = 1_000_000
_MOST_MILLIONS: Final = 5
"""«до восьми» is rather an hour."""
_LEAST_THOUSANDS: Final = 50
_LEAST_ASKED: Final = 20
"""Likewise, of a seller's «за тридцать»."""
_CALLED: Final = sum_words.PRICE | sum_words.BUDGET | sum_words.NOT_OWN_SUM
_BEHIND_A_BUYERS: Final = sum_words.CLAIMED | sum_words.BUDGET | sum_words.ASKED_DOWN
_NO_SUM_BEFORE: Final = frozenset({"-", "/", "%", "x", "х"})


def is_sum(around: Surroundings, side: Side, number: Number) -> bool:
    """Whether it may be a sum of money."""
    if number.unit is not Unit.RUBLES and (number.unit is not Unit.NONE or is_mileage(around, number)):
        return False
    if _is_code(around, number) or _is_time(around, number) or around.is_rate(number):
        return False
    worth = worth_of(around, side, number)
    if number.end in around.cars and (number.value < _LEAST_THOUSANDS or around.stems[number.end - 1] == "штук"):
        return False  # «три гранты», «12 штук рапидов»
    return worth is not None and _LEAST_SUM <= worth <= _MOST_SUM


def worth_of(around: Surroundings, side: Side, number: Number) -> int | None:
    """In rubles; a bare small number counts only where a sum is called for, or where it stands alone."""
    value = number.value
    if not number.is_bare or value >= _LEAST_SUM:
        return round(value)
    if number.unit is Unit.RUBLES and value != int(value) and not number.is_digits:
        return round(value * _MILLION)  # «полтора рубля»
    if number.unit is Unit.RUBLES and side is Side.SELLER and 100 < value < _THOUSAND:
        return round(value * _THOUSAND)  # «двести рублей»
    if around.word(number.end) in _NO_SUM_BEFORE and not _is_before_a_dash(around, number):
        return None
    if _is_grouped(around, number):
        return round(value * _THOUSAND)
    is_called = _is_called(around, side, number)
    if not is_called and not _is_alone(around, side, number):
        return None
    if value == int(value):
        is_asked = side is Side.SELLER and around.word(number.start - 1) == "за"
        if (_LEAST_ASKED if is_asked else _LEAST_THOUSANDS) <= value < _LEAST_SUM:
            return round(value * _THOUSAND)
    elif value < 10 and (is_called or _is_typed_price(around, side, number)):
        return round(value * _MILLION)
    return round(value * _MILLION) if 0 < value < 10 and _is_of_millions(around, side, number) else None


def is_claimed(around: Surroundings, side: Side, number: Number) -> bool:
    """«120 прошу», «шестьдесят тысяч за неё», «90 и увозите», «вы мне 230», «790 плюс-минус»."""
    if number.end + 1 in around.numbered:
        return False  # «120 тыс хочу 1,5 млн»
    if around.words[max(number.start - 2, 0) : number.start] in sum_words.FROM_YOU:
        return True
    behind = number.end + (around.word(number.end) == "," and around.word(number.end + 1) == "и")
    behind += around.word(behind) in {"и", "-"}
    is_about = around.words[number.end : number.end + 3] == ["плюс", "-", "минус"]
    return is_about or _is_for_it(around, side, number) or around.is_behind(behind, sum_words.CLAIMED)


def start_of_range(around: Surroundings, number: Number) -> int:
    """Where «1.05-1.15», «от 610 до 780» begins, at its end; where the number does, if it ends none."""
    between = around.word(number.start - 1)
    for first in around.numbers if between in {"-", "до"} else ():
        if first.end == number.start - 1 and (between == "-" or around.word(first.start - 1) in sum_words.LOWER):
            return first.start
    return number.start


def _is_before_a_dash(around: Surroundings, number: Number) -> bool:
    """«700 – не звоните», unlike «5-дверная», «600 - 700»."""
    at, last = number.end, number.end - 1
    is_apart = at < len(around.words) and around.starts[last] + len(around.words[last]) < around.starts[at]
    return around.word(at) == "-" and is_apart and at + 1 not in around.numbered


def _is_for_it(around: Surroundings, side: Side, number: Number) -> bool:
    """«290 за матиз», «двести за неё»."""
    behind = number.end + 1
    is_it = around.word(behind) in sum_words.IT or behind in around.cars
    return side is Side.SELLER and around.word(number.end) == "за" and is_it


def _is_called(around: Surroundings, side: Side, number: Number) -> bool:
    start = start_of_range(around, number)
    if around.is_near(start, _CALLED, back=2) or around.is_near(start, sum_words.PURSE, back=4):
        return True
    if around.is_behind(number.end, sum_words.CLAIMED if side is Side.SELLER else _BEHIND_A_BUYERS):
        return True
    return around.word(number.start - 1) == "рублей" or (side is Side.SELLER and is_claimed(around, side, number))


def _is_alone(around: Surroundings, side: Side, number: Number) -> bool:
    may_be = side is Side.SELLER or side in BUYERS
    return may_be and (around.stands_alone(number) or _ends_advert(around, side, number))


def _is_of_millions(around: Surroundings, side: Side, number: Number) -> bool:
    """«прошу два», «до двух», «пять максимум»."""
    if around.is_near(number.start, sum_words.CALLS_FOR_MILLIONS, back=2):
        return number.value == int(number.value)
    if side not in BUYERS or number.value > _MOST_MILLIONS:
        return False
    behind = around.word(number.end)
    if behind in sum_words.NOT_MORE:
        return True
    ends = around.ends(number.end) or behind in {"не", "на"}
    return ends and around.is_near(number.start, sum_words.FEW_MILLIONS, back=1)


def _is_code(around: Surroundings, number: Number) -> bool:
    """«камри 70», «т4», «z52», «мтз-82», «газель 330202»: a part of a model's name, or of an address."""
    place = number.start
    if not number.is_digits or not number.is_bare:
        return False
    before, letters = around.word(place - 1), around.word(place - 2)
    is_glued = (
        before.isalpha()
        and (len(before) <= 2 or before.isascii())
        and around.starts[place - 1] + len(before) == around.starts[place]
    )
    is_hung = before == "-" and letters.isalpha() and len(letters) <= _LONGEST_OF_CODE
    is_long = place in around.codes and number.value >= _THOUSAND and around.words[place].isdigit()
    is_of_car = place - 1 in around.cars and number.value < _LOWEST_PRICE
    return is_glued or is_hung or is_long or is_of_car or before == "_"


def _is_time(around: Surroundings, number: Number) -> bool:
    """«2019-2020», «не старше 2016»: years, though not the year that is stated."""
    may_be = number.is_digits and number.is_bare and EARLIEST_YEAR <= number.value <= around.latest_year
    return may_be and not around.is_near(number.start, sum_words.ASKS, back=1)


def _is_grouped(around: Surroundings, number: Number) -> bool:
    """«2 350», «1.150»: thousands of thousands, typed apart; not «5 000»."""
    is_typed = number.is_bare and number.end - number.start > 1 and around.words[number.start].isdigit()
    is_apart = is_typed and len(around.words[number.end - 1]) == len(str(_THOUSAND)) - 1
    return is_apart and _THOUSAND < number.value < _LEAST_SUM and number.value % _THOUSAND != 0


def _ends_advert(around: Surroundings, side: Side, number: Number) -> bool:
    """«зафира 2011 механика 450»: what a seller's advert ends with, behind whatever word."""
    is_last = number.end >= len(around.words) and number.is_digits
    is_advert = side is Side.SELLER and bool(around.cars) and len(around.numbers) > 1
    return is_last and is_advert and number.value * _THOUSAND > LIKELY_MILEAGE


def _is_typed_price(around: Surroundings, side: Side, number: Number) -> bool:
    """«…, 1.85», «… 130т 1.6»: engines have one decimal, and stand before mileage and price."""
    if not number.is_digits and not around.word(number.start)[:1].isdigit():
        return False  # «полтора»
    if round(number.value * 10) != number.value * 10:
        return True
    is_last = number == around.numbers[-1]
    is_first = number == next(other for other in around.numbers if other.is_bare and other.value < 10)
    return is_last and (side is not Side.SELLER or not is_first or len(around.numbers) > 2)
