"""`carquery read`: how answers are read, as operators and scripts ask for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from carquery.application.conversation.read_answer import FIELDS, STEPS
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.entrypoints.cli import app

ON = ("--on", "2026-11-28")


def read(*arguments: str, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(app, ["read", *ON, *arguments], input=typed)


def answers(ended: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_an_answer_is_shown_as_the_summary_shows_it() -> None:
    ended = read("price", "1,2", "млн")

    assert ended.exit_code == 0
    assert "1\u00a0200\u00a0000\u00a0₽" in ended.stdout


def test_a_machine_gets_one_object() -> None:
    (answer,) = answers(read("mileage", "120", "--json"))

    assert answer == {
        "field": "mileage",
        "input": "120",
        "value": None,
        "readings": ["120\u00a0км", "120\u00a0000\u00a0км"],
        "refused": None,
    }


def test_a_refusal_is_what_the_customer_would_read() -> None:
    (answer,) = answers(read("year", "2031", "--json"))

    assert (answer["value"], answer["readings"]) == (None, [])
    assert "до 2027" in answer["refused"]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_read(field: str) -> None:
    (answer,) = answers(read(field, "2018", "--ours", "+79161234567", "--json"))

    assert answer["field"] == field


def test_every_step_has_its_form_s_name_too() -> None:
    assert {f"{form.service}.{step.name}" for form in FORMS.values() for step in form.steps} <= STEPS.keys()
    assert STEPS["buy.phone"] is FORMS[Service.BUY].step("phone")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("mask", "звоните 89161234567", "звоните [PHONE_1]"),
        ("yes_no", "ага", True),
        ("yes_no", "не надо", False),
        ("yes_no", "камри", None),
        ("deep_link", "sell__avito", {"form": "sell", "source": "avito"}),
        ("deep_link", "авито", None),
        ("contact_card", "79161234567", "+7 916 123-45-67"),
        ("crm_phone", "8 (916) 123-45-67", True),
        ("crm_phone", "8 (916) 123-45-68", False),
        ("transmission", "автомат", "Автомат"),
        ("purpose", "Другое", None),
    ],
)
def test_what_is_no_typed_answer_is_read_too(field: str, text: str, value: object) -> None:
    (answer,) = answers(read(field, text, "--ours", "+79161234567", "--json"))

    assert answer["value"] == value
    assert answer["refused"] is None


def test_a_file_is_answered_line_by_line(tmp_path: Path) -> None:
    lines = [
        {"field": "price", "input": "900 тыс"},
        {"field": "crm_phone", "input": "8 926 123 45 67", "ours": "+79261234567"},
        {"field": "comment", "input": "\ud800 и строка\nещё\u2028одна"},
    ]
    file = tmp_path / "answers.jsonl"
    file.write_text("\ufeff" + "\n\n".join(json.dumps(line) for line in lines), "utf-8")

    ended = read("--file", str(file), "--json")

    assert ended.exit_code == 0
    assert [answer["value"] for answer in answers(ended)] == ["900\u00a0000\u00a0₽", True, "и строка\nещё\nодна"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (b"price 900", "line 2: no JSON"),
        (b'{"field": "price"}', "line 2: no field and input"),
        (b'{"field": "price", "input": 900}', "line 2: no field and input"),
        (b'"price"', "line 2: no field and input"),
        (b'{"field": "colour", "input": "red"}', "line 2: no field 'colour'; expected: car_brand, "),
        (b'{"field": "crm_phone", "input": "8916"}', "line 2: crm_phone needs ours"),
        (b'{"field": "crm_phone", "input": "8916", "ours": 7}', "line 2: ours is no text"),
        (b'{"field": "crm_phone", "input": "8916", "ours": "x"}', "line 2: ours: 'x' is no phone"),
        (b'{"field": "price", "input": "\xff"}', "line 2: no JSON"),
        (b"[" * 100_000, "line 2: no JSON"),
    ],
)
def test_a_broken_line_costs_only_itself(broken: bytes, said: str) -> None:
    good = b'{"field": "year", "input": "18"}'

    ended = read("--file", "-", "--json", typed=b"\n".join((good, broken, good)))

    assert ended.exit_code == 2
    assert [answer["value"] for answer in answers(ended)] == ["2018", "2018"]
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "expected: a field and a text"),
        (("price", "1", "--file", "-"), "expected: a field and a text"),
        (("--file", "nowhere.jsonl"), "nowhere.jsonl: No such file"),
        (("--on", "today", "price", "1"), "--on: 'today' is no day"),
        (("colour", "red"), "no field 'colour'"),
    ],
)
def test_a_wrong_use_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    ended = read(*arguments)

    assert ended.exit_code == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "read_answers.jsonl").read_text("utf-8").splitlines()
]
"""What customers typed, and what must come of it: `value`, the beginning of one, or that one is `taken` or asked back;
`readings`; a piece of what a refusal `says`; what a masked text `hides`."""


def test_many_answers_are_read_as_people_mean_them() -> None:
    typed = "\n".join(json.dumps(case) for case in CASES)

    ended = read("--file", "-", "--json", typed=typed)

    assert ended.exit_code == 0, ended.stderr
    pairs = zip(CASES, answers(ended), strict=True)
    assert [(case, answer) for case, answer in pairs if not is_right(case, answer)] == []


def is_right(case: dict[str, Any], answer: dict[str, Any]) -> bool:
    match case:
        case {"value": expected}:
            return bool(answer["value"] == expected and answer["refused"] is None)
        case {"value_starts": expected}:
            return str(answer["value"]).startswith(expected)
        case {"taken": True}:
            return answer["value"] is not None or answer["readings"] != []
        case {"readings": expected}:
            return bool(answer["readings"] == expected)
        case {"says": piece}:
            return piece in (answer["refused"] or "")
        case {"hides": pieces}:
            return not any(piece in answer["value"] for piece in pieces)
        case _:
            return False
