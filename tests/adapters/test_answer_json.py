"""Answers in storage: each kind comes back as it went, and nothing else is let in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.adapters.stored.answer_json import (
    UnreadableJson,
    answer_from_json,
    answer_to_json,
    answers_from_json,
    answers_to_json,
    attachments_from_json,
    attachments_to_json,
)
from carquery.domain.answers import Option, Photos, Value
from carquery.domain.attachments import Attachments
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import FileId
from carquery.domain.money import Rubles
from carquery.domain.vin import Vin
from carquery.domain.words import Words
from tests.builders import EVERY_ATTACHMENT, EVERY_KIND_OF_ANSWER

STORED: list[tuple[Value, object]] = [
    (Words("Лада 🚗\n<b>"), {"words": "Лада 🚗\n<b>"}),
    (Option("automatic", "Автомат"), {"option": {"code": "automatic", "shown": "Автомат", "worth": None}}),
    (
        Option("to1m", "до 1 млн ₽", Rubles(1_000_000)),
        {"option": {"code": "to1m", "shown": "до 1 млн ₽", "worth": 1_000_000}},
    ),
    (Rubles(1_200_000), {"rubles": 1_200_000}),
    (Kilometers(0), {"kilometers": 0}),
    (ModelYear(2018), {"year": 2018}),
    (Vin("XTA210990Y1234567"), {"vin": "XTA210990Y1234567"}),
    (PersonName("Анна-Мария О'Нил"), {"name": "Анна-Мария О'Нил"}),
    (Phone("+79161234567"), {"phone": "+79161234567"}),
    (Photos((FileId("one"), FileId("two"))), {"photos": ["one", "two"]}),
]
"""What is in databases already: a change here needs a migration of what is stored."""


@pytest.mark.parametrize(("value", "stored"), STORED, ids=lambda value: type(value).__name__)
def test_each_kind_of_answer_has_its_form(value: Value, stored: object) -> None:
    assert answer_to_json(value) == stored
    assert answer_from_json(stored) == value


OFFICE = Phone("+74951234567", extension="5", remark="звоните после шести")


def test_a_phone_that_is_only_read_keeps_what_stands_beside_it() -> None:
    stored = {"phone": {"e164": "+74951234567", "extension": "5", "remark": "звоните после шести"}}

    assert answer_to_json(OFFICE) == stored
    assert answer_from_json(stored) == OFFICE


def test_what_stands_beside_a_phone_does_not_hide_the_number_from_the_version_before() -> None:
    stored = {
        "phone": {"phone": "+74951234567"},
        "phone.extension": {"words": "5"},
        "phone.remark": {"words": "звоните после шести"},
    }

    assert answers_to_json({"phone": OFFICE}) == stored
    assert answers_from_json(stored) == {"phone": OFFICE}
    assert answers_from_json({"phone": {"phone": "+74951234567"}}) == {"phone": OFFICE.number}


def test_what_can_not_stand_beside_a_phone_is_refused() -> None:
    with pytest.raises(UnreadableJson):
        answers_from_json({"phone": {"phone": "+74951234567"}, "phone.extension": {"words": "пять"}})


def test_every_kind_of_answer_has_a_form() -> None:
    assert {type(value) for value, _ in STORED} == set(Value.__args__)


def test_answers_come_back_by_step_in_their_order() -> None:
    body = json.loads(json.dumps(answers_to_json(EVERY_KIND_OF_ANSWER)))

    assert list(answers_from_json(body).items()) == list(EVERY_KIND_OF_ANSWER.items())


BROKEN: list[object] = [
    None,
    "words",
    7,
    [],
    {},
    {"hexagon": 6},
    {"words": "a", "vin": "b"},
    {"words": ""},
    {"words": None},
    {"words": 7},
    {"option": "to1m"},
    {"option": {"code": "to1m"}},
    {"option": {"code": "to1m", "shown": "до 1 млн ₽", "worth": "many"}},
    {"rubles": -1},
    {"rubles": "1200000"},
    {"rubles": None},
    {"kilometers": -1},
    {"year": 1066},
    {"year": "2018"},
    {"vin": "O" * 17},
    {"name": ""},
    {"name": None},
    {"phone": "none"},
    {"phone": 79161234567},
    {"photos": []},
    {"photos": None},
]


@pytest.mark.parametrize("stored", BROKEN, ids=str)
def test_a_damaged_answer_is_unreadable(stored: object) -> None:
    with pytest.raises(UnreadableJson):
        answer_from_json(stored)


@pytest.mark.parametrize("stored", [None, [], "answers", {"vin": {"vin": "short"}}], ids=str)
def test_damaged_answers_are_unreadable(stored: object) -> None:
    with pytest.raises(UnreadableJson):
        answers_from_json(stored)


def test_an_unreadable_answer_is_not_quoted() -> None:
    """It may be a phone; the message goes to the log."""
    with pytest.raises(UnreadableJson) as refused:
        answer_from_json({"phone": "79161234567 Anna"})

    assert "7916" not in str(refused.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KINDS = st.sampled_from([next(iter(answer_to_json(value))) for value, _ in STORED])


@given(st.dictionaries(KINDS, JSON, max_size=2) | JSON)
def test_whatever_is_stored_it_is_an_answer_or_unreadable(stored: object) -> None:
    try:
        value = answer_from_json(stored)
    except UnreadableJson:
        return
    assert isinstance(value, Value)
    assert answer_from_json(json.loads(json.dumps(answer_to_json(value)))) == value


def test_attachments_come_back_as_they_went() -> None:
    stored = json.loads(json.dumps(attachments_to_json(EVERY_ATTACHMENT)))

    assert attachments_from_json(stored) == EVERY_ATTACHMENT


def test_an_older_version_stored_no_attachments() -> None:
    assert attachments_from_json({}) == Attachments()


@pytest.mark.parametrize(
    "stored", [None, [], {"photos": None}, {"files": [{}]}, {"files": [None]}, {"files": [{"id": "f", "name": "n"}]}]
)
def test_damaged_attachments_are_unreadable(stored: object) -> None:
    with pytest.raises(UnreadableJson):
        attachments_from_json(stored)
