"""Acting as a customer: pressing what is shown, and waiting for what the bot does."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)

from carquery_emulators.telegram import ButtonNotShown, Customer, NothingHappened, NothingWritten, TelegramEmulator

_YES_NO = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Да", callback_data="v1:yes"), InlineKeyboardButton(text="Нет", callback_data="no")],
        [InlineKeyboardButton(text="Политика", url="https://example.ru/privacy")],
    ]
)


@pytest.fixture
async def echo(bot: Bot) -> AsyncIterator[None]:
    """A bot that repeats texts, edits on presses, and confirms only what it has handled."""

    async def handle(update: Update) -> None:
        if update.message:
            await bot.send_message(update.message.chat.id, f"Вы сказали: {update.message.text}", reply_markup=_YES_NO)
        if (query := update.callback_query) and query.message:
            await bot.edit_message_text(
                f"Вы нажали: {query.data}", chat_id=query.from_user.id, message_id=query.message.message_id
            )
            await bot.answer_callback_query(query.id, "Принято", show_alert=True)

    async def poll() -> None:
        offset = 0
        while True:
            for update in await bot.get_updates(offset=offset, timeout=50, request_timeout=60):
                await handle(update)
                offset = update.update_id + 1

    polling = asyncio.create_task(poll())
    yield
    polling.cancel()
    await asyncio.wait([polling])


@pytest.mark.usefixtures("echo")
async def test_a_conversation(anna: Customer) -> None:
    await anna.send_text("Привет")
    said = await anna.reply()
    await anna.press("Да")
    pressed = await anna.reply()

    assert (said.text, said.message.labels, said.alerts) == ("Вы сказали: Привет", ["Да", "Нет", "Политика"], ())
    assert (pressed.text, pressed.message.edited) == ("Вы нажали: v1:yes", True)
    assert [(alert.text, alert.show_alert) for alert in pressed.alerts] == [("Принято", True)]
    assert pressed.message.id == said.message.id


@pytest.mark.usefixtures("echo")
async def test_a_reply_is_complete_only_when_all_updates_are_handled(anna: Customer) -> None:
    await anna.send_album(3)

    assert len((await anna.reply()).messages) == 3


async def test_two_quick_presses_are_two_queries_of_one_button(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    sent = await bot.send_message(anna.id, "Продолжить?", reply_markup=_YES_NO)

    await anna.press("Да", twice=True)

    first, second = (update["callback_query"] for update in telegram.queue)
    assert first["id"] != second["id"]
    assert (first["data"], first["message"]["message_id"]) == ("v1:yes", sent.message_id)
    assert (second["data"], second["message"]["message_id"]) == ("v1:yes", sent.message_id)


async def test_a_press_finds_the_newest_message_that_shows_the_button(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    older = await bot.send_message(anna.id, "Раз", reply_markup=_YES_NO)
    newer = await bot.send_message(anna.id, "Два", reply_markup=_YES_NO)
    await bot.send_message(anna.id, "Три")

    await anna.press("no")
    await anna.press("Нет", older.message_id)

    assert [update["callback_query"]["message"]["message_id"] for update in telegram.queue] == [
        newer.message_id,
        older.message_id,
    ]


async def test_a_button_that_is_not_shown_cannot_be_pressed(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    sent = await bot.send_message(anna.id, "Продолжить?", reply_markup=_YES_NO)

    with pytest.raises(ButtonNotShown, match=r"no button 'Может быть' to press; shown: \['Да', 'Нет', 'Политика'\]"):
        await anna.press("Может быть")
    with pytest.raises(ButtonNotShown, match=r"opens https://example\.ru/privacy"):
        await anna.press("Политика")
    await bot.edit_message_text("Поздно", chat_id=anna.id, message_id=sent.message_id)
    with pytest.raises(ButtonNotShown, match=r"shown: \[\]"):
        await anna.press("Да")
    assert telegram.queue == []


async def test_a_stale_press_is_sent_all_the_same(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    sent = await bot.send_message(anna.id, "Поздно")
    await anna.press_stale("v1:yes", sent.message_id)
    await bot.delete_message(anna.id, sent.message_id)
    await anna.press_stale("v1:yes", sent.message_id)

    shown, deleted = (update["callback_query"]["message"] for update in telegram.queue)
    assert shown["text"] == "Поздно"
    assert (deleted["message_id"], deleted["date"]) == (sent.message_id, 0)


async def test_a_reply_button_sends_its_text_or_the_own_contact(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Мой номер", request_contact=True)], [KeyboardButton(text="Назад")]],
        one_time_keyboard=True,
    )
    await bot.send_message(anna.id, "Телефон?", reply_markup=keyboard)
    await anna.press("Мой номер")
    assert anna.chat.reply_keyboard is None

    await bot.send_message(anna.id, "Телефон?", reply_markup=keyboard)
    await anna.press("Назад", twice=True)

    contact, *texts = (update["message"] for update in telegram.queue)
    assert contact["contact"] == {
        "phone_number": "+79161234567",
        "first_name": "Анна",
        "last_name": "Смирнова",
        "user_id": anna.id,
    }
    assert [text["text"] for text in texts] == ["Назад", "Назад"]


async def test_somebody_elses_card_carries_their_id(telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.share_contact(other_user_id=777)

    assert telegram.queue[0]["message"]["contact"]["user_id"] == 777
    assert telegram.queue[0]["message"]["from"]["id"] == anna.id


async def test_an_edited_message_changes_in_the_chat(telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.send_text("/start по ошибке")
    await anna.edit_text(anna.chat.messages[0].id, "Здравствуйте")

    edited = telegram.queue[1]["edited_message"]
    assert (anna.chat.messages[0].text, anna.chat.messages[0].edited) == ("Здравствуйте", True)
    assert "edit_date" in edited
    assert "entities" not in edited


async def test_waiting_for_nothing_ends_with_a_picture_of_the_chat(bot: Bot, anna: Customer) -> None:
    await bot.send_message(anna.id, "Продолжить?", reply_markup=_YES_NO)
    await anna.send_text("Ау")

    with pytest.raises(NothingHappened, match=r"an update is still unconfirmed[\s\S]*'Продолжить\?' \['Да', 'Нет'"):
        await anna.reply(seconds=0.02)
    with pytest.raises(NothingHappened, match=r"customer #2: 'Ау'"):
        await anna.chat.wait_for(lambda chat: len(chat.messages) > 2, seconds=0.02)


async def test_a_condition_is_looked_at_again_whenever_something_changes(bot: Bot, anna: Customer) -> None:
    waiting = asyncio.create_task(anna.chat.wait_for(lambda chat: len(chat.bot_messages) == 2))

    await bot.send_message(anna.id, "Раз")
    await bot.send_message(anna.id, "Два")

    assert (await waiting).last_message.text == "Два"


async def test_chats_are_apart(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    boris = telegram.customer(502, "Борис")

    await bot.send_message(boris.id, "Привет, Борис")

    assert anna.chat.messages == []
    with pytest.raises(NothingWritten):
        _ = anna.chat.last_message
