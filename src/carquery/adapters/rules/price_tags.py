"""Sums that a buyer names though they are somebody else's: on a price tag, in an advert."""

from typing import Final

from carquery.adapters.rules import sum_words
from carquery.adapters.rules.numbers import Number
from carquery.adapters.rules.surroundings import Surroundings
from carquery.adapters.rules.units import Unit

_NEAR: Final = 20
"""Words between a sum and the advert that it stands in."""


def is_of_an_advert(around: Surroundings, number: Number, *, is_passed_on: bool) -> bool:
    """«крета 2021, 58 000 км, 2 150 000» — ещё есть?»: what somebody else asks.

    `is_passed_on`: the message states a mileage, though its writer wants to buy.
    """
    if number.start in around.quoted:
        return True
    return is_passed_on and not _is_called_own(around, number) and not _pays(around, number)


def is_on_the_tag(around: Surroundings, number: Number) -> bool:
    """«ту камри за 2 ляма ещё не продали?», an advert that is passed on."""
    before = around.word(number.start - 1)
    if around.is_near(number.start, sum_words.LABELLED, back=2) and before not in sum_words.UPPER:
        return True
    is_limit = not sum_words.NOT_MORE.isdisjoint(around.words[number.end :][:4])
    if is_limit or around.is_near(number.start, sum_words.SURELY, back=4):
        return False
    is_beside_car = before == "за" and number.start - 2 in around.cars
    if is_beside_car and not _pays(around, number) and sum_words.WISHES.isdisjoint(around.stems):
        return True  # «ещё стоит рио за 640?», unlike «крету за полтора хочу»
    if _is_listed(around, number):
        return True
    words = range(number.start - 1, number.end)
    is_said = any(around.word(at) == "за" for at in words) or number.unit is Unit.RUBLES
    if not is_said or _pays(around, number):
        return False
    return not sum_words.ON_THE_TAG.isdisjoint((*around.stems, *around.words))


def _is_listed(around: Surroundings, number: Number) -> bool:
    """«в объявлении 470 тыщ»: where somebody asks it; not «из объявления хочу, есть 870»."""
    near = range(max(number.start - _NEAR, 0), min(number.end + _NEAR, len(around.words)))
    is_listed = any(
        around.stems[at] in sum_words.LISTED and around.clauses[at] == around.clauses[number.start] for at in near
    )
    return is_listed and not _is_called_own(around, number) and not _pays(around, number)


def _is_called_own(around: Surroundings, number: Number) -> bool:
    """«есть 870», «бюджет у нас 900»."""
    is_own = around.is_near(number.start, sum_words.OWN, back=2)
    return is_own or around.is_near(number.start, sum_words.SURELY_OWN, back=4)


def _pays(around: Surroundings, number: Number) -> bool:
    """«за 1.2 заберу»: the sum is the buyer's, not that on the price tag."""
    behind = range(number.end, min(number.end + 5, len(around.words)))
    pays = (
        around.stems[at] in sum_words.PAYS or around.words[at] in sum_words.PAYS
        for at in behind
        if around.clauses[at] == around.clauses[number.start]
    )
    return around.is_near(number.start, sum_words.PAYS, back=7) or any(pays)
