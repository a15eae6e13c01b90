"""Which of a message's numbers is the year, the mileage, and the sum that is asked or offered.

What a number without a word beside it means depends on who writes: a seller states mileage and price, a buyer what they
have.
"""

from collections.abc import Sequence, Set
from typing import Final

from carquery.adapters.rules import sum_words
from carquery.adapters.rules.mileages import Mileage, mileage_of
from carquery.adapters.rules.numbers import Number
from carquery.adapters.rules.price_tags import is_of_an_advert, is_on_the_tag
from carquery.adapters.rules.sides import BUYERS, Side
from carquery.adapters.rules.surroundings import Surroundings
from carquery.adapters.rules.units import SLANG, Unit
from carquery.adapters.rules.worth import LIKELY_MILEAGE, is_claimed, is_sum, start_of_range, worth_of
from carquery.adapters.rules.years import years_of
from carquery.domain.values import dataclass

_LEAST_FOR_A_CAR: Final = 100_000
"""What a buyer has at least, unless it is said to be what they have."""
_MORE_THAN_COSTS: Final = 500_000
_MILEAGES: Final = range(3_000, 450_001)
_ROUND_PRICE: Final = 200_000
"""From here on a round one is a price rather than a mileage."""
_NO_MILEAGE: Final = (sum_words.PRICE | sum_words.BUDGET | sum_words.NOT_OWN_SUM) - sum_words.OF_MILEAGES
"""Before a sum of money."""
_ON_TOP: Final = frozenset({"+", "плюс"})
_ROUND: Final = 50_000


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

    def read(self) -> Stated:
        years = years_of(self._around, has_car=self._has_car, of_any=self._side is Side.CHOOSER)
        year_places = {number.start for number, _ in years}
        numbers = [number for number in self._around.numbers if number.start not in year_places]
        mileage = mileage_of(self._around, numbers, of_any=self._side is Side.CHOOSER)
        self._is_passed_on = self._side in BUYERS and mileage is not None and mileage[0].unit is Unit.KILOMETRES
        sums = [number for number in numbers if mileage is None or number != mileage[0]]
        sums = [number for number in sums if is_sum(self._around, self._side, number)]
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
        is_checked = self._side is Side.CHECKER and bool(self._around.cars)
        is_of_one = is_advert and (self._side is Side.SELLER or is_checked)
        for place, number in enumerate(sums):
            worth = self._worth(number)
            if worth is None or not self._may_be_mileage(number, worth):
                continue
            others = sums[place + 1 :]
            is_followed = any((self._worth(other) or 0) >= 1.5 * worth for other in others)
            is_rather_price = worth >= _ROUND_PRICE and worth % _ROUND == 0
            is_wished = "бы" in self._around.words[number.end : number.end + 2]
            is_lone = not others and not is_rather_price and not is_wished
            is_beside_price = any(self._is_asked(other) for other in others)
            if is_followed or (is_of_one and worth <= LIKELY_MILEAGE and (is_lone or is_beside_price)):
                return number, worth
        return None

    def _may_be_mileage(self, number: Number, worth: int) -> bool:
        around = self._around
        if worth not in _MILEAGES or number.unit is not Unit.NONE or around.words[number.start] in SLANG:
            return False
        if around.is_near(number.start, _NO_MILEAGE, back=2) or is_claimed(around, self._side, number):
            return False
        if not sum_words.MONEY.isdisjoint(around.stems[number.start : number.end + 1]):
            return False
        return not any(around.word(at) in {"за", "на", "до", "по"} for at in range(number.start, number.end))

    def _is_asked(self, number: Number) -> bool:
        """«…, двести восемьдесят прошу»."""
        is_asked = is_claimed(self._around, self._side, number)
        return is_asked or self._around.is_near(number.start, sum_words.ASKS, back=1)

    def _worth(self, number: Number) -> int | None:
        return worth_of(self._around, self._side, number)

    def _best(self, sums: Sequence[Number], wanted: Set[str]) -> int | None:
        """The sum that the wanted words speak for most; of equals, the last: the larger end of a range."""
        ratings = [self._rating(number, wanted) for number in sums]
        rated = [
            (rating, rating > 0 or not _may_be_litres(number), place)
            for place, (number, rating) in enumerate(zip(sums, ratings, strict=True))
        ]
        fit = [rating for rating in rated if rating[0] >= 0]
        return self._worth(sums[max(fit)[-1]]) if fit else None

    def _rating(self, number: Number, wanted: Set[str]) -> int:
        around = self._around
        before = around.word(number.start - 1)
        is_wanted = around.is_near(number.start, wanted, back=4) or around.is_behind(number.end, wanted)
        is_small = self._side is not Side.SELLER and not is_wanted and (self._worth(number) or 0) < _LEAST_FOR_A_CAR
        against = 4 * (self._is_not_own(number, wanted) or self._is_on_a_tag(number) or is_small)
        is_with = any(
            word.endswith(("ами", "ом")) for word in around.words[number.start : number.end]
        )  # «с двумя миллионами», unlike «с 200 тысяч»
        is_least = before in sum_words.LOWER and not is_with
        return 3 * is_wanted - against + (before in sum_words.UPPER) - is_least - self._is_floor(number)

    def _is_floor(self, number: Number) -> bool:
        """«ниже 1.35 не отдам», «меньше 300 – не пишите»."""
        around = self._around
        signs = self._side is Side.SELLER and around.word(number.end) in {"-", ","}
        is_refused = around.word(number.end + signs) == "не"
        return around.word(number.start - 1) in sum_words.LESS and is_refused

    def _is_on_a_tag(self, number: Number) -> bool:
        if self._side in BUYERS and is_of_an_advert(self._around, number, is_passed_on=self._is_passed_on):
            return True
        return self._side is Side.BUYER and is_on_the_tag(self._around, number)

    def _is_not_own(self, number: Number, wanted: Set[str]) -> bool:
        around = self._around
        before, behind = around.word(number.start - 1), around.word(number.end)
        if around.is_near(number.start, sum_words.SURELY, back=4) or around.is_behind(number.end, sum_words.ASKS):
            return False
        if before in _ON_TOP or behind == "+" or self._is_difference(number):
            return True  # «моя + 1,2 млн»: what is paid on top
        if before == "не" and around.word(number.start - 2) == "а":
            return True  # «89, а не 189»
        if self._is_offered(number):
            return False
        others = self._others(number)
        if around.is_behind(number.end, others) or behind in sum_words.ABOUT_IT:
            return True
        start = start_of_range(around, number)
        nearest = self._nearest(start, others)
        is_hardly = "бы" in around.words[max(number.start - 4, 0) : number.start]  # «взял бы за триста»
        return nearest > 0 and not is_hardly and not around.is_near(start, wanted - sum_words.WEAK, back=nearest - 1)

    def _nearest(self, start: int, others: Set[str]) -> int:
        """How far before it one of these stands; 0: none does."""
        around = self._around
        for back in range(1, 5):
            at = start - back
            is_settled = around.word(at + 1) in sum_words.SETTLED or around.word(at + 2).startswith("треб")
            if around.is_near(at + 1, others, back=1) and not is_settled:
                return back if around.is_near(start, others, back=back) and around.word(at) != "предлагаю" else 0
        return 0

    def _others(self, number: Number) -> Set[str]:
        """The words that say it is for something else, or somebody else's."""
        others = sum_words.NOT_OWN_SUM - sum_words.GIVEN if self._side is Side.CHOOSER else sum_words.NOT_OWN_SUM
        return others - sum_words.COSTS if (self._worth(number) or 0) >= _MORE_THAN_COSTS else others

    def _is_offered(self, number: Number) -> bool:
        """«за 240 отдал бы», «ниже 1.35 не отдам», «не ниже 3 100 000»; a buyer's «за 600 уступите», «дешевле двух»."""
        around = self._around
        before, behind = around.word(number.start - 1), around.word(number.end)
        if "бы" in around.words[number.end : number.end + 2] or self._is_floor(number):
            return True
        if before in sum_words.FOR and behind in sum_words.ASKED_DOWN:
            return True
        if self._side is Side.SELLER:
            return before in sum_words.LESS and around.word(number.start - 2) == "не"
        return before in sum_words.LIMITS

    def _is_difference(self, number: Number) -> bool:
        """«дешевле на миллион», «на сто меньше»: by so much."""
        around = self._around
        if around.word(number.start - 1) != "на":
            return False
        is_behind = not sum_words.CHANGES.isdisjoint(around.stems[number.end : number.end + 1])
        return is_behind or around.is_near(number.start - 1, sum_words.CHANGES, back=4)


def _may_be_litres(number: Number) -> bool:
    """«2.5»: an engine's, where another sum is named."""
    return number.is_bare and number.value < 10
