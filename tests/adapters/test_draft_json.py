"""What was left is read while forms and answers change: what fits no more is left out, and the rest stays."""

from typing import Any

import pytest

from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.draft_json import draft_from_json, draft_to_json
from carquery.domain.car import ModelYear
from carquery.domain.contact import Phone
from carquery.domain.draft import Draft
from carquery.domain.ids import DialogId
from carquery.domain.words import Words
from tests.builders import ANNA, NOW, a_dialog

LEFT = Draft(customer=ANNA, dialog=a_dialog(step="photos"), touched_at=NOW, is_permitted=True)


def read(body: object, *, service: str = "sell") -> Draft:
    return draft_from_json(
        body, customer=ANNA, dialog_id=DialogId("0000000000001"), service=service, revision=5, touched_at=NOW
    )


def written(**changes: Any) -> dict[str, Any]:
    return draft_to_json(LEFT) | changes


def test_answers_to_steps_that_are_gone_are_left_out() -> None:
    body = written()
    body["answers"]["colour"] = {"words": "зелёный"}
    body["answers"]["colour.said"] = {"words": "зелёненький"}

    assert read(body).dialog.answers == LEFT.dialog.answers


def test_an_answer_that_nobody_can_read_costs_itself_alone() -> None:
    body = written()
    body["answers"]["year"] = {"light-years": 4}
    body["answers"]["mileage"] = "far"

    kept = read(body).dialog

    assert kept.answers.keys() == {"car_brand", "price"}


def test_what_stands_beside_an_answer_stays_with_it() -> None:
    phone = Phone("+74951234567", extension="5", remark="после шести")
    dialog = a_dialog(step="name").take({"phone": phone, "car_brand": Words("Toyota Camry", said="камри")})
    draft = Draft(customer=ANNA, dialog=dialog, touched_at=NOW, is_permitted=True)

    assert read(draft_to_json(draft)).dialog.answers == dialog.answers


def test_a_step_that_is_gone_is_stood_at_no_more() -> None:
    kept = read(written(at="colour", readings=[{"year": 2018}], editing=True)).dialog

    assert (kept.at, kept.readings, kept.editing) == (None, (), False)


def test_readings_that_nobody_can_read_are_none() -> None:
    assert read(written(at="year", readings=[{"year": 2018}])).dialog.readings == (ModelYear(2018),)
    assert read(written(at="year", readings=[{"year": 2018}, {"light-years": 4}])).dialog.readings == ()


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, written(opened_on="yesterday"), written(answers=[]), written(attachments=7), written(asides=7)],
    ids=lambda body: type(body).__name__,
)
def test_what_is_no_draft_is_refused(body: object) -> None:
    with pytest.raises(UnreadableJson):
        read(body)


def test_a_form_that_is_gone_is_refused() -> None:
    with pytest.raises(UnreadableJson):
        read(written(), service="lease")
