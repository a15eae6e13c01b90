import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.money import Rubles, read_rubles
from carquery.domain.unsure import Unsure
from tests.domain.typed_answers import Case, corpus, fits, label, outcome


@pytest.mark.parametrize("case", corpus("sum"), ids=label)
def test_a_sum_is_read_as_russians_mean_it(case: Case) -> None:
    actual = outcome(read_rubles, case.typed, lambda rubles: rubles.amount)

    assert fits(actual, case.expected), actual


@pytest.mark.parametrize("amount", [9_999, 0, -10_000, 1_000_000_001])
def test_a_sum_out_of_range_does_not_exist(amount: int) -> None:
    with pytest.raises(ValueError, match="10000"):
        Rubles(amount)


def test_a_sum_is_shown_with_spaces_that_do_not_break() -> None:
    assert Rubles(1_200_000).shown == "1\u00a0200\u00a0000\u00a0₽"


@given(st.integers(10_000, 1_000_000_000).map(Rubles))
def test_every_sum_reads_back_as_shown(rubles: Rubles) -> None:
    assert read_rubles(rubles.shown) == rubles


@given(st.integers(10, 9_999))
def test_a_bare_number_below_ten_thousand_is_offered_in_thousands(thousands: int) -> None:
    assert read_rubles(str(thousands)) == Unsure((Rubles(thousands * 1_000),))
