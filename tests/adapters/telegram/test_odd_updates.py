"""Updates that are not what the Bot API says: what is odd in them costs only itself, and no word of a customer."""

import json
from pathlib import Path
from typing import Any

import pytest

from carquery.adapters.telegram.updates.contents import content_of
from carquery.adapters.telegram.updates.reading import Arrived, Unreadable, customer_of, read_update, sender_of
from carquery.adapters.telegram.updates.wire import CallbackQuery, TelegramMessage
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel

CASES = [json.loads(line) for line in Path("tests/data/odd_updates.jsonl").read_text().splitlines()]
ANNA = 7001


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_what_can_be_read_of_an_odd_update_is_read(case: dict[str, Any]) -> None:
    arrived = read_update(json.dumps(case["update"]).encode())

    assert _given(arrived) == case["gives"]


def _given(arrived: Arrived) -> dict[str, Any]:
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


def _written(message: TelegramMessage) -> dict[str, Any]:
    if sender_of(message) is None:
        return {"silence": True}
    assert message.chat.id == ANNA
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
