"""One maker, one spelling."""

import pytest

from carquery.adapters.openai.brands import canonical_brand


@pytest.mark.parametrize(
    ("written", "brand"),
    [
        ("Toyota", "Toyota"),
        ("toyota", "Toyota"),
        ("ТОЙОТА", "Toyota"),
        ("VW", "Volkswagen"),
        ("Mercedes", "Mercedes-Benz"),
        ("mercedes benz", "Mercedes-Benz"),
        ("MERCEDES-BENZ", "Mercedes-Benz"),
        ("ВАЗ", "Lada"),
        ("Lada (ВАЗ)", "Lada"),
        ("LADA", "Lada"),
        ("Škoda", "Skoda"),
        ("bmw", "BMW"),
        ("Lixiang", "Li Auto"),
        ("landrover", "Land Rover"),
    ],
)
def test_spellings_of_a_maker_become_one(written: str, brand: str) -> None:
    assert canonical_brand(written) == brand


@pytest.mark.parametrize("written", ["Hozon", "Кия Рио", "", "???"])
def test_a_name_that_is_not_known_stays_as_it_is(written: str) -> None:
    assert canonical_brand(written) == written
