"""Who follows CONTRIBUTING.md to the letter has a form, or a step; who forgets a place is told which."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.tutorial import Copy, changes

ABOUT_FORMS = ("tests/domain/test_forms.py", "tests/domain/test_meaning.py", "tests/domain/test_wishes.py")
WISHES = "tests/adapters/rules/test_wishes.py"
MESSAGE = "хочу поменять шины на камри"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy.make(tmp_path)


def test_a_sixth_form_by_the_book_has_everything_that_the_five_have(
    copy: Copy, record_property: Callable[[str, object], None]
) -> None:
    for change in changes("Add a form"):
        change.make(copy.folder)

    tested = copy.tested(*ABOUT_FORMS, WISHES)
    assert tested.returncode == 0, tested.stdout
    shown = copy.python("-m", "tests.deploy.what_follows", "tires", MESSAGE)
    assert shown.returncode == 0, shown.stderr
    follows: dict[str, str] = json.loads(shown.stdout)
    assert follows == {
        "menu": "🛞 Шиномонтаж",
        "greeting": "Здравствуйте! Я помогу продать, купить, подобрать или проверить автомобиль, разобраться с "
        "документами и поменять шины.",
        "help": "• поменять шины",
        "deep link": "/start tires__avito opens tires",
        "free text": f"«{MESSAGE}»: tires, 0.9",
        "offer": "Похоже, вы хотите поменять шины. Заполнить заявку?",
        "suggestions": "Toyota Camry",
        "models are told": "tires: tire change or repair.",
        "models may answer": "sell, buy, find, check, legal, tires, other",
        "deal": "Шиномонтаж: Toyota Camry · CQ-7K3M9X",
        "note": "Заявка CQ-7K3M9X: Шиномонтаж",
        "task": "Позвонить клиенту: Анна, +7 916 123-45-67 – Шиномонтаж, Toyota Camry (CQ-7K3M9X)",
        "staff's figures": "Шиномонтаж: 2",
        "metrics": 'carquery_leads{service="tires",status="pending"} 2.0',
    }
    for what, words in follows.items():
        record_property("proof", f"a sixth form by the book, {what}: {words}")


def test_a_step_by_the_book_is_asked_and_specified(copy: Copy) -> None:
    for change in changes("Add a step"):
        change.make(copy.folder)

    tested = copy.tested(*ABOUT_FORMS)

    assert tested.returncode == 0, tested.stdout


def test_a_form_that_is_not_on_the_menu_is_named(copy: Copy) -> None:
    for change in changes("Add a form"):
        if not change.path.endswith("catalogue.py"):
            change.make(copy.folder)

    assert_named(copy, "tires has no form: add it to ON_THE_MENU in domain/forms/catalogue.py")


LACKING = {
    '        said=("шиномонтаж", "поменять шины", "смена резины", "переобуть машину"),\n': (
        "nobody who writes freely is offered tires: add to its wish, in domain/forms/tires.py, what they say"
    ),
    '        gist="tire change or repair",\n': (
        "models can't choose tires: add to its wish, in domain/forms/tires.py, the gist of it in English"
    ),
    ", PHONE, COMMENT": "a lead is somebody to call: add PHONE of domain/forms/shared_steps.py to tires's steps",
}
"""Text of the form by the book, and what is said where it is not there."""
FORGOTTEN = {
    "tests/domain/test_forms.py": "tires does not ask what is specified: if it should ask this, say in STEPS",
    "tests/e2e/journeys.py": "nobody tries tires from end to end: say in JOURNEYS, in tests/e2e/journeys.py",
}


def test_everything_that_is_forgotten_or_lacking_is_named(
    copy: Copy, record_property: Callable[[str, object], None]
) -> None:
    for change in changes("Add a form"):
        if change.path not in FORGOTTEN:
            change.make(copy.folder)
    for text in LACKING:
        copy.cut("src/carquery/domain/forms/tires.py", text)
    copy.cut("src/carquery/domain/forms/sell.py", "means=Meaning.MILEAGE,")
    meant = "no field of the CRM would find it: add means=Meaning.MILEAGE to the step"

    assert_named(copy, *LACKING.values(), *FORGOTTEN.values(), meant)
    for where, sentence in {**FORGOTTEN, **LACKING}.items():
        record_property("proof", f"a sixth form without {' '.join(where.split())}: «{sentence}»")


def assert_named(copy: Copy, *sentences: str) -> None:
    """Tests fail, and say these sentences."""
    tested = copy.tested(*ABOUT_FORMS)

    assert tested.returncode == 1, tested.stdout + tested.stderr
    assert [sentence for sentence in sentences if sentence not in tested.stdout] == [], tested.stdout
