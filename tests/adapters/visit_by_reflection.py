"""A visit as JSON: what Redis and the memory adapter keep.

Unknown keys are ignored and new ones have defaults, so that two versions of the program can run side by side.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adaptix import Retort, dumper, loader, name_mapping
from adaptix.load_error import LoadError

from carquery.adapters.stored.answer_json import (
    Json,
    UnreadableJson,
    answer_from_json,
    answer_to_json,
    answers_from_json,
    answers_to_json,
)
from carquery.adapters.stored.before_channels import (
    customer_from_json,
    customer_to_json,
    input_from_json,
    input_to_json,
)
from carquery.domain.answers import Value
from carquery.domain.contact import PersonName, Phone
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.ids import CustomerId, InputId, MessageToken
from carquery.domain.visit import Acquaintance, Version, Visit

_EXTENSION = "phone_extension"
"""Of the phone that is known, beside it: the first versions take a phone for its number alone."""

_RETORT = Retort(
    recipe=[
        dumper(Form, lambda form: form.service.value),
        loader(Form, lambda service: FORMS[Service(service)]),
        dumper(Mapping[str, Value], answers_to_json),
        loader(Mapping[str, Value], answers_from_json),
        dumper(Value, answer_to_json),
        loader(Value, answer_from_json),
        dumper(CustomerId, customer_to_json),
        loader(CustomerId, customer_from_json),
        dumper(InputId, input_to_json),
        loader(InputId, input_from_json),
        dumper(PersonName, lambda name: name.name),
        loader(PersonName, PersonName),
        dumper(Phone, lambda phone: phone.e164),
        loader(Phone, Phone),
        name_mapping(Visit, skip=["version", "shown"]),
    ]
)


def visit_to_json(visit: Visit) -> Json:
    """Everything but the version and where the visit is shown, which stores keep beside it."""
    body: Json = _RETORT.dump(visit)
    phone = visit.known.phone
    if phone is not None and phone.extension:
        body["known"][_EXTENSION] = phone.extension
    return body


def visit_from_json(body: object, *, version: Version, shown: MessageToken | None) -> Visit:
    """The visit that was stored. Raises UnreadableJson."""
    try:
        visit = _RETORT.load(body, Visit)
        known = _with_extension(visit.known, body)
        if visit.dialog is not None and visit.dialog.at is not None:
            visit.dialog.form.step(visit.dialog.at)
    except (LoadError, KeyError, TypeError, ValueError) as error:
        raise UnreadableJson(f"a visit: {type(error).__name__}") from error
    return replace(visit, known=known, version=version, shown=shown)


def _with_extension(known: Acquaintance, body: Any) -> Acquaintance:  # what a visit was read from
    extension = body["known"].get(_EXTENSION)
    if known.phone is None or extension is None:
        return known
    return replace(known, phone=replace(known.phone, extension=extension))
