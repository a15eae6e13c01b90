"""The mileage that a message states."""

from collections.abc import Sequence
from typing import Final

from carquery.adapters.rules.numbers import Number
from carquery.adapters.rules.surroundings import Surroundings
from carquery.adapters.rules.text import stem_set
from carquery.adapters.rules.units import Unit, is_called_mileage

_PER: Final = frozenset({"в", "от", "туда", "ч", "per"})
_ASKED: Final = stem_set("прошу отдам цена")
_FILLERS: Final = frozenset({"на", "."})
_UP_TO: Final = frozenset({"до", "после", "свыше", "от", "более", "больше"})
_HIGHEST: Final = 2_000_000
_MOST: Final = 1_000_000
"""Of what only a word beside it calls one."""
_USUAL: Final = 400_000
"""More is hardly one where it may be a price."""
_THOUSAND: Final = 1_000
Mileage = tuple[Number, int]


def mileage_of(around: Surroundings, numbers: Sequence[Number], *, of_any: bool) -> Mileage | None:
    """The number that is called a mileage, in kilometres.

    `of_any`: any car is wanted, so «до 100 тыс. км» is no car's.
    """
    for number in numbers:
        if number.unit is Unit.KILOMETRES and not _is_some_distance(around, number):
            if of_any and around.word(number.start - 1) in _UP_TO:
                continue
            return number, int(number.value)
    for number in numbers:
        if number.unit is not Unit.NONE or not is_mileage(around, number):
            continue
        if of_any and around.word(number.start - 1) in _UP_TO:
            continue
        value = int(number.value) * (_THOUSAND if number.is_bare and number.value < _THOUSAND else 1)
        if _THOUSAND <= value <= _HIGHEST and number.value >= 2:  # «пробег 1.9» is no thousand
            return number, value
    return None


def is_mileage(around: Surroundings, number: Number) -> bool:
    """Whether it is called one: «пробег 120», «120 тыс пробег»."""
    if number.value >= _MOST or (number.is_bare and number.value != int(number.value)):
        return False
    for at in range(number.start - 1, max(number.start - 4, 0) - 1, -1):
        if around.clauses[at] != around.clauses[number.start] or at in around.numbered:
            break
        if is_called_mileage(around.words[at]):
            # «пробежала, прошу 780»: the word that stands nearer counts
            return not around.is_near(number.start, _ASKED, back=1) and not _belongs_before(around, at, number)
    if _is_called_briefly(around, number):
        return True
    behind = number.end
    while around.word(behind) in _FILLERS:
        behind += 1
    return is_called_mileage(around.word(behind)) and not _belongs_behind(around, behind)


def _is_called_briefly(around: Surroundings, number: Number) -> bool:
    """«пр 145», «пр. 145», «220 пр»."""
    before = number.start - 1 - (around.word(number.start - 1) == ".")
    is_behind = around.word(number.end) == "пр" and number.end + 1 not in around.numbered
    return around.word(before) == "пр" or is_behind


def _belongs_before(around: Surroundings, place: int, number: Number) -> bool:
    """«410к пробега, лям восемьсот», «210 тысяч пробег 780»: the word belongs to the number right before it."""
    if around.word(place - 1) in {"на", "по"} and place - 2 in around.numbered:
        return True  # «109 000 на одометре, 935»
    if place - 1 not in around.numbered:
        return False
    return around.word(place + 1) in {",", ".", "/", ";"} or not _may_be_one(number)


def _belongs_behind(around: Surroundings, place: int) -> bool:
    """«850к пробег 90»: the word belongs to the number behind it, if no sign parts them and it may be a mileage."""
    if place - 1 not in around.numbered and around.word(place - 1) not in _FILLERS:
        return True
    is_called = around.word(place + 1) in {":", "-", "всего"}
    next_to_it = next((number for number in around.numbers if number.start == place + 1 + is_called), None)
    return next_to_it is not None and _may_be_one(next_to_it)


def _may_be_one(number: Number) -> bool:
    value = number.value * (_THOUSAND if number.is_bare and number.value < _THOUSAND else 1)
    return value <= _USUAL


def _is_some_distance(around: Surroundings, number: Number) -> bool:
    """«500 км в неделю», «сто километров туда и обратно», «живу в 30 км»."""
    is_rate = around.word(number.end) in _PER or around.is_rate(number)
    is_short = number.is_bare and number.value < _THOUSAND
    return is_rate or (is_short and not is_mileage(around, number))
