"""A dialog goes on when the dealership's file has changed meanwhile: in its new words, past steps that it dropped."""

from carquery.domain.answers import Typed
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.forms.rewording import FormWords
from tests.builders import a_dialog

SELL = FORMS[Service.SELL]


def test_the_question_stands_in_the_new_words() -> None:
    dialog = a_dialog(step="mileage")

    asked = dialog.asked_by(FormWords(prompts={"mileage": "Сколько проехала?"}).of(SELL))

    assert asked.step is not None
    assert asked.step.prompt == "Сколько проехала?"
    assert (asked.answers, asked.revision) == (dialog.answers, dialog.revision)


def test_a_step_that_is_not_asked_any_more_is_passed() -> None:
    dialog = a_dialog(step="photos")

    asked = dialog.asked_by(FormWords(asked=("comment",)).of(SELL))

    assert asked.at == "name"
    assert asked.answers == dialog.answers


def test_the_last_step_that_is_not_asked_any_more_leads_to_the_summary() -> None:
    dialog = a_dialog(step="comment")

    asked = dialog.asked_by(FormWords(asked=()).of(SELL))

    assert asked.is_at_summary


def test_an_answer_to_a_step_that_is_not_asked_any_more_stays_for_the_lead() -> None:
    dialog = a_dialog(step="comment").answer(Typed("Торг у капота"))

    asked = dialog.asked_by(FormWords(asked=()).of(SELL))

    assert asked.answers["comment"].shown == "Торг у капота"


def test_the_same_form_changes_nothing() -> None:
    dialog = a_dialog(step="year")

    assert dialog.asked_by(dialog.form) is dialog
