"""What is personal in a message, and the message without it."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.masking import mask
from carquery.domain.personal.finding import find_personal
from carquery.domain.personal.piece import PersonalKind

DATA = Path(__file__).parents[1] / "data"


def lines(name: str) -> list[dict[str, Any]]:
    """The objects of a file of messages: `text`, and perhaps `hides`, the pieces of it that nobody else may read."""
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def found(text: str) -> list[tuple[str, str]]:
    return [(personal.kind.value, personal.value) for personal in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("звоните 89161234567", "+79161234567"),
        ("8 (916) 123-45-67 Анна", "+79161234567"),
        ("тел:+7 916 123 45 67.", "+79161234567"),
        ("тел89161234567", "+79161234567"),
        ("916-123-45-67", "+79161234567"),
        ("Дильшод +998 90 123 45 67", "+998901234567"),
        ("call me +1 650 253 0000", "+16502530000"),
    ],
)
def test_a_phone_number_is_found_however_it_is_written(text: str, phone: str) -> None:
    assert ("phone", phone) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Камри 2018 1200000 120000 км",
        "цена 1 200 000 2018 120 000",
        "2016 95 000 1 100 000",
        "8 900 000 рублей",
        "пробег 98 000 1 500 000",
        "до 1.500.000 р, 2015-2018",
    ],
)
def test_sums_years_and_mileages_are_not_personal(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "VIN: XTA210990Y1234567",
        "вин xta210990y1234567",
        "ХТА210990У1234567",  # Cyrillic look-alikes
        "vin-код: XTA 210990 Y1234567",
    ],
)
def test_a_vin_is_found_in_any_case_and_spacing(text: str) -> None:
    assert found(text) == [("vin", "XTA210990Y1234567")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Меня зовут Сергей, продаю Ниссан", "Сергей"),
        ("меня зовут иван петров", "Иван Петров"),
        ("зовут Ильдар, Шкода", "Ильдар"),
        ("Меня зовут Хулькар", "Хулькар"),
        ("я Марина, хочу продать авто", "Марина"),
        ("Ольга, тел +7 (903) 000-77-11", "Ольга"),
        ("иван 89161234567", "Иван"),
        ("продам авто, Олег", "Олег"),
        ("my name is John", "John"),
        ("Дастер 2015, механика. Тел. +7 (927) 000 77-31, Вагиз", "Вагиз"),
        ("кайен, торга нет , тимур", "Тимур"),
        ("Аликбер зовут. Продаю Виано 2008", "Аликбер"),
        ("Сергей меня зовут, брал у вас Рио", "Сергей"),
        ("Хантер до 800 000. Подполковник Зимин Олег Викторович", "Зимин Олег Викторович"),
        ("год не ранее 2020, ФИО — Латыпова Регина Айратовна", "Латыпова Регина Айратовна"),
        ("Фургон, 1 млн 400. ИП Саркисян Левон", "Саркисян Левон"),
        ("что взять до 700 т.р.? Пётр Кузьмич", "Пётр Кузьмич"),
        ("Камри Иван Петрович 89161234567", "Иван Петрович"),
        ("камри 2015, 89161234567 Олег звонить до 20", "Олег"),
        ("89161234567, юрий просил передать", "Юрий"),
        ("олег меня зовут, есть камри", "Олег"),
    ],
)
def test_a_customer_s_own_name_is_found(text: str, name: str) -> None:
    assert ("name", name) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "как вас зовут?",
        "меня зовут не важно как",
        "продаю весту",
        "лада гранта",
        "слава",
        "рио до миллиона, макс",
        "шкода, лаура",
        "спасибо, олег",
    ],
)
def test_words_that_are_no_names_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_somebody_else_s_name_is_told_apart_from_the_customer_s() -> None:
    assert found("купил у Сергея Петрова") == [("person", "Сергея Петрова")]
    assert found("Наиль абый сказал, вы нормально даёте") == [("person", "Наиль")]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Иван, +7 916 123-45-67, ещё раз 89161234567", "[NAME_1], [PHONE_1], ещё раз [PHONE_1]"),
        ("пишите ivan@mail.ru или @ivan_car", "пишите [ADDRESS_1] или [ADDRESS_2]"),
        ("номер а123вс777", "номер [NUMBER_1]"),
        ("карта 4276 1234 5678 9012", "карта [NUMBER_1]"),
        ("паспорт 4509 123456", "паспорт [NUMBER_1]"),
        ("вин X4XKS49480C00 неполный", "вин [NUMBER_1] неполный"),
        ("телефон 8916123456789", "телефон [NUMBER_1]"),
        ("Камри 2018, 1,2 млн", "Камри 2018, 1,2 млн"),
        ("меня Олег зовут, есть аутлендер", "меня [NAME_1] зовут, есть аутлендер"),
        ("меня руслан зовут хочу ку5", "меня [NAME_1] зовут хочу ку5"),
    ],
)
def test_a_text_is_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked


def test_placeholders_are_filled_in_again_with_the_values() -> None:
    masked = mask("Иван, 8 916 123-45-67")
    assert masked.unmask("[NAME_1]: [PHONE_1], [PHONE_2]") == "Иван: +79161234567, [PHONE_2]"


@given(st.text(max_size=500))
def test_any_text_can_be_masked_and_pieces_come_in_order(text: str) -> None:
    pieces = find_personal(text)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(piece.value not in mask(text).text for piece in pieces if piece.kind is PersonalKind.PHONE)


@given(st.from_regex(r"[+]79[0-9]{9}", fullmatch=True), st.text("абвгд ,.!", max_size=40))
def test_no_russian_mobile_survives_masking(phone: str, around: str) -> None:
    assert phone[1:] not in mask(f"{around} {phone} {around}").text


@pytest.mark.parametrize("line", lines("personal_data/personal.jsonl"), ids=lambda line: ascii(line["text"][:50]))
def test_what_is_personal_leaves_no_trace(line: dict[str, Any]) -> None:
    masked = mask(line["text"]).text

    assert [piece for piece in line["hides"] if piece in masked] == []
    assert "[" in masked


@pytest.mark.parametrize("line", lines("personal_data/ordinary.jsonl"), ids=lambda line: ascii(line["text"][:50]))
def test_what_only_looks_personal_stays(line: dict[str, Any]) -> None:
    assert mask(line["text"]).hidden == {}


PERSONAL_UNLABELLED = {"Антон", "А123ВС77", "X4XKS49480C00", "XTA00000000000000", "+70000000000"}
"""In the labelled messages: personal, but no entity of the wish."""


def test_a_message_without_personal_entities_stays_whole() -> None:
    for line in lines("../../src/carquery/adapters/rules/data/messages/early.jsonl"):
        if line.get("entities", {}).keys().isdisjoint({"phone", "vin", "name"}):
            hidden = {personal.value for personal in mask(line["text"]).hidden.values()}
            assert hidden <= PERSONAL_UNLABELLED, line["text"]
