"""Inputs are taken once, and not too many of them."""

from dataclasses import replace
from datetime import timedelta

from carquery.domain.dialog import Revision
from carquery.domain.forms.form import Service
from carquery.domain.ids import InputId, MessageId, Reference
from carquery.domain.visit import (
    BURST,
    CONVERSATION_LENGTH,
    INPUTS_REMEMBERED,
    MESSAGES_BEFORE_PERSON,
    PAID_BURST,
    SENTENCES_KEPT,
    Admission,
    Button,
    Offer,
    Visit,
)
from tests.builders import NOW, a_dialog, a_visit


def after(visit: Visit, inputs: int, *, first: int = 1) -> Visit:
    for number in range(first, first + inputs):
        visit, _ = visit.arrive(InputId(str(number)), at=NOW)
    return visit


def test_an_input_is_taken_once() -> None:
    visit, first = a_visit().arrive(InputId("7"), at=NOW)
    again, second = visit.arrive(InputId("7"), at=NOW)

    assert (first, second) == (Admission.TAKEN, Admission.REPEATED)
    assert again == visit


def test_an_input_with_a_lower_number_is_not_taken_for_an_old_one() -> None:
    """Telegram starts anew at a random number after a quiet week."""
    visit, _ = a_visit().arrive(InputId("900"), at=NOW)

    assert visit.arrive(InputId("5"), at=NOW)[1] is Admission.TAKEN


def test_only_the_last_inputs_are_remembered() -> None:
    assert len(after(a_visit(), INPUTS_REMEMBERED + 10).taken) == INPUTS_REMEMBERED


def test_one_input_too_many_is_said_once() -> None:
    visit = after(a_visit(), BURST)
    visit, first = visit.arrive(InputId("1001"), at=NOW)
    visit, second = visit.arrive(InputId("1002"), at=NOW)

    assert (first, second) == (Admission.TOO_MANY, Admission.IGNORED)


def test_waiting_helps() -> None:
    visit = after(a_visit(), BURST + 5)

    assert visit.arrive(InputId("2001"), at=NOW + timedelta(seconds=1))[1] is Admission.TAKEN


def test_a_new_flood_is_told_again() -> None:
    visit = after(a_visit(), BURST + 5)
    visit, _ = visit.arrive(InputId("2001"), at=NOW + timedelta(hours=1))
    for number in range(3000, 3000 + BURST):
        visit, admission = visit.arrive(InputId(str(number)), at=NOW + timedelta(hours=1))

    assert admission is Admission.TOO_MANY


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    visit, _ = a_visit().arrive(InputId("1"), at=NOW)

    assert visit.arrive(InputId("2"), at=NOW - timedelta(hours=1))[1] is Admission.TAKEN


def test_a_button_belongs_to_one_revision_of_one_dialog() -> None:
    dialog = a_dialog()
    visit = a_visit(dialog=dialog)

    assert visit.dialog_of(Button(dialog.id, dialog.revision)) is dialog
    assert visit.dialog_of(None) is dialog
    assert visit.dialog_of(Button(dialog.id, Revision(dialog.revision + 1))) is None
    assert visit.dialog_of(Button(a_dialog(number=2).id, dialog.revision)) is None
    assert a_visit().dialog_of(None) is None


def test_opening_a_dialog_ends_the_receipt() -> None:
    visit = replace(a_visit(), receipt=Reference("CQ-000001"))

    assert visit.with_dialog(a_dialog()).receipt is None


def test_of_a_conversation_the_last_sentences_are_kept_cleaned() -> None:
    visit = a_visit()
    for number in range(SENTENCES_KEPT + 3):
        visit = visit.says(f"\u200b{number}" + "д" * 100)

    assert len(visit.conversation) == SENTENCES_KEPT
    assert visit.conversation[0].startswith("3д")


def test_a_conversation_takes_no_more_room_than_there_is() -> None:
    visit = a_visit().says("до").says("д" * (CONVERSATION_LENGTH + 1))

    assert visit.conversation == ("д" * CONVERSATION_LENGTH,)


def test_a_customer_s_messages_are_read_by_paid_classifiers_up_to_a_limit() -> None:
    visit, answers = a_visit(), []
    for _ in range(PAID_BURST + 2):
        visit, allowed = visit.may_ask_paid(NOW)
        answers.append(allowed)

    assert answers == [True] * PAID_BURST + [False, False]
    assert visit.may_ask_paid(NOW + timedelta(minutes=2))[1]


def test_messages_are_counted_until_a_form_is_opened() -> None:
    visit = a_visit()
    for _ in range(MESSAGES_BEFORE_PERSON):
        assert not visit.should_offer_person
        visit = visit.unanswered()

    assert visit.should_offer_person
    assert visit.with_dialog(None).should_offer_person
    assert not visit.with_dialog(a_dialog()).should_offer_person


def test_an_offer_is_past_once_something_is_opened_or_left() -> None:
    visit = a_visit().offered(Offer(MessageId("m"), Service.SELL, {}))

    assert visit.with_dialog(a_dialog()).offer is None
    assert visit.with_dialog(None).offer is None
