"""Who forgot to switch the keyboard is understood all the same."""

import tomllib

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.rules.cars import DICTIONARY
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.adapters.rules.keyboard import in_russian_keys
from carquery.adapters.rules.message import plain
from carquery.domain.forms.form import Service
from tests.builders import NOW

RULES = RulesClassifier(SettableClock(NOW))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghjlfv rfvhb", "продам камри"),
        ("Ghjlf. dtcne 2018? wtyf 1.2 vky", "продаю весту 2018, цена 1.2 млн"),
        ("gjpjdbnt xtkjdtrf", "позовите человека"),
        ("lj crjkmrb hf,jnftnt&", "до скольки работаете?"),
    ],
)
def test_russian_on_latin_keys_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert in_russian_keys(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("prodam kamri", "i want to sell my car", "Toyota Hilux, diesel", "mashinamni sotmoqchiman", "bmw x5 f15"),
        *("XTA219010K0451278", "LGWFF7A58PJ617024", "mlt", "vw", "ok", "продам bmw", "", "1.5", "😀", "ЖЖЖ"),
    ],
)
def test_anything_else_stays_as_it_is(typed: str) -> None:
    assert in_russian_keys(typed) == typed


def test_no_car_is_taken_for_a_slip_of_the_keyboard() -> None:
    models = tomllib.loads(DICTIONARY.read_text("utf-8")).values()
    names = [
        name.strip() for model in models for listed in model.values() for name in listed.split(",") if name.strip()
    ]

    assert [name for name in names if name.isascii() and plain(f"{name} 2018").text != f"{name} 2018".casefold()] == []


def test_its_wish_and_its_car_are_understood() -> None:
    understood = RULES.understand("ghjlfv rfvhb 2018")

    assert understood.offered is Service.SELL
    assert (understood.entities.brand, understood.entities.model, understood.entities.year) == ("Toyota", "Camry", 2018)
