"""What a customer said with an update, in the words of `data/odd_updates.jsonl`."""

import json
from collections.abc import Mapping
from typing import Any

from carquery.adapters.messenger.odd_json import mended
from carquery.adapters.telegram.updates.contents import content_of
from carquery.adapters.telegram.updates.reading import (
    Arrived,
    Unreadable,
    customer_of,
    read_update,
    sender_of,
    update_id_of,
)
from carquery.adapters.telegram.updates.wire import CallbackQuery, TelegramMessage
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel

ANNA = 7001


def as_read(update: Mapping[str, Any]) -> Arrived:
    """As both ways in read it."""
    raw = json.dumps(update).encode()
    if update_id_of(raw) is None:
        raw = mended(raw) or b""
    return read_update(raw)


def given_by(update: Mapping[str, Any]) -> dict[str, Any]:
    """What was said with an update, as the bot reads it."""
    return given(as_read(update))


def given(arrived: Arrived) -> dict[str, Any]:
    """Of an update that was read."""
    if isinstance(arrived, Unreadable):
        return {"silence" if arrived.customer is None else "unexpected": True}
    if arrived.callback_query is not None:
        return _pressed(arrived.callback_query)
    message = arrived.edited_message or arrived.message
    if message is None or sender_of(message) is None:
        return {"silence": True}
    assert customer_of(arrived) == ANNA
    if arrived.edited_message is not None:
        return {"edited": message.text or message.caption}
    return _written(message)


def _written(message: TelegramMessage) -> dict[str, Any]:
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
    assert query.from_user.id == ANNA
    pressed: dict[str, Any] = {"pressed": query.data}
    if query.message is None:
        return pressed
    pressed["message"] = query.message.message_id
    return pressed if query.message.chat.is_private else {**pressed, "chat": query.message.chat.type}
