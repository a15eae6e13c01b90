"""Answers as JSON, each with its kind: what Redis, SQL and the memory adapters keep."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from carquery.domain.answers import Option, Photos, Value
from carquery.domain.car import Kilometers, ModelYear, Vin
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import FileId
from carquery.domain.money import Rubles
from carquery.domain.words import Words

Json: TypeAlias = dict[str, Any]


class UnreadableJson(Exception):
    """Stored by a version of the program too old or too new, or damaged."""


def _option_from(body: Json) -> Option:
    return Option(body["code"], body["shown"], None if body["worth"] is None else Rubles(body["worth"]))


_KINDS: tuple[tuple[str, type[Any], Callable[[Any], Any], Callable[[Any], Value]], ...] = (
    ("words", Words, lambda value: value.text, Words),
    (
        "option",
        Option,
        lambda value: {
            "code": value.code,
            "shown": value.shown,
            "worth": None if value.worth is None else value.worth.amount,
        },
        _option_from,
    ),
    ("rubles", Rubles, lambda value: value.amount, Rubles),
    ("kilometers", Kilometers, lambda value: value.distance, Kilometers),
    ("year", ModelYear, lambda value: value.year, ModelYear),
    ("vin", Vin, lambda value: value.number, Vin),
    ("name", PersonName, lambda value: value.name, PersonName),
    ("phone", Phone, lambda value: value.e164, Phone),
    (
        "photos",
        Photos,
        lambda value: list(value.files),
        lambda body: Photos(tuple(FileId(file) for file in body)),
    ),
)
_DUMP = {cls: (kind, dump) for kind, cls, dump, _ in _KINDS}
_LOAD = {kind: load for kind, _, _, load in _KINDS}


def answer_to_json(value: Value) -> Json:
    """One answer."""
    kind, dump = _DUMP[type(value)]
    return {kind: dump(value)}


def answer_from_json(body: object) -> Value:
    """One answer. Raises UnreadableJson."""
    try:
        ((kind, content),) = body.items()  # type: ignore[attr-defined]  # anything else is refused below
        return _LOAD[kind](content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableJson(f"an answer: {type(error).__name__}") from error


def answers_to_json(answers: Mapping[str, Value]) -> Json:
    """Answers by step name."""
    return {step: answer_to_json(value) for step, value in answers.items()}


def answers_from_json(body: object) -> dict[str, Value]:
    """Answers by step name. Raises UnreadableJson."""
    if not isinstance(body, dict):
        raise UnreadableJson("answers")
    return {step: answer_from_json(value) for step, value in body.items()}
