"""Sending, editing and deleting, seen from the customer's side."""

from io import BytesIO

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from carquery_emulators.telegram import A_PHOTO, Button, Customer, ReplyButton, ReplyKeyboard, TelegramEmulator
from emulators.tests.telegram.doubles import ManualClock

_KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Да", callback_data="yes"), InlineKeyboardButton(text="Нет", callback_data="no")],
        [InlineKeyboardButton(text="Сайт", url="https://example.ru")],
    ]
)
_ASK_PHONE = ReplyKeyboardMarkup(
    keyboard=[[KeyboardButton(text="Отправить номер", request_contact=True)], [KeyboardButton(text="Назад")]],
    input_field_placeholder="+7 …",
)


async def test_the_customer_sees_text_entities_and_buttons(bot: Bot, anna: Customer) -> None:
    await bot.send_message(anna.id, " <b>Шаг 1</b> из 8 ", reply_markup=_KEYBOARD, parse_mode="HTML")

    shown = anna.chat.last_message
    assert shown.html == "<b>Шаг 1</b> из 8"
    assert shown.rows == (
        (Button("Да", data="yes"), Button("Нет", data="no")),
        (Button("Сайт", url="https://example.ru/"),),
    )


async def test_an_edit_replaces_text_and_keyboard_in_place(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_message(anna.id, "Первый", reply_markup=_KEYBOARD)
    await bot.send_message(anna.id, "Второй")

    edited = await bot.edit_message_text("Новый", chat_id=anna.id, message_id=sent.message_id)

    first, second = anna.chat.messages
    assert (first.text, first.labels, first.edited) == ("Новый", [], True)
    assert (second.text, second.edited) == ("Второй", False)
    assert isinstance(edited, Message)
    assert edited.edit_date is not None


async def test_a_change_of_the_keyboard_alone_is_not_shown_as_edited(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_message(anna.id, "Первый", reply_markup=_KEYBOARD)

    await bot.edit_message_reply_markup(chat_id=anna.id, message_id=sent.message_id)

    assert anna.chat.last_message.labels == []
    assert not anna.chat.last_message.edited


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: Bot, anna: Customer) -> None:
    await bot.send_message(anna.id, "Телефон?", reply_markup=_ASK_PHONE)
    await bot.send_message(anna.id, "Ждём")
    shown = anna.chat.reply_keyboard
    await bot.send_message(anna.id, "Спасибо", reply_markup=ReplyKeyboardRemove())

    assert shown == ReplyKeyboard(
        ((ReplyButton("Отправить номер", request_contact=True),), (ReplyButton("Назад"),)), "+7 …"
    )
    assert anna.chat.reply_keyboard is None


async def test_deleting_a_message_takes_its_keyboard_away(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_message(anna.id, "Телефон?", reply_markup=_ASK_PHONE)

    await bot.delete_message(anna.id, sent.message_id)

    assert anna.chat.messages == []
    assert anna.chat.reply_keyboard is None


async def test_typing_lasts_five_seconds_or_until_the_message(bot: Bot, anna: Customer, clock: ManualClock) -> None:
    seen = []
    await bot.send_chat_action(anna.id, "typing")
    seen.append(anna.chat.typing)
    clock.advance(5)
    seen.append(anna.chat.typing)

    await bot.send_chat_action(anna.id, "typing")
    seen.append(anna.chat.typing)
    await bot.send_message(anna.id, "Готово")
    seen.append(anna.chat.typing)

    assert seen == [True, False, True, False]


async def test_what_a_customer_sends_can_be_downloaded(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    await anna.send_photo(A_PHOTO)
    await anna.send_document(b"%PDF-1.4", name="sts.pdf", mime_type="application/pdf")
    photo, document = (update["message"] for update in telegram.queue)

    downloaded = [BytesIO(), BytesIO()]
    await bot.download(photo["photo"][-1]["file_id"], downloaded[0])
    await bot.download(document["document"]["file_id"], downloaded[1])

    assert [file.getvalue() for file in downloaded] == [A_PHOTO, b"%PDF-1.4"]
    assert document["document"]["file_name"] == "sts.pdf"


async def test_a_picture_is_uploaded_once_and_sent_again_by_its_id(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_photo(anna.id, BufferedInputFile(A_PHOTO, "car.png"), caption="<i>Вид</i>", parse_mode="HTML")
    assert sent.photo is not None

    await bot.send_photo(anna.id, sent.photo[-1].file_id)

    first, second = anna.chat.messages
    assert first.html == "<i>Вид</i>"
    assert first.photo == second.photo == sent.photo[-1].file_id


async def test_a_caption_is_edited(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_photo(anna.id, BufferedInputFile(A_PHOTO, "car.png"), caption="Вид спереди")

    await bot.edit_message_caption(chat_id=anna.id, message_id=sent.message_id, caption="Вид сзади")

    assert anna.chat.last_message.text == "Вид сзади"
    assert anna.chat.last_message.photo is not None


async def test_an_album_goes_out_as_one_group(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    await anna.send_photo()
    known = telegram.queue[0]["message"]["photo"][-1]["file_id"]

    await bot.send_media_group(
        anna.id,
        [InputMediaPhoto(media=BufferedInputFile(A_PHOTO, "new.png"), caption="Новое"), InputMediaPhoto(media=known)],
    )

    new, old = anna.chat.bot_messages
    assert new.album is not None
    assert new.album == old.album
    assert (new.text, old.photo) == ("Новое", known)


async def test_documents_are_sent_alone_and_in_albums(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_document(anna.id, BufferedInputFile(b"a;b", "leads.csv"), caption="Выгрузка")
    assert sent.document is not None

    await bot.send_media_group(anna.id, [InputMediaDocument(media=sent.document.file_id)])

    alone, again = anna.chat.bot_messages
    assert sent.document.file_name == "leads.csv"
    assert alone.document == again.document == sent.document.file_id
    assert again.album is None


async def test_commands_are_kept_for_each_scope(bot: Bot) -> None:
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand(command="menu", description="Меню")], scope=private)

    assert [command.command for command in await bot.get_my_commands(scope=private)] == ["menu"]
    assert await bot.get_my_commands() == []

    await bot.delete_my_commands(scope=private)
    assert await bot.get_my_commands(scope=private) == []


async def test_a_group_is_written_to_like_a_chat(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    managers = telegram.group(title="Менеджеры")
    await anna.send_in_group("/failed", managers)

    await bot.send_message(managers.id, "Ошибок нет")

    assert [message.text for message in managers.chat.messages] == ["/failed", "Ошибок нет"]
    assert telegram.queue[0]["message"]["chat"] == {"id": managers.id, "type": "supergroup", "title": "Менеджеры"}
    assert anna.chat.messages == []
