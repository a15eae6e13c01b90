"""What a model claims is kept if it fits; what is personal comes from the message alone."""

from typing import Any

import pytest

from carquery.adapters.openai.entities import read_entities
from carquery.adapters.openai.wire import NotUnderstood
from carquery.domain.car import MODEL_YEARS
from carquery.domain.forms.form import Service
from carquery.domain.masking import mask
from carquery.domain.understanding import INTENTS, OTHER, Entities, Intent
from tests.adapters.openai.asking import SAYS_NOTHING, SAYS_WHO

VIN = "XTA210990Y1234567"
TWO_PHONES = mask("Звоните +7 916 123-45-67 или +7 916 765-43-21")


def read(**said: Any) -> Entities:
    return read_entities(said, Service.SELL, SAYS_NOTHING)


def test_everything_stated_is_read() -> None:
    entities = read(brand="Toyota", model="Camry", year=2018, price=2_000_000, mileage=120_000, budget=None)

    assert entities == Entities(brand="Toyota", model="Camry", year=2018, price=2_000_000, mileage=120_000)


@pytest.mark.parametrize(
    ("key", "kept"),
    [("year", (MODEL_YEARS[0], MODEL_YEARS[-1])), ("price", (10_000, 1_000_000_000)), ("mileage", (0, 2_000_000))],
)
def test_a_number_out_of_its_range_is_dropped_and_the_rest_is_kept(key: str, kept: tuple[int, int]) -> None:
    lowest, highest = kept

    assert read(**{key: lowest}).stated == {key: lowest}
    assert read(**{key: highest}).stated == {key: highest}
    for outside in (lowest - 1, highest + 1, -(10**30), 10**30):
        assert read(brand="Kia", **{key: outside}).stated == {"brand": "Kia"}


@pytest.mark.parametrize("value", ["1200000", "1 200 000", "1_200_000", 1_200_000.0, "1200000.0"])
def test_a_number_may_stand_in_quotation_marks(value: object) -> None:
    assert read(price=value).stated == {"price": 1_200_000}


def test_an_empty_text_is_no_number() -> None:
    assert read(year="").stated == {}


@pytest.mark.parametrize("key", ["year", "budget", "price", "mileage"])
@pytest.mark.parametrize("value", ["2018 год", "1e6", "²", 2018.5, True, [2018], {"value": 2018}])
def test_a_number_of_another_type_spoils_the_answer(key: str, value: object) -> None:
    with pytest.raises(NotUnderstood, match=key):
        read(**{key: value})


@pytest.mark.parametrize("key", ["brand", "model", "vin", "phone", "name"])
@pytest.mark.parametrize("value", [1, 1.5, False, ["Kia"], {"name": "Kia"}])
def test_words_of_another_type_spoil_the_answer(key: str, value: object) -> None:
    with pytest.raises(NotUnderstood, match=key):
        read(**{key: value})


@pytest.mark.parametrize(
    "written",
    ["", "  ", "—", "null", "None", "неизвестно", "К" * 65, "К" * 100_000, "<b>Kia</b>", "https://kia.ru", "[NAME_1]"],
)
def test_words_that_name_no_car_are_dropped(written: str) -> None:
    assert read(brand=written, model=written) == Entities()


def test_words_lose_what_cannot_be_seen() -> None:
    assert read(model=" Ca\u200bmry\x00 \ud800\n 3.5 ").model == "Camry 3.5"


@pytest.mark.parametrize("intent", INTENTS)
def test_a_budget_is_one_who_buys_has_and_a_price_one_who_sells_wants(intent: Intent) -> None:
    entities = read_entities({"budget": 900_000, "price": 800_000}, intent, SAYS_NOTHING)

    assert entities.budget == (900_000 if intent in (Service.BUY, Service.FIND) else None)
    assert entities.price == (800_000 if intent is Service.SELL else None)


def test_placeholders_become_what_they_stand_for() -> None:
    entities = read_entities({"phone": "[PHONE_2]"}, Service.SELL, TWO_PHONES)

    assert entities == Entities(phone="+79167654321")


def test_what_the_model_leaves_out_is_added_if_there_is_only_one() -> None:
    assert read_entities({}, OTHER, SAYS_WHO) == Entities(vin=VIN, phone="+79161234567", name="Иван")
    assert read_entities({}, OTHER, TWO_PHONES) == Entities()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("phone", "+79990001122"),
        ("phone", "[PHONE_3]"),
        ("phone", "[VIN_1]"),
        ("phone", "[PHONE_1] [PHONE_2]"),
        ("phone", "PHONE_1"),
        ("vin", "WVWZZZ1JZXW000001"),
        ("vin", "[PHONE_1]"),
        ("name", "Пётр"),
        ("name", "[NAME_1]"),
        ("name", "[PHONE_1]"),
    ],
)
def test_the_model_cannot_make_up_what_is_personal(key: str, said: str) -> None:
    assert read_entities({key: said}, Service.SELL, TWO_PHONES) == Entities()


def test_somebody_elses_name_is_not_the_customers() -> None:
    masked = mask("Продаю машину, спасибо Анне за совет")
    (placeholder,) = masked.hidden

    assert placeholder.startswith("[PERSON")
    assert read_entities({"name": placeholder}, Service.SELL, masked) == Entities()
