"""What a free message stated, as suggestions of a form's steps."""

from collections.abc import Mapping
from datetime import date

from carquery.domain.answers import Accepted, Typed, Value
from carquery.domain.forms.form import Form
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step
from carquery.domain.understanding import Entities


def suggestions_of(form: Form, entities: Entities, message: str, *, on: date) -> dict[str, Value]:
    """By step name, the values that the steps themselves read out of what was stated.

    What a step refuses, or could read in two ways, is left out: a suggestion is never worse than a typed answer.
    """
    stated = _by_step(entities)
    stated["description"] = message
    read = {step.name: _read(step, stated.get(step.name), on) for step in form.steps}
    return {name: value for name, value in read.items() if value is not None}


def _by_step(entities: Entities) -> dict[str, str]:
    car = " ".join(part for part in (entities.brand, entities.model) if part)
    stated: Mapping[str, str | int | None] = {
        "car_brand": car,
        "brand_preference": car,
        "year": entities.year,
        "year_from": entities.year,
        "mileage": entities.mileage,
        "price": entities.price,
        "budget": entities.budget,
        "vin": entities.vin,
        "name": entities.name,
        "phone": entities.phone,
    }
    return {step: str(value) for step, value in stated.items() if value}


def _read(step: Step, stated: str | None, on: date) -> Value | None:
    if stated is None:
        return None
    try:
        outcome = step.kind.take(Typed(stated), on=on)
    except AnswerRefused:
        return None
    return outcome.value if isinstance(outcome, Accepted) else None
