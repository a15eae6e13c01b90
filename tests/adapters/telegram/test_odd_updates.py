"""Updates that the library can't read: what is odd in them costs only itself, and no word of a customer."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import CallbackQuery, Message, Update
from pydantic import ValidationError

from carquery.adapters.telegram.updates.contents import content_of
from carquery.adapters.telegram.updates.reading import Unreadable, customer_of, read_update
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel

CASES = [json.loads(line) for line in Path("tests/data/odd_updates.jsonl").read_text().splitlines()]
ANNA = 7001


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot("1:token")
    yield bot
    await bot.session.close()


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
async def test_what_can_be_read_of_an_odd_update_is_read(case: dict[str, Any], bot: Bot) -> None:
    with pytest.raises(ValidationError):
        Update.model_validate(case["update"])

    arrived = read_update(case["update"], bot)

    assert _given(arrived) == case["gives"]


def _given(arrived: Update | Unreadable) -> dict[str, Any]:
    """What the customer said with it, in the words of the data."""
    if isinstance(arrived, Unreadable):
        return {"silence" if arrived.customer is None else "unexpected": True}
    assert customer_of(arrived) == ANNA
    if arrived.callback_query is not None:
        return _pressed(arrived.callback_query)
    if arrived.edited_message is not None:
        return {"edited": arrived.edited_message.text or arrived.edited_message.caption}
    assert arrived.message is not None
    return _written(arrived.message)


def _written(message: Message) -> dict[str, Any]:
    assert (message.chat.id, message.chat.type) == (ANNA, "private")
    if message.text is not None:
        return {"text": message.text}
    album = {"album": message.media_group_id} if message.media_group_id else {}
    match content_of(message, ()):
        case SharedContact(number, own):
            return {"phone": number, "own": own}
        case Parcel(photos, files, too_large, words):
            files_by_name = [file.name for file in files]
            parts = {"photos": list(photos), "files": files_by_name, "too_large": too_large, "words": list(words)}
            return {name: part for name, part in parts.items() if part} | album
        case other:
            return {"unexpected" if other else "silence": True}


def _pressed(query: CallbackQuery) -> dict[str, Any]:
    assert query.message is not None
    pressed = {"pressed": query.data, "message": query.message.message_id}
    return pressed if query.message.chat.type == "private" else {**pressed, "chat": query.message.chat.type}
