"""A text is an answer, a word that does what a button does, or something to talk about."""

import asyncio

import pytest

from carquery.application.conversation.take_message import TakeMessage
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import (
    NOT_EDITED,
    NOT_HERE,
    CallbackOffer,
    ConsentRequest,
    LeaveWarning,
    Menu,
    Notice,
    Place,
    Question,
    Summary,
)
from carquery.domain.attachments import Parcel, SentFile
from carquery.domain.car import Kilometers
from carquery.domain.contact import PersonName
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import FileId
from carquery.domain.typed_commands import Command
from carquery.domain.visit import CONVERSATION_LENGTH, SENTENCES_KEPT
from tests.application.in_memory import Dealership, shown
from tests.builders import TERMS, a_dialog, a_reviewed_dialog, an_arrival

RECORDING = SentFile(FileId("voice"), "голосовое сообщение.ogg", "audio/ogg")


async def test_a_text_in_a_dialog_is_its_answer(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await take(an_arrival(), "120 тыс"), Question)

    assert (question.dialog.at, question.dialog.answers["mileage"]) == ("price", Kilometers(120_000))
    assert (await dealership.visit()).dialog == question.dialog
    assert (await dealership.visit()).conversation == ()


async def test_a_text_that_is_no_answer_is_asked_again(dealership: Dealership, take: TakeMessage) -> None:
    before = a_dialog(step="mileage")
    await dealership.has_open(before)

    question = shown(await take(an_arrival(), "много"), Question)

    assert question.hint != ""
    assert await dealership.dialog() == before


async def test_what_a_voice_said_is_the_answer_and_its_recording_goes_with_the_lead(
    dealership: Dealership, take: TakeMessage
) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await take(an_arrival(), "сто двадцать тысяч", RECORDING), Question)

    assert (question.dialog.at, question.dialog.answers["mileage"]) == ("price", Kilometers(120_000))
    assert question.dialog.attachments.files == (RECORDING,)


async def test_a_recording_waits_for_a_form(dealership: Dealership, take: TakeMessage) -> None:
    await take(an_arrival(), "здравствуйте", RECORDING)

    assert (await dealership.visit()).waiting.files == (RECORDING,)


WORDS: list[tuple[str, Dialog, str | None]] = [
    ("Назад", a_dialog(step="mileage"), "year"),
    ("«назад»!", a_reviewed_dialog(), "phone"),
    ("пропустить", a_dialog(step="photos"), "name"),
    ("Готово", a_dialog(step="photos").enclose(Parcel(photos=(FileId("one"),))), "name"),
    ("оставить", a_dialog(step="name", suggestions={"name": PersonName("Аня")}), "phone"),
]


@pytest.mark.parametrize(("word", "dialog", "to"), WORDS, ids=lambda value: value if isinstance(value, str) else "")
async def test_a_word_does_what_its_button_does(
    dealership: Dealership, take: TakeMessage, word: str, dialog: Dialog, to: str
) -> None:
    await dealership.has_open(dialog)

    await take(an_arrival(), word)

    moved = await dealership.dialog()
    assert moved is not None
    assert (moved.at, dict(moved.answers).keys() >= dict(dialog.answers).keys()) == (to, True)


NOT_OFFERED: list[tuple[str, Dialog, Command]] = [
    ("назад", a_dialog(), Command.BACK),
    ("пропустить", a_dialog(), Command.SKIP),
    ("пропустить", a_reviewed_dialog(), Command.SKIP),
    ("готово", a_dialog(), Command.KEEP),
    ("оставить", a_reviewed_dialog(), Command.KEEP),
]


@pytest.mark.parametrize(("word", "dialog", "command"), NOT_OFFERED)
async def test_a_word_whose_button_is_not_offered_is_not_an_answer(
    dealership: Dealership, take: TakeMessage, word: str, dialog: Dialog, command: Command
) -> None:
    await dealership.has_open(dialog)

    reply = await take(an_arrival(), word)

    assert isinstance(reply.screen, Question | Summary)
    assert reply.screen.hint == NOT_HERE[command]
    assert await dealership.dialog() == dialog


@pytest.mark.parametrize("word", ["оставить", "пропустить", "Анна"])
async def test_before_consent_no_word_gets_around_it(dealership: Dealership, take: TakeMessage, word: str) -> None:
    dialog = a_dialog(service=Service.CALLBACK, terms=TERMS, suggestions={"name": PersonName("Аня")})
    await dealership.has_open(dialog)

    request = shown(await take(an_arrival(), word), ConsentRequest)

    assert request.hint != ""
    assert await dealership.dialog() == dialog


@pytest.mark.parametrize("word", ["меню", "Отмена"])
async def test_leaving_by_a_word_warns_first(dealership: Dealership, take: TakeMessage, word: str) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    reply = await take(an_arrival(), word)

    assert reply.screen == LeaveWarning(dialog, Place.MENU)
    assert await dealership.dialog() == dialog


@pytest.mark.parametrize("word", ["Оператор", "менеджер!"])
async def test_asking_for_a_person_offers_a_call_and_keeps_the_dialog(
    dealership: Dealership, take: TakeMessage, word: str
) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    reply = await take(an_arrival(), word)

    assert reply.screen == CallbackOffer(dialog)
    assert await dealership.dialog() == dialog


async def test_asking_for_a_person_needs_no_dialog(take: TakeMessage) -> None:
    assert (await take(an_arrival(), "оператор")).screen == CallbackOffer()


@pytest.mark.parametrize(
    ("word", "menu"),
    [
        ("меню", Menu()),
        ("отмена", Menu()),
        ("назад", Menu(Notice.EXPIRED)),
        ("пропустить", Menu(Notice.EXPIRED)),
        ("готово", Menu(Notice.EXPIRED)),
    ],
)
async def test_outside_a_dialog_a_word_shows_the_menu(
    dealership: Dealership, take: TakeMessage, word: str, menu: Menu
) -> None:
    assert (await take(an_arrival(), word)).screen == menu
    assert (await dealership.visit()).conversation == ()


async def test_a_text_outside_a_dialog_is_remembered(dealership: Dealership, take: TakeMessage) -> None:
    await take(an_arrival(1), "Хочу продать Ладу")
    await take(an_arrival(2), "Сколько дадите?")

    assert (await dealership.visit()).conversation == ("Хочу продать Ладу", "Сколько дадите?")


async def test_of_a_long_conversation_the_end_is_remembered(dealership: Dealership, take: TakeMessage) -> None:
    for number in range(SENTENCES_KEPT + 2):
        await take(an_arrival(number), f"{number} " + "я" * 400)

    conversation = (await dealership.visit()).conversation
    assert [sentence.split()[0] for sentence in conversation] == [str(n) for n in range(2, SENTENCES_KEPT + 2)]


async def test_a_long_letter_is_remembered_to_its_end_and_the_oldest_make_room(
    dealership: Dealership, take: TakeMessage
) -> None:
    letter = "я" * (CONVERSATION_LENGTH - 400)
    for number, text in enumerate(["а" * 300, "б" * 300, letter]):
        await take(an_arrival(number), text)

    assert (await dealership.visit()).conversation == ("б" * 300, letter)


async def test_texts_at_once_are_all_remembered(dealership: Dealership, take: TakeMessage) -> None:
    await asyncio.gather(*(take(an_arrival(number), f"слово {number}") for number in range(3)))

    assert sorted((await dealership.visit()).conversation) == ["слово 0", "слово 1", "слово 2"]


async def test_a_text_repeated_by_the_messenger_is_remembered_once(dealership: Dealership, take: TakeMessage) -> None:
    await take(an_arrival(1), "Добрый день")
    await take(an_arrival(1), "Добрый день")

    assert (await dealership.visit()).conversation == ("Добрый день",)


async def test_a_text_is_not_taken_while_the_store_is_away(dealership: Dealership, take: TakeMessage) -> None:
    before = await dealership.has_open(a_dialog(step="mileage"))
    dealership.visits.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await take(an_arrival(), "120 тыс")

    assert await dealership.visit() == before


async def test_asking_for_a_person_in_the_callback_form_goes_on_with_it(
    dealership: Dealership, take: TakeMessage
) -> None:
    dialog = a_dialog(service=Service.CALLBACK, step="phone")
    await dealership.has_open(dialog)

    reply = await take(an_arrival(), "оператор")

    assert reply.screen == Question(dialog)
    assert await dealership.dialog() == dialog


async def test_what_no_database_can_hold_is_not_remembered(dealership: Dealership, take: TakeMessage) -> None:
    await take(an_arrival(), "Добрый\0 день\ud83d")

    (sentence,) = (await dealership.visit()).conversation
    assert sentence == "Добрый день"


async def test_a_message_written_anew_outside_a_dialog_is_read_anew(dealership: Dealership, take: TakeMessage) -> None:
    await take(an_arrival(1), "прадаю")
    await take.edited(an_arrival(2), "продаю")

    assert [call.text for call in dealership.chain.journal.calls] == ["прадаю", "продаю"]


async def test_an_answer_written_anew_changes_nothing_and_says_so(dealership: Dealership, take: TakeMessage) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    question = shown(await take.edited(an_arrival(), "120 тыс"), Question)

    assert question == Question(dialog, NOT_EDITED)
    assert await dealership.dialog() == dialog
