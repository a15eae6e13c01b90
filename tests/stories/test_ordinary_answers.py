"""Hearing more than answers must not cost answers: what customers call cars, and their names, are what they are."""

import tomllib
from collections.abc import Iterator

import pytest

from carquery.adapters.rules.cars import DICTIONARY
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.hearing.hear import hear
from carquery.domain.hearing.heard import Taken
from tests.builders import a_dialog
from tests.stories.world import classifier

MOST_LOST = 0.01
FAMILY_NAMES = ("Иванов", "Петрова", "Абдуллаев", "Шевчук", "Ким", "Заяц", "Гогоберидзе", "Ли", "Сидоренко")


def spellings() -> Iterator[str]:
    """Each name of each car in the dictionary that means a car wherever it stands."""
    for brand, models in tomllib.loads(DICTIONARY.read_text("utf-8")).items():
        for model, names in models.items():
            yield f"{brand} {model}".strip()
            yield from (name.strip() for name in names.split(",") if name.strip() and not name.strip().startswith("~"))


def names() -> Iterator[str]:
    """Given names alone, in lower case, introduced, and with a family name."""
    for number, name in enumerate(sorted(GIVEN_NAMES)):
        written = name.capitalize()
        yield from (written, name, f"меня зовут {written}", f"{written} {FAMILY_NAMES[number % len(FAMILY_NAMES)]}")


def is_answered(dialog: Dialog, typed: str) -> bool:
    """Whether the text is taken as the answer to what is asked."""
    heard = hear(dialog, typed, classifier())
    return isinstance(heard, Taken) and dialog.at in heard.dialog.answers


@pytest.mark.parametrize(
    ("service", "step"),
    [(Service.SELL, "car_brand"), (Service.FIND, "brand_preference")],
    ids=["sell", "find"],
)
def test_cars_are_cars(service: Service, step: str) -> None:
    dialog, cars = (
        a_dialog(service=service, step=step),
        sorted(set(spellings()))[:: 1 if service is Service.SELL else 5],
    )

    lost = [car for car in cars if not is_answered(dialog, car)]

    assert len(lost) <= MOST_LOST * len(cars), lost


def test_names_are_names() -> None:
    dialog, written = a_dialog(step="name"), list(names())

    lost = [name for name in written if not is_answered(dialog, name)]

    assert len(lost) <= MOST_LOST * len(written), lost


@pytest.mark.parametrize("step", ["car_brand", "name"])
@pytest.mark.parametrize(
    "typed",
    [
        *("здравствуйте", "добрый день!", "спасибо", "привет", "👋", "как дела?", "до скольки вы работаете?"),
        *("вы где находитесь", "позовите менеджера", "соедините с живым человеком", "кредит есть?", "стоп"),
        *("передумал", "не надо", "сколько стоит проверка?", "это бесплатно?", "вы мошенники", "тупой бот"),
        *("зачем вам мой номер", "доставка в регионы есть?", "какая гарантия?", "назад", "меню"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(step: str, typed: str) -> None:
    assert not is_answered(a_dialog(step=step), typed)
