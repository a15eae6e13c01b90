"""What a free message stated, as suggestions of a form's steps."""

from collections.abc import Iterator, Mapping
from datetime import date

from carquery.domain.answers import Value
from carquery.domain.forms.form import Form
from carquery.domain.meaning import Meaning
from carquery.domain.understanding import Entities


def suggestions_of(form: Form, entities: Entities, message: str, *, on: date) -> dict[str, Value]:
    """By step name, the values that the steps themselves read out of what was stated.

    What a step refuses, or could read in two ways, is left out: a suggestion is never worse than a typed answer.
    """
    return dict(_read(form, {**_stated(entities), Meaning.SITUATION: message}, on))


def _stated(entities: Entities) -> dict[Meaning, str]:
    stated: Mapping[Meaning, str | int | None] = {
        Meaning.CAR: " ".join(part for part in (entities.brand, entities.model) if part),
        Meaning.YEAR: entities.year,
        Meaning.MILEAGE: entities.mileage,
        Meaning.PRICE: entities.price,
        Meaning.BUDGET: entities.budget,
        Meaning.VIN: entities.vin,
        Meaning.NAME: entities.name,
        Meaning.PHONE: entities.phone,
    }
    return {meaning: str(value) for meaning, value in stated.items() if value}


def _read(form: Form, stated: Mapping[Meaning, str], on: date) -> Iterator[tuple[str, Value]]:
    for name, text in form.by_step(stated).items():
        value = form.step(name).read(text, on=on)
        if value is not None:
            yield name, value
