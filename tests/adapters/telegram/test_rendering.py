"""Whatever customers type, what is shown satisfies Telegram."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carquery.adapters.messenger.form_shown import MOST_GIVEN
from carquery.adapters.messenger.message import Message, Passing, PressButton
from carquery.adapters.messenger.presenter import present
from carquery.adapters.telegram.api.keyboards import InlineKeyboardMarkup
from carquery.adapters.telegram.rendering.html import html_of
from carquery.adapters.telegram.rendering.markup import CALLBACK_DATA_LIMIT, markup_of
from carquery.application import screens
from carquery.application.screens import FieldList, LeaveWarning, Place, Screen, screen_of
from carquery.domain.answers import Picked, Typed
from carquery.domain.attachments import Parcel
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import DialogId, MessageId, Reference
from carquery.domain.refusals import AnswerRefused
from carquery.domain.sent_lead import SentLead
from carquery.domain.visit import Offer
from carquery_emulators.telegram.markup.formatted_text import FormattedText, utf16_length
from carquery_emulators.telegram.markup.html_parser import parse_html
from tests.builders import EVERY_KIND_OF_ANSWER, NOW, TERMS, a_dialog, a_file, a_lead, a_reviewed_dialog, business_hours
from tests.domain.answers_by_step import GOOD_ANSWERS, answered_well

nasty = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "<3",
            "<b>жирно",
            "&lt;script&gt; & <a href='tg://x'>",
            "{name} %s \\n",
            "я" * 1000,
            "<" * 2000,
            "🚗" * 1000,
            "👨‍👩‍👧‍👦" * 280,
            "а\u0301" * 900,
        ]
    ),
)


def a_walk(service: Service, typed: dict[str, str]) -> Iterator[Screen]:
    """Every screen of one way through a form, with what was typed wherever the form takes it."""
    dialog = Dialog.open(FORMS[service], dialog_id=DialogId("0123456789ABC"), on=date(2026, 6, 15), terms=TERMS)
    while dialog.at is not None:
        yield screen_of(dialog, hint=typed.get("hint", ""))
        yield LeaveWarning(dialog, Service.CALLBACK)
        if dialog.asks_consent:
            dialog = dialog.consent()
        elif dialog.at == "photos":
            dialog = answered_well(dialog)
            yield screen_of(dialog)
            dialog = dialog.keep()
        else:
            dialog = _answered(dialog, typed.get(dialog.at or ""))
    yield screen_of(dialog)
    yield FieldList(dialog)
    for step in dialog.form.steps:
        yield screen_of(dialog.edit(step.name))


def _answered(dialog: Dialog, text: str | None) -> Dialog:
    assert dialog.at is not None
    if text is not None:
        try:
            answered = dialog.answer(Typed(text))
        except AnswerRefused:
            pass
        else:
            return answered if answered.at != dialog.at else answered_well(answered.back())
    return answered_well(dialog)


def shown_text(view: Message) -> FormattedText:
    """What Telegram makes of the text; raises if it could not parse it."""
    return parse_html(html_of(view.text))


def assert_telegram_takes(screen: Screen) -> None:
    view = present(screen, at=NOW)
    if isinstance(view, Passing):
        assert 1 <= len(view.text) <= 200
        return
    assert isinstance(view, Message)
    assert 1 <= utf16_length(shown_text(view).text.strip()) <= 4096
    labels = [button.label for row in view.rows for button in row]
    assert all(1 <= len(label) <= 64 for label in labels)
    markup = markup_of(view)
    if not isinstance(markup, InlineKeyboardMarkup):
        return
    for row in markup.inline_keyboard:
        assert 1 <= len(row) <= 8
        for button in row:
            data = button.callback_data
            assert button.url or (data and 1 <= len(data.encode()) <= CALLBACK_DATA_LIMIT)
    assert sum(len(row) for row in markup.inline_keyboard) <= 100


@pytest.mark.parametrize(
    "dialog",
    [a_dialog(step="mileage"), a_reviewed_dialog(), a_dialog(service=Service.CALLBACK, terms=TERMS)],
    ids=["question", "summary", "consent"],
)
def test_what_became_of_a_file_is_said_wherever_it_comes(dialog: Dialog) -> None:
    view = present(screen_of(dialog.enclose(Parcel(files=(a_file(),)))), at=NOW)

    assert isinstance(view, Message)
    assert "Файл приложим к заявке (1 из 5)" in view.text.plain


@pytest.mark.parametrize("service", list(Service))
@settings(max_examples=40)
@given(typed=st.dictionaries(st.sampled_from([*sorted(GOOD_ANSWERS), "hint"]), nasty))
def test_any_answers_make_messages_that_telegram_takes(service: Service, typed: dict[str, str]) -> None:
    for screen in a_walk(service, typed):
        assert_telegram_takes(screen)


@pytest.mark.parametrize(
    "screen",
    [
        screens.Menu(),
        *(screens.Menu(notice) for notice in screens.Notice),
        screens.Menu(screens.SetAside("Файл больше 20 МБ <b>", after_lead=True, waits=True)),
        screens.Receipt(Reference("CQ-7K3M9X")),
        screens.AskFreely(),
        screens.CallbackOffer(),
        screens.CallbackOffer(sorry=True),
        screens.FreeAnswer(),
        screens.FreeAnswer("Здравствуйте! <b>"),
        screens.FreeAnswer(notice="Файл больше 20 МБ <b>"),
        screens.FormOffer(Offer(MessageId("0123456789ABC"), Service.SELL, EVERY_KIND_OF_ANSWER), sorry=True),
        screens.Help(),
        screens.Privacy(None),
        screens.Privacy("https://example.org/policy"),
        screens.EraseWarning(),
        screens.Erased(),
        screens.Erased(is_asked=True),
        screens.Stale(),
        screens.Busy(),
        screens.NotStored(),
        screens.TooMany(),
    ],
    ids=lambda screen: type(screen).__name__,
)
def test_every_other_screen_is_taken_too(screen: Screen) -> None:
    assert_telegram_takes(screen)


def test_a_customers_markup_is_shown_as_it_was_typed() -> None:
    dialog = Dialog.open(FORMS[Service.SELL], dialog_id=DialogId("0123456789ABC"), on=date(2026, 6, 15))
    view = present(screen_of(dialog.answer(Typed("<b>Lada</b> & Co")).back()), at=NOW)

    assert isinstance(view, Message)
    assert "Сейчас: <b>Lada</b> & Co" in shown_text(view).text


def test_the_longest_answers_are_all_in_the_summary() -> None:
    dialog = Dialog.open(FORMS[Service.LEGAL], dialog_id=DialogId("0123456789ABC"), on=date(2026, 6, 15))
    dialog = dialog.answer(Picked("own")).answer(Typed("д" * 200)).answer(Typed("о" * 2000))
    dialog = dialog.answer(GOOD_ANSWERS["name"]).answer(GOOD_ANSWERS["phone"]).answer(Typed("к" * 1000))

    view = present(screen_of(dialog), at=NOW)

    assert isinstance(view, Message)
    text = shown_text(view).text
    assert all(answer in text for answer in ("д" * 200, "о" * 2000, "к" * 1000))


def test_every_question_says_which_step_it_is() -> None:
    dialog = Dialog.open(FORMS[Service.SELL], dialog_id=DialogId("0123456789ABC"), on=date(2026, 6, 15))
    view = present(screen_of(dialog.answer(Typed("Lada")).answer(Typed("2018"))), at=NOW)

    assert isinstance(view, Message)
    assert "Шаг 3 из 8" in shown_text(view).text


def test_the_first_question_has_no_way_back() -> None:
    dialog = Dialog.open(FORMS[Service.SELL], dialog_id=DialogId("0123456789ABC"), on=date(2026, 6, 15))
    view = present(screen_of(dialog), at=NOW)

    assert isinstance(view, Message)
    assert [button.label for row in view.rows for button in row] == [screens.MENU]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ежедневно 9:00-20:00", "принята. Менеджер скоро свяжется с вами."),
        ("вт 9:00-20:00", "принята. Перезвоним завтра с 9:00."),
    ],
)
def test_a_receipt_promises_what_the_hours_allow(written: str, says: str) -> None:
    view = present(screens.Receipt(Reference("CQ-7K3M9X")), Dealership(hours=business_hours(written)), at=NOW)

    assert isinstance(view, Message)
    assert says in shown_text(view).text


@pytest.mark.parametrize(
    ("written", "says"),
    [("ежедневно 9:00-20:00", "Менеджер скоро свяжется"), ("вт 9:00-20:00", "Менеджер перезвонит завтра с 9:00")],
)
def test_a_sent_lead_promises_the_call_that_its_receipt_did(written: str, says: str) -> None:
    card = screens.LeadCard(SentLead.of(a_lead(), ()))

    view = present(card, Dealership(hours=business_hours(written)), at=NOW)

    assert isinstance(view, Message)
    assert says in shown_text(view).text


def test_leaving_leads_wherever_the_warning_said() -> None:
    dialog = Dialog.open(FORMS[Service.SELL], dialog_id=DialogId("0123456789ABC"), on=date(2026, 6, 15))
    view = present(LeaveWarning(dialog, Place.QUESTION), at=NOW)

    assert isinstance(view, Message)
    assert [button.label for button in view.rows[0]] == ["Да", "Нет"]


def test_a_question_says_in_one_line_what_was_given_so_far() -> None:
    view = present(screen_of(a_dialog(step="photos")), at=NOW)

    assert isinstance(view, Message)
    place, given_so_far, gap, *_ = view.text.plain.replace("\u00a0", " ").splitlines()
    assert (place, gap) == ("Продажа авто · Шаг 5 из 8", "")
    assert given_so_far == "Toyota Camry · 2018 · 120 000 км · 1 200 000 ₽"


def test_a_line_of_many_long_answers_stays_short() -> None:
    told = Typed("слово за словом " * 60)
    dialog = a_dialog(service=Service.LEGAL, step="description").answer(told)

    view = present(screen_of(dialog), at=NOW)

    assert isinstance(view, Message)
    assert len(view.text.plain.splitlines()[1]) <= MOST_GIVEN + 20


def test_a_receipt_keeps_what_was_sent() -> None:
    receipt = screens.Receipt(Reference("CQ-7K3M9X"), (("Имя", "Анна"), ("Пробег", "120 000 км")))

    view = present(receipt, at=NOW)

    assert isinstance(view, Message)
    assert "Заявка CQ-7K3M9X принята" in view.text.plain
    assert "Имя: Анна\nПробег: 120 000 км" in view.text.plain


def test_a_consent_that_was_given_stays_word_for_word() -> None:
    dialog = a_dialog(service=Service.CALLBACK, terms=TERMS)

    view = present(screens.Question(dialog.consent(), agreed=TERMS), at=NOW)

    assert isinstance(view, Message)
    assert view.leaves is not None
    assert TERMS.text in view.leaves.text.plain
    assert "Согласие дано" in view.leaves.text.plain
    assert not any(isinstance(button, PressButton) for row in view.leaves.rows for button in row)
