"""What a model says that a message states: a claim, which fits what can be stated or is dropped."""

import re
from collections.abc import Mapping
from typing import Final

from carquery.adapters.openai.brands import canonical_brand
from carquery.adapters.openai.wire import NotUnderstood, number_in
from carquery.domain.car import MODEL_YEARS
from carquery.domain.masking import Masked
from carquery.domain.meaning import Meaning
from carquery.domain.personal.piece import PersonalKind
from carquery.domain.typed_text import clean
from carquery.domain.understanding import Entities, Intent, asks_for

LONGEST_WORDS: Final = 64
"""Characters of a brand or model."""

_RUBLES: Final = range(10_000, 1_000_000_001)
_KILOMETERS: Final = range(2_000_001)


def read_entities(said: Mapping[str, object], intent: Intent, masked: Masked) -> Entities:
    """Read them from a model's answer. One that it leaves out is not stated.

    A value out of its range is dropped, and the others are kept. A budget is one who buys has, a price one who sells
    wants: under another intent they are dropped, not swapped, for the sum may belong to the other car of a trade-in.
    What is personal comes from the message alone: the model names the placeholder, or there is only one.

    Raises:
        NotUnderstood: a value is of a wrong type; who writes so has not understood the question.
    """
    brand = _words(said, "brand")
    budget, price = _number(said, "budget", _RUBLES), _number(said, "price", _RUBLES)
    return Entities(
        brand=None if brand is None else canonical_brand(brand),
        model=_words(said, "model"),
        year=_number(said, "year", MODEL_YEARS),
        budget=budget if asks_for(intent, Meaning.BUDGET) else None,
        price=price if asks_for(intent, Meaning.PRICE) else None,
        mileage=_number(said, "mileage", _KILOMETERS),
        vin=_personal(said, "vin", PersonalKind.VIN, masked),
        phone=_personal(said, "phone", PersonalKind.PHONE, masked),
        name=_personal(said, "name", PersonalKind.NAME, masked),
    )


def _number(said: Mapping[str, object], key: str, sensible: range) -> int | None:
    value = said.get(key)
    if value is None or value == "":
        return None
    number = number_in(value)
    if number is None or number != int(number):
        raise NotUnderstood(f"{key} не целое число")
    return int(number) if int(number) in sensible else None


def _words(said: Mapping[str, object], key: str) -> str | None:
    """A name of a car: short, with a letter or digit, and nothing that only says that there is none."""
    text = _text(said, key)
    if text is None or len(text) > LONGEST_WORDS or text.casefold() in _NOTHING:
        return None
    if _PLACEHOLDER_OR_MARKUP.search(text) or not any(map(str.isalnum, text)):
        return None
    return text


_NOTHING: Final = frozenset({"null", "none", "n/a", "unknown", "any", "other", "нет", "неизвестно", "любая", "любой"})
_PLACEHOLDER_OR_MARKUP: Final = re.compile(r"[<>\[\]{}`]|://")


def _personal(said: Mapping[str, object], key: str, kind: PersonalKind, masked: Masked) -> str | None:
    """Such a value is never the model's own: it has not seen one."""
    named = masked.hidden.get(_text(said, key) or "")
    if named is not None and named.kind is kind:
        return named.value
    there = [personal.value for personal in masked.hidden.values() if personal.kind is kind]
    return there[0] if len(there) == 1 else None


def _text(said: Mapping[str, object], key: str) -> str | None:
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise NotUnderstood(f"{key} не строка")
    return None if value is None else clean(value[:_LONGEST_TO_CLEAN])


_LONGEST_TO_CLEAN: Final = 256
"""Characters; some may be invisible, and what is longer is no name of anything."""
