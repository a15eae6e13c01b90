"""What is kept of a form that was left, and how it is taken up again on whatever form asks it then."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from carquery.domain.answers import Value
from carquery.domain.attachments import NOTHING_ATTACHED
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import PersonName
from carquery.domain.dialog import Dialog, Revision
from carquery.domain.draft import Draft, take_up
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.forms.rewording import FormWords
from carquery.domain.vin import Vin
from carquery.domain.words import Words
from tests.builders import EVERY_ATTACHMENT, NOW, TERMS, a_dialog, a_reviewed_dialog, a_visit

SELL = FORMS[Service.SELL]
NOTHING_KNOWN: dict[str, Value] = {}


def kept(dialog: Dialog, **visit: Any) -> Draft:
    """What is kept of a visit with that dialog, which must be something."""
    draft = Draft.of(a_visit(dialog=dialog, **visit), at=NOW)
    assert draft is not None, "nothing is kept"
    return draft


def taken_up(dialog: Dialog) -> Dialog:
    """The dialog as it goes on, on the same form."""
    left = kept(dialog).dialog
    return take_up(left, left.form, known=NOTHING_KNOWN, terms=None)


def test_nothing_is_kept_of_a_form_in_which_nothing_was_given() -> None:
    assert Draft.of(a_visit(), at=NOW) is None
    assert Draft.of(a_visit(dialog=a_dialog()), at=NOW) is None
    assert Draft.of(a_visit(dialog=a_dialog(suggestions={"name": PersonName("Анна")})), at=NOW) is None


def test_what_was_written_freely_is_worth_keeping_before_the_first_answer() -> None:
    dialog = a_dialog(suggestions={"year": ModelYear(2018)})

    assert taken_up(dialog).suggestions == {"year": ModelYear(2018)}


@pytest.mark.parametrize("step", [step.name for step in SELL.steps[1:]] + [None])
def test_a_form_goes_on_where_it_stood(step: str | None) -> None:
    dialog = a_reviewed_dialog(service=Service.SELL) if step is None else a_dialog(step=step)
    dialog = replace(dialog, attachments=EVERY_ATTACHMENT, asides=("обмен на газель",))

    again = taken_up(dialog)

    assert (again.id, again.at, again.answers) == (dialog.id, step, dialog.answers)
    assert (again.attachments, again.asides) == (dialog.attachments, dialog.asides)


def test_buttons_from_before_are_stale() -> None:
    dialog = a_dialog(step="mileage")

    assert taken_up(dialog).revision == Revision(dialog.revision + 1)


def test_a_number_is_there_to_be_called_once_it_was_given() -> None:
    assert not kept(a_dialog(step="phone")).can_be_called_back
    assert kept(a_dialog(step="comment")).can_be_called_back
    assert not kept(replace(a_dialog(step="comment"), terms=TERMS)).can_be_called_back


def test_the_conversation_is_kept_for_the_lead_that_carries_it() -> None:
    said = ("Позвоните мне",)

    assert kept(a_dialog(service=Service.CALLBACK, step="phone"), conversation=said).conversation == said
    assert kept(a_dialog(step="phone"), conversation=said).conversation == said
    careful = a_dialog(service=Service.CALLBACK, terms=TERMS, suggestions={"name": PersonName("Анна")})
    assert Draft.of(a_visit(dialog=careful, conversation=said), at=NOW) is None
    assert kept(a_dialog(step="name", terms=TERMS), conversation=said).conversation == ()


# Before consent


def test_before_consent_the_car_is_kept_and_nothing_personal() -> None:
    known = {"name": PersonName("Анна"), "price": Kilometers(1)}
    careful = replace(
        a_dialog(step="name", terms=TERMS, suggestions=known),
        attachments=EVERY_ATTACHMENT,
        asides=("Я Анна, звоните 8 916 123-45-67",),
    )

    draft = kept(careful, profile_name=PersonName("Анна"))

    assert not draft.is_permitted
    assert draft.dialog.answers == careful.answers
    assert draft.dialog.suggestions == {"price": Kilometers(1)}
    assert (draft.dialog.attachments, draft.dialog.asides) == (NOTHING_ATTACHED, ())


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [
        ("Продавец не отдаёт ПТС после оплаты", True),
        ("Меня зовут Анна Петрова, продавец не отдаёт ПТС", False),
        ("Продавец не отдаёт ПТС, звоните 8 916 123-45-67", False),
        ("Не отдаёт ПТС. " * 60 + "Звоните 8 916 123-45-67", False),
    ],
)
def test_before_consent_free_words_are_kept_if_nothing_personal_is_in_them(said: str, *, is_kept: bool) -> None:
    careful = a_dialog(service=Service.LEGAL, step="description", terms=TERMS)
    careful = careful.take({"description": Words(said)})

    answers = kept(careful).dialog.answers

    assert ("description" in answers) is is_kept
    assert "question_type" in answers


def test_what_was_not_kept_is_asked_again_first() -> None:
    careful = a_dialog(service=Service.LEGAL, step="description", terms=TERMS)
    careful = careful.take({"description": Words("Я Анна Петрова, 8 916 123-45-67")})
    left = kept(careful).dialog

    again = take_up(left, left.form, known=NOTHING_KNOWN, terms=TERMS)

    assert (careful.at, again.at) == ("name", "description")


def test_a_vin_is_the_cars() -> None:
    careful = a_dialog(service=Service.CHECK, step="name", terms=TERMS)

    assert kept(careful).dialog.answers["vin"] == Vin("XTA210990Y1234567")


@pytest.mark.parametrize("step", ["phone", "comment", None])
def test_without_consent_any_more_the_first_personal_step_is_asked_again(step: str | None) -> None:
    dialog = a_reviewed_dialog(service=Service.SELL) if step is None else a_dialog(step=step)
    left = kept(dialog).dialog

    again = take_up(left, left.form, known=NOTHING_KNOWN, terms=TERMS)

    assert again.at == "name"
    assert again.asks_consent
    assert again.answers == dialog.answers


# Forms that have changed


def test_a_required_step_that_has_come_since_is_asked_first() -> None:
    left = kept(a_reviewed_dialog(service=Service.SELL)).dialog
    without = replace(left, answers=MappingProxyType({k: v for k, v in left.answers.items() if k != "mileage"}))

    assert take_up(without, SELL, known=NOTHING_KNOWN, terms=None).at == "mileage"


def test_a_step_that_the_dealership_asks_no_more_is_passed() -> None:
    left = kept(a_dialog(step="photos")).dialog
    shorter = FormWords(asked=("comment",)).of(SELL)

    again = take_up(left, shorter, known=NOTHING_KNOWN, terms=None)

    assert again.at == "name"
    assert again.answers == left.answers


def test_what_is_known_now_need_not_be_asked() -> None:
    left = kept(a_dialog(step="name")).dialog

    again = take_up(left, SELL, known={"name": PersonName("Анна")}, terms=None)

    assert again.known == PersonName("Анна")


def test_a_touch_is_when_the_customer_did_something() -> None:
    later = NOW + timedelta(hours=1)
    draft = Draft.of(a_visit(dialog=a_dialog(step="year")), at=later)

    assert draft is not None
    assert draft.touched_at == later
