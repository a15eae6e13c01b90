"""A model's answer is believed only as far as it is what was asked for."""

import json
from typing import Any

import pytest

from carquery.adapters.openai.answer import LONGEST_REPLY, read_answer
from carquery.adapters.openai.wire import NotUnderstood
from carquery.domain.forms.form import Service
from carquery.domain.understanding import Entities, Understanding
from tests.adapters.openai.asking import SAYS_NOTHING, SAYS_WHO


def answer(**changed: Any) -> str:
    return json.dumps({"intent": "sell", "confidence": 0.9, "reply": "Поможем."} | changed, ensure_ascii=False)


def reply_to(reply: str) -> str:
    return read_answer(answer(reply=reply), SAYS_WHO).reply


def test_what_was_asked_for_is_read() -> None:
    said = answer(brand="toyota", model="Camry", year=2018, vin=None)

    assert read_answer(said, SAYS_NOTHING) == Understanding(
        Service.SELL, 0.9, Entities(brand="Toyota", model="Camry", year=2018), "Поможем."
    )


def test_entities_may_stand_together() -> None:
    """As servers that hold no schema are inclined to put them."""
    said = answer(entities={"brand": "Kia", "year": 2018, "intent": "buy"})

    assert read_answer(said, SAYS_NOTHING) == Understanding(
        Service.SELL, 0.9, Entities(brand="Kia", year=2018), "Поможем."
    )


def test_what_was_not_asked_for_is_not_looked_at() -> None:
    said = answer(action="open_form", offered=True, cost=0, __class__="Understanding", entity={"brand": "Kia"})

    assert read_answer(said, SAYS_NOTHING) == Understanding(Service.SELL, 0.9, reply="Поможем.")


@pytest.mark.parametrize("intent", ["", "SELL", "sell ", "callback", "erase", None, 1, ["sell"], {"sell": 1}])
def test_an_intent_that_there_is_not_spoils_the_answer(intent: object) -> None:
    with pytest.raises(NotUnderstood):
        read_answer(answer(intent=intent), SAYS_NOTHING)


@pytest.mark.parametrize("confidence", [0, 0.0, 0.5, 1, 1.0])
def test_confidence_is_between_nothing_and_certainty(confidence: float) -> None:
    assert read_answer(answer(confidence=confidence), SAYS_NOTHING).confidence == confidence


@pytest.mark.parametrize("confidence", ["сильно", "", True, None, [0.9], -0.01, 1.01, 90, "90%", 10**400])
def test_any_other_confidence_spoils_the_answer(confidence: object) -> None:
    with pytest.raises(NotUnderstood):
        read_answer(answer(confidence=confidence), SAYS_NOTHING)


@pytest.mark.parametrize(
    "content",
    [
        '```json\n{"intent":"sell","confidence":0.9}\n```',
        '```\n{"intent":"sell","confidence":"0.9"}\n```\n',
        'Вот ответ: {"intent":"sell","confidence":"0,9"} – продажа.',
        '[{"intent":"sell","confidence":0.90}]',
        '<think>{"intent":"buy"}? Нет.</think>\n{"intent":"sell","confidence":0.9}',
    ],
)
def test_what_stands_around_the_answer_does_no_harm(content: str) -> None:
    understood = read_answer(content, SAYS_NOTHING)

    assert (understood.intent, understood.confidence) == (Service.SELL, 0.9)


@pytest.mark.parametrize(
    "content",
    [
        '{"intent":"sell","confidence":NaN,"reply":""}',
        '{"intent":"sell","confidence":Infinity,"reply":""}',
        '{"intent":"sell","confidence":0.9,"reply":"","more":NaN}',
        '{"intent":"sell","confidence":1e308,"reply":""}',
        '{"intent":"sell","confidence":1e999,"reply":""}',
        '{"intent":"sell","confi',
        '{"intent":"sell","confidence":0.9} {"intent":"buy","confidence":1}',
        '"sell"',
        "null",
        "",
        "{}",
        "[" * 100_000,
        '{"a":' * 30_000,
        "9" * 10_000,
        "<html><body>502</body></html>",
    ],
)
def test_what_is_not_that_json_spoils_the_answer(content: str) -> None:
    with pytest.raises(NotUnderstood):
        read_answer(content, SAYS_NOTHING)


def test_a_value_that_breaks_the_schema_spoils_the_answer() -> None:
    for broken in (answer(year="две тысячи"), answer(brand=["Kia"]), answer(reply=["Здравствуйте"]), answer(reply=5)):
        with pytest.raises(NotUnderstood):
            read_answer(broken, SAYS_NOTHING)


def test_the_complaint_quotes_nothing_of_the_answer() -> None:
    with pytest.raises(NotUnderstood) as complaint:
        read_answer(answer(intent="secret", year="secret"), SAYS_NOTHING)

    assert "secret" not in str(complaint.value)


def test_a_reply_calls_the_customer_by_name() -> None:
    assert reply_to("[NAME_1], поможем продать автомобиль!") == "Иван, поможем продать автомобиль!"


@pytest.mark.parametrize(
    "sentence",
    ["Позвоним по номеру [PHONE_1].", "Ваш VIN — [VIN_1].", "Напишем на [ADDRESS_1].", "[NAME_2], ждём вас!"],
)
def test_a_sentence_with_other_personal_data_goes_and_the_rest_stays(sentence: str) -> None:
    assert reply_to(f"Здравствуйте! {sentence} Поможем продать.") == "Здравствуйте! Поможем продать."
    assert reply_to(sentence) == ""


def test_a_reply_is_one_line_that_can_be_seen() -> None:
    assert reply_to("Добрый\u202e день,\n\n \x00\x1b[31mпоможем\ud800") == "Добрый день, [31mпоможем"


def test_a_reply_is_cut_between_words() -> None:
    reply = reply_to("Поможем продать автомобиль " * 1000)

    assert LONGEST_REPLY - 15 < len(reply) <= LONGEST_REPLY
    assert reply.removesuffix("…").split() == ["Поможем", "продать", "автомобиль"] * 11


def test_a_reply_without_spaces_is_cut_too() -> None:
    assert len(reply_to("а" * 50_000)) == LONGEST_REPLY


@pytest.mark.parametrize("missing", [answer(reply=None), '{"intent":"sell","confidence":1}', answer(reply=" ")])
def test_there_may_be_no_reply(missing: str) -> None:
    assert read_answer(missing, SAYS_NOTHING).reply == ""
