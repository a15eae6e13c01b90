"""Answers and attachments as JSON, each answer with its kind: what Redis, SQL and the memory adapters keep."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from carquery.domain.answers import Option, Photos, Value
from carquery.domain.attachments import Attachments, SentFile
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import FileId
from carquery.domain.money import Rubles
from carquery.domain.vin import Vin
from carquery.domain.words import Words

Json: TypeAlias = dict[str, Any]


class UnreadableJson(Exception):
    """Stored by a version of the program too old or too new, or damaged."""


def _option_from(body: Json) -> Option:
    return Option(body["code"], body["shown"], None if body["worth"] is None else Rubles(body["worth"]))


_BESIDE: Mapping[type[Value], tuple[str, ...]] = {Phone: ("extension", "remark"), Words: ("said",)}
"""What a phone may have beside its number, and words beside themselves."""


def phone_to_json(phone: Phone) -> str | Json:
    """A number alone is a string, as the first versions have written phones."""
    if not (phone.extension or phone.remark):
        return phone.e164
    return {"e164": phone.e164, "extension": phone.extension, "remark": phone.remark}


def phone_from_json(body: str | Json) -> Phone:
    """As it was stored; raises TypeError, KeyError or ValueError for anything else."""
    return Phone(body) if isinstance(body, str) else Phone(body["e164"], body["extension"], body["remark"])


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
    ("phone", Phone, phone_to_json, phone_from_json),
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
    """Answers by step name.

    What stands beside a phone, or a car's name, becomes an entry of its own, «phone.extension»: versions that know
    nothing of it, running beside this one, read the value and pass the rest over.
    """
    body: Json = {}
    for step, value in answers.items():
        body[step] = answer_to_json(value.number if isinstance(value, Phone) else value)
        for name in _BESIDE.get(type(value), ()):
            if words := getattr(value, name):
                body[f"{step}.{name}"] = answer_to_json(Words(words))
    return body


def answers_from_json(body: object) -> dict[str, Value]:
    """Answers by step name. Raises UnreadableJson."""
    if not isinstance(body, dict):
        raise UnreadableJson("answers")
    answers = {step: answer_from_json(value) for step, value in body.items()}
    for step, value in list(answers.items()):
        if (names := _BESIDE.get(type(value))) is not None:
            beside = {name: answers.pop(f"{step}.{name}", None) for name in names}
            if any(beside.values()):
                answers[step] = _with_beside(value, {name: words for name, words in beside.items() if words})
    return answers


def _with_beside(value: Value, beside: Mapping[str, Value]) -> Value:
    shown = {name: words.shown for name, words in beside.items()}
    try:
        match value:
            case Phone():
                return replace(value, **shown)
            case Words():
                return replace(value, **shown)
            case _:
                return value
    except (TypeError, ValueError) as error:
        raise UnreadableJson("what stands beside a value") from error


def attachments_to_json(attachments: Attachments) -> Json:
    """Photos and files that stand beside the answers."""
    files = [{"id": file.id, "name": file.name, "content_type": file.content_type} for file in attachments.files]
    return {"photos": list(attachments.photos), "files": files}


def attachments_from_json(body: object) -> Attachments:
    """Photos and files; none in what an older version stored. Raises UnreadableJson."""
    if not isinstance(body, dict):
        raise UnreadableJson("attachments")
    try:
        photos = tuple(FileId(photo) for photo in body.get("photos", ()))
        files = tuple(SentFile(**file) for file in body.get("files", ()))
    except TypeError as error:
        raise UnreadableJson(f"attachments: {type(error).__name__}") from error
    return Attachments(photos, files)
