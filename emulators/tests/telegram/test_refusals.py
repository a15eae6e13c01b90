"""Telegram's refusals, word for word."""

from collections.abc import Awaitable, Callable

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetChat
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiohttp import ClientSession

from carquery_emulators.telegram import A_PHOTO, Customer, TelegramEmulator
from emulators.tests.telegram.doubles import ManualClock, connected_bot

ANNA = 501
Attempt = Callable[[Bot], Awaitable[object]]


def _one_button(*, text: str, callback_data: str | None = None, url: str | None = None) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text=text, callback_data=callback_data, url=url)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def _send(text: str = "Привет", **options: object) -> Attempt:
    return lambda bot: bot.send_message(ANNA, text, **options)  # type: ignore[arg-type]  # wrong on purpose


_TOO_MANY = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", callback_data="x")]] * 101)
_PICTURE = InputMediaPhoto(media=BufferedInputFile(A_PHOTO, "a.png"))
_NOT_A_PICTURE = BufferedInputFile(b"%PDF-1.4", "a.pdf")

_BAD_REQUESTS: list[tuple[str, Attempt]] = [
    ("message text is empty", _send("")),
    ("text must be non-empty", _send(" \n ")),
    ("text must be non-empty", _send("<b> </b>", parse_mode="HTML")),
    ("message is too long", _send("я" * 4097)),
    ("message is too long", _send("🚗" * 2049)),
    (
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        _send("<b>жирный", parse_mode="HTML"),
    ),
    ('can\'t parse entities: Unsupported start tag "3" at byte offset 7', _send("Имя <3 имя", parse_mode="html")),
    ("unsupported parse_mode", _send("*x*", parse_mode="Wiki")),
    ("BUTTON_DATA_INVALID", _send(reply_markup=_one_button(text="Да", callback_data="я" * 33))),
    (
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        _send(reply_markup=_one_button(text="Да", callback_data="")),
    ),
    (
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        _send(reply_markup=_one_button(text="Да")),
    ),
    ("inline keyboard button text must be non-empty", _send(reply_markup=_one_button(text=" ", callback_data="x"))),
    (
        "inline keyboard button URL 'не ссылка' is invalid: Wrong HTTP URL",
        _send(reply_markup=_one_button(text="Сайт", url="не ссылка")),
    ),
    (
        "inline keyboard button URL 'http://localhost:8080/' is invalid: Wrong HTTP URL",
        _send(reply_markup=_one_button(text="Сайт", url="http://localhost:8080/")),
    ),
    (
        "inline keyboard button URL 'ftp://example.ru' is invalid: Unsupported URL protocol",
        _send(reply_markup=_one_button(text="Сайт", url="ftp://example.ru")),
    ),
    (
        "keyboard button text must be non-empty",
        _send(reply_markup=ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="")]])),
    ),
    ("reply markup is too long", _send(reply_markup=_TOO_MANY)),
    ("message to be replied not found", _send(reply_to_message_id=999)),
    ("chat not found", lambda bot: bot.send_message(404, "Привет")),
    ("chat not found", lambda bot: bot.send_message("@nobody", "Привет")),
    ("message to edit not found", lambda bot: bot.edit_message_text("x", chat_id=ANNA, message_id=999)),
    ("message identifier is not specified", lambda bot: bot.edit_message_text("x", chat_id=ANNA)),
    ("message to delete not found", lambda bot: bot.delete_message(ANNA, 999)),
    ("wrong parameter action in request", lambda bot: bot.send_chat_action(ANNA, "dancing")),
    (
        "query is too old and response timeout expired or query ID is invalid",
        lambda bot: bot.answer_callback_query("12345"),
    ),
    ("wrong file_id or the file is temporarily unavailable", lambda bot: bot.get_file("no-such-file")),
    ("wrong file identifier/HTTP URL specified", lambda bot: bot.send_photo(ANNA, "no-such-file")),
    ("IMAGE_PROCESS_FAILED", lambda bot: bot.send_photo(ANNA, _NOT_A_PICTURE)),
    (
        "message caption is too long",
        lambda bot: bot.send_photo(ANNA, BufferedInputFile(A_PHOTO, "a.png"), caption="я" * 1025),
    ),
    ("too many messages to send as an album", lambda bot: bot.send_media_group(ANNA, [_PICTURE] * 11)),
    ("BOT_COMMAND_INVALID", lambda bot: bot.set_my_commands([BotCommand(command="Меню", description="меню")])),
    (
        "BOT_COMMAND_DESCRIPTION_INVALID",
        lambda bot: bot.set_my_commands([BotCommand(command="menu", description=" ")]),
    ),
    ("secret token contains unallowed characters", lambda bot: bot.set_webhook("http://127.0.0.1/", secret_token="я")),
    (
        "bad webhook: the emulator delivers to loopback only; give it deliver_to",
        lambda bot: bot.set_webhook("https://example.ru/hook"),
    ),
]


@pytest.mark.parametrize(("reason", "attempt"), _BAD_REQUESTS, ids=[reason[:50] for reason, _ in _BAD_REQUESTS])
async def test_bad_requests_are_refused_in_telegrams_words(
    reason: str, attempt: Attempt, bot: Bot, anna: Customer
) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await attempt(bot)

    assert refused.value.message == f"Bad Request: {reason}"
    assert anna.chat.messages == []


@pytest.mark.parametrize(
    ("text", "options"),
    [("я" * 4096, {}), ("<b>" + "я" * 4096 + "</b>", {"parse_mode": "HTML"}), ("  " + "🚗" * 2048 + "\n", {})],
)
async def test_the_text_limit_counts_utf16_units_after_parsing_and_trimming(
    text: str, options: dict[str, str], bot: Bot, anna: Customer
) -> None:
    await bot.send_message(anna.id, text, parse_mode=options.get("parse_mode"))

    assert len(anna.chat.last_message.text.encode("utf-16-le")) // 2 == 4096


async def test_callback_data_of_64_bytes_is_allowed(bot: Bot, anna: Customer) -> None:
    await bot.send_message(anna.id, "Да?", reply_markup=_one_button(text="Да", callback_data="я" * 32))

    assert anna.chat.last_message.button("Да") is not None


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, anna: Customer) -> None:
    keyboard = _one_button(text="Да", callback_data="yes")
    sent = await bot.send_message(anna.id, "<b>Да?</b>", reply_markup=keyboard, parse_mode="HTML")

    for edit in (
        bot.edit_message_text(
            " <strong>Да?</strong>", chat_id=ANNA, message_id=sent.message_id, reply_markup=keyboard, parse_mode="HTML"
        ),
        bot.edit_message_reply_markup(chat_id=ANNA, message_id=sent.message_id, reply_markup=keyboard),
    ):
        with pytest.raises(TelegramBadRequest) as refused:
            await edit
        assert refused.value.message == (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
            "same as a current content and reply markup of the message"
        )
    assert not anna.chat.last_message.edited


@pytest.mark.parametrize("markup", [ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="x")]]), ReplyKeyboardRemove()])
async def test_a_message_with_a_reply_keyboard_cannot_be_edited(
    markup: ReplyKeyboardMarkup | ReplyKeyboardRemove, bot: Bot, anna: Customer
) -> None:
    sent = await bot.send_message(anna.id, "Телефон?", reply_markup=markup)

    with pytest.raises(TelegramBadRequest, match="Bad Request: message can't be edited"):
        await bot.edit_message_text("Имя?", chat_id=anna.id, message_id=sent.message_id)


async def test_a_customers_message_cannot_be_edited(bot: Bot, anna: Customer) -> None:
    await anna.send_text("Привет")

    with pytest.raises(TelegramBadRequest, match="Bad Request: message can't be edited"):
        await bot.edit_message_text("Пока", chat_id=anna.id, message_id=anna.chat.messages[0].id)


async def test_a_reply_keyboard_cannot_be_edited_in(
    telegram: TelegramEmulator, http: ClientSession, bot: Bot, anna: Customer
) -> None:
    sent = await bot.send_message(anna.id, "Телефон?")
    edit = {"chat_id": anna.id, "message_id": sent.message_id, "text": "Имя?"}
    keyboard = {"keyboard": [[{"text": "x"}]]}

    async with http.post(f"/bot{telegram.token}/editMessageText", json={**edit, "reply_markup": keyboard}) as answer:
        assert (await answer.json())["description"] == "Bad Request: inline keyboard expected"


async def test_text_and_caption_are_edited_by_different_methods(bot: Bot, anna: Customer) -> None:
    text = await bot.send_message(anna.id, "Привет")
    photo = await bot.send_photo(anna.id, BufferedInputFile(A_PHOTO, "a.png"), caption="Вид")

    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("Пока", chat_id=anna.id, message_id=photo.message_id)
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=anna.id, message_id=text.message_id, caption="Вид")


async def test_a_message_older_than_two_days_cannot_be_deleted(bot: Bot, anna: Customer, clock: ManualClock) -> None:
    sent = await bot.send_message(anna.id, "Привет")
    clock.advance(48 * 3600 + 1)

    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await bot.delete_message(anna.id, sent.message_id)


async def test_a_callback_query_is_answered_once(bot: Bot, anna: Customer) -> None:
    pressed = anna.press_data(1, "yes")
    await bot.answer_callback_query(pressed.callback_query_id, "Готово")

    with pytest.raises(
        TelegramBadRequest, match="query is too old and response timeout expired or query ID is invalid"
    ):
        await bot.answer_callback_query(pressed.callback_query_id, "Готово")
    assert [answer.text for answer in anna.chat.alerts] == ["Готово"]


async def test_a_callback_query_older_than_150_seconds_is_not_answered(
    bot: Bot, anna: Customer, clock: ManualClock
) -> None:
    pressed = anna.press_data(1, "yes")
    clock.advance(151)

    with pytest.raises(TelegramBadRequest, match="query is too old and response timeout expired"):
        await bot.answer_callback_query(pressed.callback_query_id)


async def test_a_callback_answer_has_200_characters_at_most(bot: Bot, anna: Customer) -> None:
    pressed = anna.press_data(1, "yes")

    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(pressed.callback_query_id, "я" * 201)
    assert await bot.answer_callback_query(pressed.callback_query_id, "я" * 200)


async def test_who_blocked_the_bot_is_not_written_to(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_message(anna.id, "Привет")
    await anna.block()

    for attempt in (
        bot.send_message(anna.id, "Вы здесь?"),
        bot.edit_message_text("Вы здесь?", chat_id=anna.id, message_id=sent.message_id),
        bot.send_chat_action(anna.id, "typing"),
    ):
        with pytest.raises(TelegramForbiddenError) as refused:
            await attempt
        assert refused.value.message == "Forbidden: bot was blocked by the user"

    await anna.unblock()
    await bot.send_message(anna.id, "С возвращением")
    assert anna.chat.last_message.text == "С возвращением"


async def test_who_never_wrote_is_not_written_to(telegram: TelegramEmulator, bot: Bot) -> None:
    stranger = telegram.customer(77, "Борис", has_started=False)

    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "Привет")
    await stranger.send_text("/start")
    await bot.send_message(stranger.id, "Привет")
    assert stranger.chat.last_message.text == "Привет"


async def test_a_wrong_token_is_unauthorized(telegram: TelegramEmulator) -> None:
    async with connected_bot(telegram, token="654321:OTHER") as impostor:
        with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
            await impostor.get_me()


async def test_an_unknown_method_is_not_found(bot: Bot, anna: Customer) -> None:
    with pytest.raises(TelegramNotFound, match="Not Found"):
        await bot(GetChat(chat_id=anna.id))


async def test_a_file_over_20_megabytes_is_not_downloaded(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    await anna.send_document(size=20 * 1024 * 1024 + 1)

    with pytest.raises(TelegramBadRequest, match="Bad Request: file is too big"):
        await bot.get_file(telegram.queue[0]["message"]["document"]["file_id"])
