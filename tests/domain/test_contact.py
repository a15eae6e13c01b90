import json
from itertools import product
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.contact import PersonName, Phone, is_another_name
from carquery.domain.manager_phones import is_number_of
from carquery.domain.phone_hints import TOO_LONG
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_names import read_name
from carquery.domain.typed_phones import read_contact_number, read_phone
from carquery.domain.unsure import Unsure
from tests.domain.typed_answers import Case, Offers, Reads, Refuses, corpus, fits, label, outcome

_FILE = Path(__file__).parents[1] / "data" / "typed_answers" / "crm_phone.jsonl"
CRM_PHONES: list[dict[str, Any]] = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
"""What managers write into the CRM's phone field, and whether `ours` is among it."""


@pytest.mark.parametrize("case", corpus("name"), ids=label)
def test_a_name_keeps_the_letters_of_any_script(case: Case) -> None:
    actual = outcome(read_name, case.typed, lambda name: name.name)

    assert fits(actual, case.expected), actual


@pytest.mark.parametrize("name", ["", "А", "А" * 65, "Анна1", " Анна", "<3", "Анна\u200b"])
def test_what_is_no_name_does_not_exist_as_one(name: str) -> None:
    with pytest.raises(ValueError, match="a name is"):
        PersonName(name)


@pytest.mark.parametrize("case", corpus("phone"), ids=label)
def test_a_phone_is_read_in_any_notation(case: Case) -> None:
    actual = outcome(read_phone, case.typed, lambda phone: phone.e164)

    assert fits(actual, case.expected), actual


NUMBERS = ("8 916 123-45-67", "+7(916)1234567", "89161234567", "+7 +7 916 123 45 67", "8_916_123_45_67", "9161234567")
BEFORE = ("тел. 2: ", "1) ", "после 18 ", "с 9 до 18 ", "в 18:00, ", "12.05.1985 ", "камри за 1,2 млн, ", "24/7 ")
BEHIND = (
    " после 18",
    " с 9 до 18",
    ", 35 лет",
    " (до 21:00)",
    " 18:00",
    " через 2 часа",
    "; кв 5",
    " доб. 12",
    " 24/7",
)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("before", "behind"), [*product(BEFORE, ("", " в 7")), *product(("", "Анна, "), BEHIND)])
def test_figures_that_are_set_off_are_no_part_of_the_number(before: str, number: str, behind: str) -> None:
    read = read_phone(before + number + behind)

    assert isinstance(read, Phone)
    assert read.number == Phone("+79161234567")


@pytest.mark.parametrize("number", ["8 916 123-45-6", "+7(916)123456", "8916123456", "8 916 123-45", "8_916_123_45_6"])
@pytest.mark.parametrize("behind", [*BEHIND, " 18", " 7", " 7 вечера", ", 7", " 18.00", " 1,2 млн", "/2-34-56"])
def test_figures_never_make_a_number_whole_without_a_question(number: str, behind: str) -> None:
    try:
        read = read_phone(number + behind)
    except AnswerRefused:
        return

    assert isinstance(read, Unsure)


@pytest.mark.parametrize("beside", ["я" * 501, "я " * 280, "👩\u200d" * 9, "а\u0301" * 300, "\u200d8\u200d", "с" * 589])
def test_any_words_beside_a_number_are_kept_or_too_many(beside: str) -> None:
    for typed in (f"89161234567 {beside}", f"{beside} 89161234567", f"{beside}, 89161234567,\n{beside}"):
        assert outcome(read_phone, typed, lambda phone: phone.number.e164) in (
            Reads("+79161234567"),
            Offers(("+79161234567",)),
            Refuses(TOO_LONG),
        )


@pytest.mark.parametrize("case", [case for case in corpus("phone") if case.beside], ids=label)
def test_what_stands_beside_a_phone_is_kept_with_it(case: Case) -> None:
    read = read_phone(case.typed)
    phone = read.readings[0] if isinstance(read, Unsure) else read

    assert {name: getattr(phone, name) for name in case.beside} == case.beside


@pytest.mark.parametrize(
    "e164", ["", "89161234567", "+7 916 123-45-67", "+0123456789", "+7916123456789012", "+99912345678"]
)
def test_a_phone_that_is_not_e164_does_not_exist(e164: str) -> None:
    with pytest.raises(ValueError, match="country"):
        Phone(e164)


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_phone_exists_where_the_numbering_plans_know_its_country(e164: str) -> None:
    try:
        phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        with pytest.raises(ValueError, match="country"):
            Phone(e164)
    else:
        assert Phone(e164).shown


@pytest.mark.parametrize(
    "beside",
    [{"extension": "пять"}, {"extension": "1" * 9}, {"remark": " жена"}, {"remark": "a\nb"}, {"remark": "я" * 501}],
)
def test_what_can_not_stand_beside_a_phone_is_no_part_of_one(beside: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"extension|remark"):
        Phone("+79161234567", **beside)


def test_an_extension_is_shown_with_the_number_and_a_remark_is_not() -> None:
    phone = Phone("+74951234567", extension="5", remark="после шести")

    assert phone.shown == phone.without_remark.shown == "+7 495 123-45-67, доб. 5"
    assert phone.number.shown == "+7 495 123-45-67"


def test_a_phone_is_shown_in_international_notation() -> None:
    assert Phone("+79161234567").shown == "+7 916 123-45-67"
    assert Phone("+375291234567").shown == "+375 29 123-45-67"


@pytest.mark.parametrize("number", ["+79161234567", "79161234567", "+7 916 123-45-67"])
def test_a_contact_card_comes_with_plus_or_without(number: str) -> None:
    assert read_contact_number(number) == Phone("+79161234567")


@pytest.mark.parametrize("number", ["37460123456", "+375251234567", "995441234567", "33612345", "8801234567"])
def test_a_contact_card_may_bear_a_number_that_nobody_has_heard_of(number: str) -> None:
    """The messenger has called it; numbering plans are newer than what we know of them."""
    assert read_contact_number(number).e164.lstrip("+") == number.lstrip("+")


def test_a_contact_card_is_never_read_as_a_domestic_number() -> None:
    assert read_contact_number("375291234567") == Phone("+375291234567")
    with pytest.raises(AnswerRefused, match="кодом страны"):
        read_contact_number("9161234567")


@pytest.mark.parametrize("number", ["+88801234567", "88801234567", "+888 0123 4567"])
def test_an_anonymous_number_can_not_be_called(number: str) -> None:
    with pytest.raises(AnswerRefused, match="анонимному"):
        read_contact_number(number)


@pytest.mark.parametrize(
    "number", ["", "+", "7", "79", "+7000000000", "+49202096865588107", "не номер", "\ud800", "9" * 4096]
)
def test_a_contact_card_without_a_usable_number_is_refused(number: str) -> None:
    with pytest.raises(AnswerRefused, match="кодом страны"):
        read_contact_number(number)


@pytest.mark.parametrize(
    "written",
    [
        "+79161234567",
        "79161234567",
        "89161234567",
        "9161234567",
        "8 (916) 123-45-67",
        "+7 916 123 45 67",
        "+7(916)1234567",
        "8-916-123-45-67",
        "007 916 123-45-67",
        "8.916.123.45.67",
        "\u00a0+7\u00a0916\u00a0123\u201145\u201167 ",
        "тел. 8 916 123-45-67",
        "8 916 123-45-67 доб. 12",
        "+7 916 123-45-67 (Анна)",
    ],
)
def test_a_number_is_known_again_however_a_manager_wrote_it(written: str) -> None:
    assert is_number_of(Phone("+79161234567"), written)


@pytest.mark.parametrize("line", CRM_PHONES, ids=lambda line: ascii(line["written"][:40]))
def test_a_manager_s_field_is_compared_with_every_number_in_it(line: dict[str, Any]) -> None:
    assert is_number_of(Phone(line["ours"]), line["written"]) is line["same"]


@pytest.mark.parametrize("written", ["+375291234567", "375291234567", "+375 (29) 123-45-67", "00375 29 123 45 67"])
def test_a_foreign_number_is_known_again_with_plus_or_without(written: str) -> None:
    assert is_number_of(Phone("+375291234567"), written)


@pytest.mark.parametrize(
    "written",
    [
        "+79161234568",
        "+375161234567",
        "916123456",
        "123-45-67",
        "",
        " ",
        "нет телефона",
        "+",
        "9" * 4096,
        "\ud800",
    ],
)
def test_another_number_or_none_at_all_is_not_taken_for_it(written: str) -> None:
    """The CRM finds contacts by the last digits; a wrong one would get another person's lead."""
    assert not is_number_of(Phone("+79161234567"), written)


@pytest.mark.parametrize(
    ("told", "known", "is_another"),
    [
        ("Анна", "Анна", False),
        ("анна", "Иванова Анна Петровна", False),
        ("Семён", "СЕМЕН (Авито)", False),
        ("Анна", "Павел", True),
        ("Анна", "Анна-Мария", False),
        ("Анна", "", False),
        (None, "Павел", False),
    ],
)
def test_a_name_is_another_one_if_no_word_of_it_is_known(told: str | None, known: str, *, is_another: bool) -> None:
    assert is_another_name(None if told is None else PersonName(told), known) is is_another
