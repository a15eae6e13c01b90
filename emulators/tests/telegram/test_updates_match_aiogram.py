"""What the emulator sends is what Telegram sends: held against aiogram's types, key by key."""

from collections.abc import Awaitable, Callable, Iterator
from typing import get_args

import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Update
from pydantic import BaseModel, ValidationError

from carquery_emulators.telegram import Customer, Kind, TelegramEmulator

Action = Callable[[Customer], Awaitable[object]]
_WELL_FORMED: list[Kind] = [kind for kind in get_args(Kind) if kind != "odd_forward"]
_ACTIONS: dict[str, Action] = {
    "text": lambda anna: anna.send_text("Привет"),
    "command": lambda anna: anna.send_text("/start sell__avito"),
    "edited text": lambda anna: anna.edit_text(1, "Исправлено"),
    "callback query": lambda anna: anna.press("Да"),
    "callback query of a deleted message": lambda anna: anna.press_stale("yes", 999),
    "own contact": lambda anna: anna.share_contact(),
    "other contact": lambda anna: anna.share_contact(other_user_id=777),
    "photo": lambda anna: anna.send_photo(caption="Вид спереди"),
    "document": lambda anna: anna.send_document(),
    "album of photos": lambda anna: anna.send_album(3),
    "video with words": lambda anna: anna.send_upload("video", name="IMG_01.MOV", size=2**30, caption="Звук мотора"),
    "voice": lambda anna: anna.send_upload("voice"),
    "album of photos and a video": lambda anna: anna.send_album(2, videos=1, captions=["слева", None, "мотор"]),
    "album of documents": lambda anna: anna.send_album(2, documents=True),
    "group text": lambda anna: anna.send_in_group("/start"),
    "block": lambda anna: anna.block(),
    "unblock": lambda anna: anna.unblock(),
}


def _undeclared(value: object, path: str) -> Iterator[str]:
    """The keys that arrived but are not fields of the type they arrived in."""
    if isinstance(value, BaseModel):
        yield from (f"{path}.{key}" for key in value.model_extra or {})
        for name in value.model_fields_set:
            yield from _undeclared(getattr(value, name, None), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _undeclared(item, path)


def _assert_is_telegrams(raw: dict[str, object]) -> None:
    assert list(_undeclared(Update.model_validate(raw), "update")) == []


@pytest.mark.parametrize("kind", _ACTIONS)
async def test_updates_of_every_action_have_telegrams_fields(
    kind: str, telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    yes = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="yes")]])
    await anna.send_text("Здравствуйте")
    await bot.send_message(anna.id, "<b>Продолжить?</b>", reply_markup=yes, parse_mode="HTML")
    before = len(telegram.queue)

    await _ACTIONS[kind](anna)

    assert len(telegram.queue) > before
    for raw in telegram.queue:
        _assert_is_telegrams(raw)


@pytest.mark.parametrize("kind", _WELL_FORMED)
async def test_other_contents_have_telegrams_fields(kind: Kind, telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.send_other(kind)

    [raw] = telegram.queue
    _assert_is_telegrams(raw)


async def test_the_odd_forward_is_one_that_strict_readers_refuse(telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.send_other("odd_forward")

    with pytest.raises(ValidationError, match="sender_user_name"):
        Update.model_validate(telegram.queue[0])


async def test_the_check_sees_undeclared_keys(telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.send_text("Привет")
    telegram.queue[0]["message"]["chat"]["colour"] = "red"

    assert list(_undeclared(Update.model_validate(telegram.queue[0]), "update")) == ["update.message.chat.colour"]


async def test_results_have_telegrams_fields(bot: Bot, anna: Customer) -> None:
    sent = await bot.send_message(anna.id, "Привет")
    replied = await bot.send_message(anna.id, "И снова", reply_to_message_id=sent.message_id)
    edited = await bot.edit_message_text("Пока", chat_id=anna.id, message_id=sent.message_id)
    results = [sent, replied, edited, await bot.get_me(), await bot.get_webhook_info()]

    assert [list(_undeclared(result, "result")) for result in results] == [[]] * len(results)


async def test_a_command_is_marked_where_it_stands(telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.send_text("🚗 /menu@carquery_bot и/или /help")

    entities = telegram.queue[0]["message"]["entities"]
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == [
        ("bot_command", 3, 18),
        ("bot_command", 28, 5),
    ]


async def test_an_album_is_one_update_per_picture_with_one_group_id(telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.send_album(10)

    messages = [update["message"] for update in telegram.queue]
    assert len(messages) == 10
    assert len({message["media_group_id"] for message in messages}) == 1
    assert len({message["photo"][-1]["file_id"] for message in messages}) == 10
