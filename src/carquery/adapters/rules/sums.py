"""Which of a message's numbers is the year, the mileage, and the sum that is asked or offered.

What a number without a word beside it means depends on who writes: a seller states mileage and price, a buyer what they
have.
"""

from collections.abc import Sequence, Set
from enum import Enum, auto
from typing import Final

from carquery.adapters.rules import sum_words
from carquery.adapters.rules.mileages import Mileage, is_mileage, mileage_of
from carquery.adapters.rules.numbers import Number
from carquery.adapters.rules.surroundings import Surroundings
from carquery.adapters.rules.units import SLANG, Unit
from carquery.adapters.rules.years import years_of
from carquery.domain.car import EARLIEST_YEAR
from carquery.domain.values import dataclass


class Side(Enum):
    """Who writes.

    CHOOSER: a buyer who has no car in mind. CHECKER: who wants somebody's car looked at. NEITHER: somebody else, or
    nobody knows.
    """

    SELLER = auto()
    BUYER = auto()
    CHOOSER = auto()
    CHECKER = auto()
    NEITHER = auto()


_LEAST_SUM: Final = 10_000
_LEAST_FOR_A_CAR: Final = 100_000
"""What a buyer has at least, unless it is said to be what they have."""
_MORE_THAN_COSTS: Final = 500_000
_LOWEST_PRICE: Final = 200
"""In thousands: what is less right behind a car's name belongs to it, «прадо 150»."""
_LONGEST_OF_CODE: Final = 3
"""Letters that a code begins with: «мтз-82»."""
_MOST_SUM: Final = 1_000_000_000
_THOUSAND: Final = 1_000
_MILLION: Final = 1_000_000
_MILEAGES: Final = range(3_000, 450_001)
_BEHIND_A_BUYERS: Final = sum_words.CLAIMED | sum_words.BUDGET | sum_words.ASKED_DOWN
_LIKELY_MILEAGE: Final = 290_000
"""A lone sum without a word is a mileage up to here, and a price beyond."""
_ROUND_PRICE: Final = 200_000
"""From here on a round one is a price."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The numbers' meaning; None: not stated. `year_at`: the year's token."""

    year: int | None = None
    year_at: int | None = None
    mileage: int | None = None
    price: int | None = None
    budget: int | None = None


def stated_in(around: Surroundings, side: Side, *, has_car: bool) -> Stated:
    """What the numbers mean, to whoever is on that side."""
    return _Meanings(around, side, has_car=has_car).read()


class _Meanings:
    def __init__(self, around: Surroundings, side: Side, *, has_car: bool) -> None:
        self._around = around
        self._side = side
        self._has_car = has_car
        self._is_passed_on = False
        """Whether it reads like somebody's advert: it states a mileage, though its writer wants to buy."""

    def read(self) -> Stated:
        years = years_of(self._around, has_car=self._has_car, of_any=self._side is Side.CHOOSER)
        year_places = {number.start for number, _ in years}
        numbers = [number for number in self._around.numbers if number.start not in year_places]
        mileage = mileage_of(self._around, numbers, of_any=self._side is Side.CHOOSER)
        self._is_passed_on = mileage is not None and mileage[0].unit is Unit.KILOMETRES
        sums = [number for number in numbers if self._is_sum(number) and (mileage is None or number != mileage[0])]
        if mileage is None and self._side is not Side.CHOOSER:
            mileage = self._unnamed_mileage(sums, is_advert=bool(years))
            sums = [number for number in sums if mileage is None or number != mileage[0]]
        return Stated(
            year=years[0][1] if years else None,
            year_at=years[0][0].start if years else None,
            mileage=None if mileage is None else mileage[1],
            price=self._best(sums, sum_words.PRICE),
            budget=self._best(sums, sum_words.BUDGET),
        )

    def _unnamed_mileage(self, sums: Sequence[Number], *, is_advert: bool) -> Mileage | None:
        """«камри 2018 120к 2 ляма»: of two sums without a word, the first is no sum of money."""
        called = sum_words.PRICE | sum_words.BUDGET | sum_words.NOT_OWN_SUM
        for place, number in enumerate(sums):
            worth = self._worth(number)
            if worth is None or worth not in _MILEAGES or number.unit is not Unit.NONE:
                continue
            if self._around.is_near(number.start, called, back=2) or self._is_claimed(number):
                continue
            if not sum_words.MONEY.isdisjoint(self._around.stems[number.start : number.end + 1]):
                continue
            if self._around.words[number.start] in SLANG:
                continue
            if any(self._around.word(at) in {"за", "на", "до", "по"} for at in range(number.start, number.end)):
                continue
            others = [self._worth(other) or 0 for other in sums[place + 1 :]]
            is_followed = any(other >= 1.5 * worth for other in others)
            is_rather_price = worth >= _ROUND_PRICE and worth % (_ROUND_PRICE // 4) == 0
            is_of_one = self._is_of_a_car(is_advert=is_advert) and worth <= _LIKELY_MILEAGE
            is_lone = is_of_one and not others
            is_lone = is_lone and not is_rather_price and "бы" not in self._around.words[number.end : number.end + 2]
            is_beside_price = is_of_one and any(self._is_asked(other) for other in sums[place + 1 :])
            if is_followed or is_lone or is_beside_price:
                return number, worth
        return None

    def _is_of_a_car(self, *, is_advert: bool) -> bool:
        is_checked = self._side is Side.CHECKER and bool(self._around.cars)
        return is_advert and (self._side is Side.SELLER or is_checked)

    def _is_asked(self, number: Number) -> bool:
        """«…, двести восемьдесят прошу»."""
        return self._is_claimed(number) or self._around.is_near(number.start, sum_words.ASKS, back=1)

    def _is_claimed(self, number: Number) -> bool:
        """«120 прошу», «шестьдесят тысяч за неё», «90 и увозите», «вы мне 230»."""
        around = self._around
        if number.end + 1 in around.numbered:
            return False  # «120 тыс хочу 1,5 млн»
        if around.words[max(number.start - 2, 0) : number.start] in sum_words.FROM_YOU:
            return True
        behind = number.end + (around.word(number.end) == "," and around.word(number.end + 1) == "и")
        behind += around.word(behind) in {"и", "-"}
        is_about = around.words[number.end : number.end + 3] == ["плюс", "-", "минус"]
        return is_about or self._is_for_it(number) or around.is_behind(behind, sum_words.CLAIMED)

    def _is_for_it(self, number: Number) -> bool:
        """«290 за матиз», «двести за неё»."""
        behind = number.end + 1
        is_it = self._around.word(behind) in sum_words.IT or behind in self._around.cars
        return self._side is Side.SELLER and self._around.word(number.end) == "за" and is_it

    def _is_sum(self, number: Number) -> bool:
        if number.unit is not Unit.RUBLES and (number.unit is not Unit.NONE or is_mileage(self._around, number)):
            return False
        if self._is_code(number) or self._is_time(number) or self._around.is_rate(number):
            return False
        worth = self._worth(number)
        return worth is not None and _LEAST_SUM <= worth <= _MOST_SUM

    def _is_code(self, number: Number) -> bool:
        """«камри 70», «т4», «z52», «газель 330202»: a part of a model's name."""
        around, place = self._around, number.start
        if not number.is_digits or not number.is_bare:
            return False
        before = around.word(place - 1)
        is_glued = (
            before.isalpha() and len(before) <= 2 and around.starts[place - 1] + len(before) == around.starts[place]
        )
        is_hung = before == "_" or before == "-" and around.word(place - 2).isalpha() and len(around.word(place - 2)) <= _LONGEST_OF_CODE
        is_long = place in around.codes and number.value >= _THOUSAND and around.words[place].isdigit()
        return is_glued or is_hung or is_long or (place - 1 in around.cars and number.value < _LOWEST_PRICE)

    def _is_time(self, number: Number) -> bool:
        """«2019-2020», «не старше 2016»: years, though not the year that is stated."""
        may_be = number.is_digits and number.is_bare and EARLIEST_YEAR <= number.value <= self._around.latest_year
        return may_be and not self._around.is_near(number.start, sum_words.ASKS, back=1)

    def _worth(self, number: Number) -> int | None:
        """In rubles; a bare small number counts only where a sum is called for, or where it stands alone."""
        value, around = number.value, self._around
        if not number.is_bare or value >= _LEAST_SUM:
            return round(value)
        if number.unit is Unit.RUBLES and value != int(value) and not number.is_digits:
            return round(value * _MILLION)  # «полтора рубля»
        if around.word(number.end) in {"-", "/", "%", "x", "х"}:
            return None
        if self._is_grouped(number):
            return round(value * _THOUSAND)
        behind = sum_words.CLAIMED if self._side is Side.SELLER else _BEHIND_A_BUYERS
        start = self._start_of_range(number)
        is_called = around.is_near(start, sum_words.PRICE | sum_words.BUDGET | sum_words.NOT_OWN_SUM, back=2)
        is_called = is_called or around.is_near(start, sum_words.SURELY | sum_words.PURSE, back=4)
        is_called = is_called or around.is_behind(number.end, behind) or around.word(number.start - 1) == "рублей"
        is_called = is_called or (self._side is Side.SELLER and self._is_claimed(number))
        is_alone = self._side not in (Side.NEITHER, Side.CHECKER) and (around.stands_alone(number) or self._ends_advert(number))
        if not is_called and not is_alone:
            return None
        is_whole = value == int(value)
        least = 20 if self._side is Side.SELLER and around.word(number.start - 1) == "за" else 50
        if is_whole and least <= value < _LEAST_SUM:
            return round(value * _THOUSAND)
        is_fraction_word = not number.is_digits and not around.word(number.start)[:1].isdigit()
        if not is_whole and value < 10 and not (is_fraction_word and not is_called):
            return round(value * _MILLION) if is_called or self._is_price_rather_than_litres(number) else None
        calls_for_millions = around.is_near(number.start, sum_words.CALLS_FOR_MILLIONS, back=2)
        is_most = not sum_words.NOT_MORE.isdisjoint((around.word(number.end),))
        calls_for_millions = calls_for_millions or (self._side is not Side.SELLER and is_most)
        goes_on = around.word(number.end) in {"не", "на", "максимум", "макс"}
        if self._side in (Side.BUYER, Side.CHOOSER) and (around.ends(number.end) or goes_on):
            calls_for_millions = calls_for_millions or around.is_near(number.start, sum_words.FEW_MILLIONS, back=1)
        return round(value * _MILLION) if 0 < value < 10 and calls_for_millions else None

    def _start_of_range(self, number: Number) -> int:
        """Where «1.05-1.15», «от 610 до 780» begins, at its end; where the number does, if it ends none."""
        around, between = self._around, self._around.word(number.start - 1)
        for first in around.numbers if between in {"-", "до"} else ():
            begins = between == "-" or around.word(first.start - 1) in sum_words.LOWER
            if first.end == number.start - 1 and begins:
                return first.start
        return number.start

    def _is_grouped(self, number: Number) -> bool:
        """«2 350», «1.150»: thousands of thousands, typed apart; not «5 000»."""
        is_typed = number.is_bare and number.end - number.start > 1 and self._around.words[number.start].isdigit()
        is_apart = is_typed and len(self._around.words[number.end - 1]) == len(str(_THOUSAND)) - 1
        return is_apart and _THOUSAND < number.value < _LEAST_SUM and number.value % _THOUSAND != 0

    def _ends_advert(self, number: Number) -> bool:
        """«зафира 2011 механика 450»: what a seller's advert ends with, behind whatever word."""
        is_last = number.end >= len(self._around.words) and number.is_digits
        is_advert = self._side is Side.SELLER and bool(self._around.cars) and len(self._around.numbers) > 1
        return is_last and is_advert and number.value * _THOUSAND > _LIKELY_MILEAGE

    def _is_price_rather_than_litres(self, number: Number) -> bool:
        """«…, 1.85», «… 130т 1.6»: engines have one decimal, and stand before mileage and price."""
        if round(number.value * 10) != number.value * 10:
            return True
        is_last = number == self._around.numbers[-1]
        is_first = number == next(other for other in self._around.numbers if other.is_bare and other.value < 10)
        return is_last and (self._side is not Side.SELLER or not is_first or len(self._around.numbers) > 2)

    def _best(self, sums: Sequence[Number], wanted: Set[str]) -> int | None:
        """The sum that the wanted words speak for most; of equals, the last: the larger end of a range."""
        rated = [(self._rating(number, wanted), place) for place, number in enumerate(sums)]
        fit = [rating for rating in rated if rating[0] >= 0]
        return self._worth(sums[max(fit)[1]]) if fit else None

    def _rating(self, number: Number, wanted: Set[str]) -> int:
        around = self._around
        before = around.word(number.start - 1)
        is_wanted = around.is_near(number.start, wanted, back=4) or around.is_behind(number.end, wanted)
        is_other = self._is_not_own(number, wanted)
        is_theirs = self._side in (Side.BUYER, Side.CHOOSER) and self._is_of_an_advert(number)
        is_theirs = is_theirs or (self._side is Side.BUYER and self._is_on_the_tag(number))
        is_small = self._side is not Side.SELLER and not is_wanted and (self._worth(number) or 0) < _LEAST_FOR_A_CAR
        against = 4 * (is_other or is_theirs or is_small)
        is_with = around.words[number.end - 1].endswith(("ами", "ом"))  # «с двумя миллионами», unlike «с 200 тысяч»
        is_least = before in sum_words.LOWER and not is_with
        is_floor = before in sum_words.LESS and around.word(number.end) == "не"
        return 3 * is_wanted - against + (before in sum_words.UPPER) - is_least - is_floor

    def _is_not_own(self, number: Number, wanted: Set[str]) -> bool:
        around = self._around
        if around.is_near(number.start, sum_words.SURELY, back=4) or around.is_behind(number.end, sum_words.ASKS):
            return False
        others = sum_words.NOT_OWN_SUM - sum_words.GIVEN if self._side is Side.CHOOSER else sum_words.NOT_OWN_SUM
        if (self._worth(number) or 0) >= _MORE_THAN_COSTS:
            others -= sum_words.COSTS
        if "+" in (around.word(number.start - 1), around.word(number.end)) or self._is_difference(number):
            return True  # «моя + 1,2 млн»: what is paid on top
        before, behind = around.word(number.start - 1), [around.word(at) for at in range(number.end, number.end + 3)]
        is_least = before in sum_words.LESS and around.word(number.start - 2) == "не" and self._side is Side.SELLER
        if "бы" in behind[:2] or is_least or (before in sum_words.LESS and behind[0] == "не"):
            return False  # «за 240 отдал бы», «ниже 1.35 не отдам», «не ниже 3 100 000»
        if before in sum_words.FOR and not sum_words.ASKED_DOWN.isdisjoint(behind[:1]):
            return False
        if self._side is not Side.SELLER and before in sum_words.LIMITS:
            return False
        if around.is_behind(number.end, others) or "висит" in behind[:1]:
            return True
        start = self._start_of_range(number)
        nearest = next((back for back in range(1, 5) if around.is_near(start, others, back=back)), 0)
        is_hardly = "бы" in around.words[max(number.start - 4, 0) : number.start]  # «взял бы за триста»
        return (
            nearest > 0
            and not is_hardly
            and not around.is_near(start, wanted - sum_words.WEAK, back=nearest - 1)
        )

    def _is_difference(self, number: Number) -> bool:
        """«дешевле на миллион», «на сто меньше»: by so much."""
        around = self._around
        if around.word(number.start - 1) != "на":
            return False
        is_behind = number.end < len(around.words) and around.stems[number.end] in sum_words.CHANGES
        return is_behind or around.is_near(number.start - 1, sum_words.CHANGES, back=4)

    def _is_of_an_advert(self, number: Number) -> bool:
        """«крета 2021, 58 000 км, 2 150 000» — ещё есть?»: what somebody else asks."""
        if number.start in self._around.quoted:
            return True
        is_own = self._around.is_near(number.start, sum_words.BUDGET - sum_words.WEAK | sum_words.UPPER, back=4)
        return self._is_passed_on and not is_own and not self._pays(number)

    def _is_on_the_tag(self, number: Number) -> bool:
        """«ту камри за 2 ляма ещё не продали?», an advert that is passed on."""
        around = self._around
        if (
            around.is_near(number.start, sum_words.LABELLED, back=2)
            and around.word(number.start - 1) not in sum_words.UPPER
        ):
            return True
        if around.is_near(number.start, sum_words.SURELY, back=4) or not sum_words.NOT_MORE.isdisjoint(
            around.words[number.end :][:4]
        ):
            return False
        is_beside_car = around.word(number.start - 1) == "за" and number.start - 2 in around.cars
        if is_beside_car and sum_words.WISHES.isdisjoint(around.stems):
            return True  # «ещё стоит рио за 640?», unlike «крету за полтора хочу»
        if self._is_listed(number):
            return True
        words = range(number.start - 1, number.end)
        is_said = any(around.word(at) == "за" for at in words) or number.unit is Unit.RUBLES
        if not is_said or self._pays(number):
            return False
        return not sum_words.ON_THE_TAG.isdisjoint((*around.stems, *around.words))

    def _is_listed(self, number: Number) -> bool:
        """«в объявлении 470 тыщ»: where somebody asks it; not «из объявления хочу, есть 870»."""
        around = self._around
        clause = around.clauses[number.start]
        listed = (at for at, stem in enumerate(around.stems) if stem in sum_words.LISTED and around.clauses[at] == clause)
        is_own = around.is_near(number.start, sum_words.OWN, back=2)
        return any(listed) and not is_own and not self._pays(number)

    def _pays(self, number: Number) -> bool:
        """«за 1.2 заберу»: the sum is the buyer's, not that on the price tag."""
        around = self._around
        return around.is_near(number.start, sum_words.PAYS, back=5) or any(
            around.stems[at] in sum_words.PAYS for at in range(number.end, min(number.end + 3, len(around.words)))
        )
