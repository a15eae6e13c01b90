"""What is said of a mistake."""

import pytest

from carquery.domain.hearing.slips import Slip, slip_in


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("2019, а не 2018", Slip("2019", "2018")),
        ("не 2018 – а 2019", Slip("2019", "2018")),
        ("седан вместо кроссовера", Slip("седан", "кроссовера")),
        ("коробку поменяйте на автомат", Slip("автомат", "коробку")),
        ("Здравствуйте\n2019, а не 2018", Slip("2019", "2018")),
    ],
)
def test_what_is_wrong_stands_beside_what_is_right(typed: str, slip: Slip) -> None:
    assert slip_in(typed) == slip


@pytest.mark.parametrize("sign", [" - ", "– ", ", ", "- а "])
def test_a_long_row_of_signs_is_no_mistake(sign: str) -> None:
    """Each turn of phrase is looked for once in a line, not from every sign on: that took ten seconds."""
    assert slip_in(sign * 1_000) is None
