"""A visit in storage: it comes back as it went, also across versions of the program."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.visit_json import decode_visit, encode_visit
from carquery.domain.answers import Typed
from carquery.domain.attachments import Parcel
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import FileId, InputId, MessageId, MessageToken, Reference, Source
from carquery.domain.visit import Acquaintance, Allowance, Offer, Owed, Version, Visit
from tests.any_visit import visits
from tests.builders import (
    ANNA,
    EVERY_ATTACHMENT,
    EVERY_KIND_OF_ANSWER,
    NAMESAKE,
    NOW,
    TERMS,
    a_dialog,
    a_reviewed_dialog,
    a_visit,
)

BEFORE_CHANNELS = (Path(__file__).parents[1] / "data" / "visits_before_channels.jsonl").read_text().splitlines()
"""Visits that were stored while customers were Telegram's, and numbers."""

BEFORE_STRUCTS = (Path(__file__).parents[1] / "data" / "visits_before_structs.jsonl").read_text().splitlines()
"""Visits that were written by reflection upon the domain's values, before a visit in storage was described here."""


FULL = a_visit(
    dialog=replace(
        a_dialog(step="mileage", source=Source("avito"), terms=TERMS),
        answers=EVERY_KIND_OF_ANSWER,
        attachments=EVERY_ATTACHMENT,
        asides=("царапина\nслева",),
    ),
    waiting=EVERY_ATTACHMENT,
    known=Acquaintance(PersonName("Анна"), Phone("+79161234567"), Consent(NOW, "1", "f" * 64)),
    allowance=Allowance(-0.5, datetime(2026, 6, 15, 9, 30, 0, 123456, tzinfo=UTC), warned=True),
    profile_name=PersonName("Аня"),
    source=Source("drom"),
    conversation=("Привет 🚗",),
    unheeded=2,
    offer=Offer(MessageId("0123456789ABC"), Service.SELL, EVERY_KIND_OF_ANSWER),
    paid=Allowance(3.5, NOW),
    receipt=Reference("CQ-7K3M9X"),
    taken=(InputId("1"), InputId(str(2**40))),
)


def stored(visit: Visit) -> dict[str, Any]:
    """The visit's body, as a store would give it back."""
    body: dict[str, Any] = json.loads(encode_visit(visit))
    return body


def loaded(body: object, visit: Visit = FULL) -> Visit:
    return decode_visit(json.dumps(body), version=visit.version, shown=visit.shown)


@pytest.mark.parametrize("visit", [a_visit(), FULL, FULL.with_dialog(None)], ids=["empty", "full", "no dialog"])
def test_a_visit_comes_back_as_it_went(visit: Visit) -> None:
    assert loaded(stored(visit), visit) == visit


@given(visits)
def test_any_visit_comes_back_as_it_went(visit: Visit) -> None:
    assert decode_visit(encode_visit(visit), version=visit.version, shown=visit.shown) == visit


@pytest.mark.parametrize("service", list(Service))
def test_every_form_comes_back_at_its_summary(service: Service) -> None:
    visit = a_visit(dialog=a_reviewed_dialog(service=service))

    assert loaded(stored(visit), visit) == visit


PLACES: list[Dialog] = [
    a_dialog(step="mileage").answer(Typed("120")),
    a_dialog(step="price").answer(Typed("900")),
    a_dialog(step="photos").enclose(Parcel(photos=tuple(FileId(f"photo-{number}") for number in range(11)))),
    a_reviewed_dialog().edit("name"),
    a_reviewed_dialog().edit("phone").answer(Typed("8 495 123-45-67 доб. 5, после шести")),
    a_reviewed_dialog().edit("phone").answer(Typed("8 495 123-45-67 8 доб. 5, после шести")),
    a_dialog(step="name", suggestions={"name": PersonName("Аня"), "phone": Phone("+79161234567")}),
    a_dialog(step="name", terms=TERMS),
    replace(a_dialog(), opened_on=date(1999, 12, 31), typing=True),
]


@pytest.mark.parametrize("dialog", PLACES, ids=lambda dialog: f"{dialog.form.service}-{dialog.at}-{dialog.revision}")
def test_a_dialog_comes_back_wherever_it_stands(dialog: Dialog) -> None:
    visit = a_visit(dialog=dialog)

    assert loaded(stored(visit), visit) == visit


@pytest.mark.parametrize("line", BEFORE_CHANNELS, ids=range(len(BEFORE_CHANNELS)))
def test_what_the_version_before_stored_is_read_and_written_as_it_reads_it(line: str) -> None:
    """It runs beside this one, and takes customers and inputs for numbers."""
    body = json.loads(json.loads(line)["hash"]["body"])

    visit = decode_visit(json.dumps(body), version=Version(1), shown=None)

    assert visit.customer == ANNA
    assert [*visit.taken] == [str(number) for number in body["taken"]]
    assert body.items() <= stored(visit).items()


@pytest.mark.parametrize("line", BEFORE_STRUCTS, ids=range(len(BEFORE_STRUCTS)))
def test_what_was_written_before_structs_is_read_and_written_again(line: str) -> None:
    visit = decode_visit(line, version=Version(1), shown=None)

    assert stored(visit) == json.loads(line)


def test_that_it_is_a_receipt_that_is_owed_is_in_the_body_while_it_is() -> None:
    """Beside the visit, the version before would read nothing that it does not know."""
    owed = Owed(NOW)
    body = stored(replace(FULL, owed=replace(owed, receipt_by=Version(7))))

    assert decode_visit(json.dumps(body), version=Version(7), shown=None, owed=owed).owed == Owed(
        NOW, receipt_by=Version(7)
    )
    assert loaded(body).owed is None
    assert "receipt_by" not in stored(replace(FULL, owed=owed))


def test_customers_and_inputs_of_another_channel_are_what_it_calls_them() -> None:
    visit = a_visit(NAMESAKE, taken=(InputId("007"), InputId("mid.1")))

    assert stored(visit)["customer"] == "max:7000000001"
    assert loaded(stored(visit), visit) == visit


def test_a_dialog_that_came_back_goes_on() -> None:
    visit = loaded(stored(a_visit(dialog=a_dialog(step="mileage").answer(Typed("120")))), a_visit())

    assert visit.dialog is not None
    assert visit.dialog.choose(1).at == "price"


def test_version_and_place_are_not_in_the_body() -> None:
    body = stored(replace(FULL, version=Version(7), shown=MessageToken("17")))

    assert {"version", "shown"}.isdisjoint(body)
    visit = decode_visit(json.dumps(body), version=Version(8), shown=MessageToken("18"))
    assert (visit.version, visit.shown) == (8, MessageToken("18"))


def test_the_version_before_reads_the_number_of_a_phone_that_is_known_with_its_extension() -> None:
    office = replace(FULL.known, phone=Phone("+74951234567", extension="5"))
    body = stored(replace(FULL, known=office))

    assert body["known"]["phone"] == "+74951234567"
    assert loaded(body).known == office


def test_what_a_newer_version_added_is_ignored() -> None:
    body = stored(FULL)
    body["mood"] = "good"
    body["dialog"]["mood"] = body["known"]["mood"] = body["allowance"]["mood"] = {"good": 1}

    assert loaded(body) == FULL


@pytest.mark.parametrize(
    "missing",
    ["profile_name", "dialog", "source", "conversation", "receipt", "waiting", "taken"],
)
def test_what_an_older_version_did_not_know_has_a_default(missing: str) -> None:
    body = stored(a_visit())
    del body[missing]

    assert loaded(body, a_visit()) == a_visit()


@pytest.mark.parametrize("missing", ["attachments", "asides"])
def test_a_dialog_that_an_older_version_stored_has_nothing_beside_its_answers(missing: str) -> None:
    visit = a_visit(dialog=a_dialog(step="photos"))
    body = stored(visit)
    del body["dialog"][missing]

    assert loaded(body, visit) == visit


DAMAGES: list[tuple[str, object]] = [
    ("customer", "nobody"),
    ("customer", "telegram:"),
    ("customer", None),
    ("customer", True),
    ("customer", 7.5),
    ("known", None),
    ("known.phone_extension", "пять"),
    ("known.phone_extension", 5),
    ("allowance", {"left": "much"}),
    ("profile_name", ""),
    ("conversation", "text"),
    ("taken", [None]),
    ("taken", [True]),
    ("taken", [1.5]),
    ("dialog", []),
    ("dialog.form", "rent"),
    ("dialog.form", None),
    ("dialog.at", "wings"),
    ("dialog.at", 7),
    ("dialog.opened_on", "yesterday"),
    ("dialog.answers", []),
    ("dialog.answers.year", {"hexagon": 6}),
    ("dialog.answers.vin", {"vin": "short"}),
    ("dialog.suggestions", {"name": {"name": ""}}),
    ("dialog.readings", [{}]),
    ("dialog.terms", {"version": "1"}),
    ("dialog.revision", "first"),
    ("dialog.attachments", {"files": [{"id": "file"}]}),
    ("dialog.asides", "царапина"),
    ("waiting", []),
    ("known.phone", "none"),
    ("known.consent", {}),
]


@pytest.mark.parametrize(("where", "damage"), DAMAGES, ids=[f"{where}: {damage}" for where, damage in DAMAGES])
def test_a_damaged_visit_is_unreadable(where: str, damage: object) -> None:
    body = stored(FULL)
    *path, last = where.split(".")
    place = body
    for key in path:
        place = place[key]
    place[last] = damage

    with pytest.raises(UnreadableJson):
        loaded(body)


@pytest.mark.parametrize("body", [None, [], "visit", 7, {}], ids=str)
def test_what_is_no_visit_is_unreadable(body: object) -> None:
    with pytest.raises(UnreadableJson):
        loaded(body)


def test_an_unreadable_visit_is_not_quoted() -> None:
    """It holds a name and a phone; the message goes to the log."""
    body = stored(FULL)
    body["known"]["phone"] = "79161234567 Anna"

    with pytest.raises(UnreadableJson) as refused:
        loaded(body)

    assert "7916" not in str(refused.value)
