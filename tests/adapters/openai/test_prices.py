"""Money is exact, and never booked too low for a model that nobody has heard of."""

from decimal import Decimal

import pytest

from carquery.adapters.openai.prices import Price, price_of

NEWS = "gpt-9-nova"


def test_a_million_tokens_of_each_kind_cost_what_the_table_says() -> None:
    price = price_of("gpt-4o-mini").price

    assert price.of(input_tokens=1_000_000, output_tokens=0) == Decimal("0.15")
    assert price.of(input_tokens=1_000_000, output_tokens=0, cached_tokens=1_000_000) == Decimal("0.075")
    assert price.of(input_tokens=0, output_tokens=1_000_000) == Decimal("0.60")


def test_a_typical_call_is_counted_to_the_last_fraction() -> None:
    price = Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"))

    assert price.of(input_tokens=407, output_tokens=63, cached_tokens=7) == Decimal("0.000098325")


@pytest.mark.parametrize(
    ("snapshot", "family"),
    [("gpt-4o-mini-2024-07-18", "gpt-4o-mini"), ("gpt-4.1-2025-04-14", "gpt-4.1"), ("gpt-5-2025-08-07", "gpt-5")],
)
def test_a_dated_snapshot_costs_what_its_family_does(snapshot: str, family: str) -> None:
    assert price_of(snapshot) == price_of(family)
    assert price_of(snapshot).is_known


def test_a_snapshot_that_is_dearer_than_its_family_keeps_its_own_price() -> None:
    assert price_of("gpt-4o-2024-05-13").price.input > price_of("gpt-4o").price.input


@pytest.mark.parametrize(
    "model", [NEWS, f"{NEWS}-2027-01-01", "gpt-4o-mini-tts", "ft:gpt-4o-mini:us", "", "2024-07-18"]
)
def test_an_unknown_model_is_booked_at_the_highest_figures(model: str) -> None:
    quote = price_of(model)

    assert not quote.is_known
    for known in ("gpt-4o-mini", "gpt-4o", "gpt-4o-2024-05-13", "gpt-4.1", "gpt-5", "gpt-5.5"):
        price = price_of(known).price
        assert quote.price.input >= price.input
        assert quote.price.cached >= price.cached
        assert quote.price.output >= price.output
