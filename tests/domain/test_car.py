from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.car import Kilometers, ModelYear, read_kilometers, read_year
from carquery.domain.refusals import AnswerRefused
from carquery.domain.unsure import Unsure
from carquery.domain.vin import Vin, read_vin
from tests.domain.typed_answers import Case, corpus, fits, label, outcome

IN_MARCH = date(2026, 3, 1)


@pytest.mark.parametrize("case", corpus("mileage"), ids=label)
def test_a_mileage_is_read_as_russians_mean_it(case: Case) -> None:
    actual = outcome(read_kilometers, case.typed, lambda mileage: mileage.distance)

    assert fits(actual, case.expected), actual


@pytest.mark.parametrize("distance", [-1, 2_000_001])
def test_a_mileage_out_of_range_does_not_exist(distance: int) -> None:
    with pytest.raises(ValueError, match="2000000"):
        Kilometers(distance)


def test_a_mileage_is_shown_with_spaces_that_do_not_break() -> None:
    assert Kilometers(120_000).shown == "120\u00a0000\u00a0км"


@given(st.integers(0, 2_000_000).map(Kilometers))
def test_every_mileage_reads_back_as_shown(mileage: Kilometers) -> None:
    assert read_kilometers(mileage.shown) == mileage


@given(st.integers(1, 999))
def test_a_bare_number_below_a_thousand_has_two_readings(number: int) -> None:
    assert read_kilometers(str(number)) == Unsure((Kilometers(number), Kilometers(number * 1_000)))


@pytest.mark.parametrize("case", corpus("year"), ids=label)
def test_a_year_is_read_as_russians_write_it(case: Case) -> None:
    actual = outcome(lambda typed: read_year(typed, on=IN_MARCH), case.typed, lambda value: value.year)

    assert fits(actual, case.expected), actual


def test_the_next_model_year_arrives_with_the_new_year() -> None:
    assert read_year("2028", on=date(2027, 1, 1)) == ModelYear(2028)
    assert read_year("28", on=date(2027, 1, 1)) == ModelYear(2028)
    with pytest.raises(AnswerRefused, match="2027"):
        read_year("2028", on=date(2026, 12, 31))


@given(st.integers(0, 99), st.dates(date(2020, 1, 1), date(2120, 1, 1)))
def test_two_digits_never_mean_a_year_out_of_range(digits: int, on: date) -> None:
    try:
        read = read_year(f"{digits:02}", on=on)
    except AnswerRefused:
        assert on.year + 1 < 2000 + digits < 2050
    else:
        assert isinstance(read, ModelYear)
        assert read.year % 100 == digits
        assert 1950 <= read.year <= on.year + 1


@pytest.mark.parametrize("year", [1949, 2201])
def test_a_year_out_of_range_does_not_exist(year: int) -> None:
    with pytest.raises(ValueError, match="1950"):
        ModelYear(year)


@pytest.mark.parametrize("case", corpus("vin"), ids=label)
def test_a_vin_is_read_however_it_was_copied(case: Case) -> None:
    actual = outcome(read_vin, case.typed, lambda vin: vin.number)

    assert fits(actual, case.expected), actual


@pytest.mark.parametrize(
    "number", ["", "XTA210990Y123456", "XTA21099OY1234567", "xta210990y1234567", "XTA210990Y1234567\n"]
)
def test_a_wrong_vin_does_not_exist(number: str) -> None:
    with pytest.raises(ValueError, match="17"):
        Vin(number)


@given(st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17))
def test_every_vin_reads_back_in_lower_case_and_with_spaces(number: str) -> None:
    assert read_vin(" ".join(number.lower())) == Vin(number)
