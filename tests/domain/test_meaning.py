"""What an answer means is declared on its step: nothing else looks at what a step is called."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import carquery
from carquery.domain.answers import Accepted, Option, Photos, Value
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import PersonName, Phone
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.ids import FileId
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles
from carquery.domain.prefill import suggestions_of
from carquery.domain.steps import ByPhotos, ByText, Step
from carquery.domain.understanding import Entities
from carquery.domain.vin import Vin
from carquery.domain.words import Words
from tests.builders import TODAY
from tests.domain.answers_by_step import GOOD_ANSWERS

SOURCES = Path(carquery.__file__).parent

MEANT: dict[Meaning, tuple[type[Value], ...]] = {
    Meaning.CAR: (Words, Option),
    Meaning.YEAR: (ModelYear,),
    Meaning.MILEAGE: (Kilometers,),
    Meaning.PRICE: (Rubles, Option),
    Meaning.BUDGET: (Rubles, Option),
    Meaning.VIN: (Vin,),
    Meaning.PHOTOS: (Photos,),
    Meaning.SITUATION: (Words,),
    Meaning.NAME: (PersonName,),
    Meaning.PHONE: (Phone,),
    Meaning.COMMENT: (Words,),
}
"""What whoever asks for it can do something with."""
UNMISTAKABLE = {
    ModelYear: Meaning.YEAR,
    Kilometers: Meaning.MILEAGE,
    Vin: Meaning.VIN,
    PersonName: Meaning.NAME,
    Phone: Meaning.PHONE,
}
"""Values that one meaning has, and no other."""

EVERY_STEP = [
    pytest.param(form, step, id=f"{form.service}-{step.name}") for form in FORMS.values() for step in form.steps
]
OTHERS_WORDS = frozenset({"name", "phone", "year", "mileage", "price", "budget", "vin", "photos"})
"""Columns, keys of JSON, kinds of personal data and entities are called so too."""


def good_value(step: Step) -> Value | None:
    """What a good answer to the step is read as."""
    if step.means is Meaning.PHOTOS:
        return Photos((FileId("photo-1"),))
    if step.name not in GOOD_ANSWERS:  # as test_forms.py says
        return None
    outcome = step.kind.take(GOOD_ANSWERS[step.name], on=TODAY)
    return outcome.value if isinstance(outcome, Accepted) else None


@pytest.mark.parametrize(("form", "step"), EVERY_STEP)
def test_a_step_is_answered_with_what_it_means(form: Form, step: Step) -> None:
    value = good_value(step)
    if step.means is not None and value is not None:
        assert isinstance(value, MEANT[step.means]), (
            f"{form.service}.{step.name} means {step.means.name}, and nobody who asks for that knows what to do with "
            f"its answer {value!r}: let its kind read one of {MEANT[step.means]}, or let it mean nothing"
        )


@pytest.mark.parametrize(("form", "step"), EVERY_STEP)
def test_a_step_that_reads_what_others_look_for_says_so(form: Form, step: Step) -> None:
    value = good_value(step)
    meaning = UNMISTAKABLE.get(type(value))

    assert meaning is None or step.means is meaning, (
        f"{form.service}.{step.name} is answered with {value!r}, but no suggestion and no field of the CRM would find "
        f"it: add means=Meaning.{meaning.name} to the step"
    )


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.service)
def test_every_form_asks_whom_to_call(form: Form) -> None:
    for meaning in (Meaning.NAME, Meaning.PHONE):
        assert form.step_for(meaning) is not None, (
            f"a lead is somebody to call: add {meaning.name} of domain/forms/shared_steps.py to {form.service}'s steps"
        )


def test_no_form_asks_the_same_twice() -> None:
    form = FORMS[Service.SELL]

    with pytest.raises(ValueError, match="no two steps may mean the same"):
        replace(form, steps=(*form.steps, replace(form.steps[0], name="another_car")))


def test_photos_are_what_a_step_by_photos_means() -> None:
    for kind, means in ((ByPhotos(), None), (ByText(Words), Meaning.PHOTOS)):
        with pytest.raises(ValueError, match=r"Meaning\.PHOTOS"):
            Step(name="pictures", title="", prompt="", kind=kind, means=means)


def renamed(form: Form) -> Form:
    """The same, with every step called otherwise."""
    return replace(form, steps=tuple(replace(step, name=f"x_{step.name}") for step in form.steps))


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.service)
def test_what_was_stated_finds_its_step_whatever_that_is_called(form: Form) -> None:
    entities = Entities(
        brand="Toyota", model="Camry", year=2018, budget=2_500_000, price=2_000_000, mileage=120_000,
        vin="XTA210990Y1234567", phone="+79161234567", name="Анна",
    )  # fmt: skip
    stated = suggestions_of(form, entities, "продавец не отдаёт ПТС", on=TODAY)

    assert stated
    assert suggestions_of(renamed(form), entities, "продавец не отдаёт ПТС", on=TODAY) == {
        f"x_{name}": value for name, value in stated.items()
    }


def test_nothing_but_forms_names_a_step() -> None:
    """What is found by its name is lost when a form calls it otherwise, and nobody says so."""
    names = {step.name for form in FORMS.values() for step in form.steps}
    outside = [path for path in SOURCES.rglob("*.py") if SOURCES / "domain" / "forms" not in path.parents]
    found = [
        f"{path.relative_to(SOURCES)}:{line}: {name!r}"
        for path in outside
        for line, name, is_looked_up in _texts(ast.parse(path.read_text("utf-8")))
        if name in names and (is_looked_up or name not in OTHERS_WORDS)
    ]

    assert not found, f"look for what a step means, such as lead.said(Meaning.CAR), not for its name: {found}"


def _texts(tree: ast.Module) -> Iterator[tuple[int, str, bool]]:
    """Each text in a module; whether it is looked up among answers, suggestions or steps, or compared with a step."""
    looked_up = {id(key) for node in ast.walk(tree) for key in _keys(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value, id(node) in looked_up


def _keys(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Subscript(value=whole, slice=key) if _is_by_step(whole):
            yield key
        case ast.Call(func=ast.Attribute(value=whole, attr="get"), args=[key, *_]) if _is_by_step(whole):
            yield key
        case ast.Call(func=ast.Attribute(attr="step" | "number" | "edit"), args=[key]):
            yield key
        case ast.Compare(left=ast.Attribute(attr="at" | "name"), comparators=others):
            yield from others
        case _:
            pass


def _is_by_step(whole: ast.expr) -> bool:
    name = whole.attr if isinstance(whole, ast.Attribute) else whole.id if isinstance(whole, ast.Name) else ""
    return any(word in name.casefold() for word in ("answer", "suggest", "step", "left"))
