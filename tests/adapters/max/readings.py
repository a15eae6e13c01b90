"""What a customer said with an update, in the words of `data/max_updates.jsonl`."""

import json
from collections.abc import Mapping
from typing import Any

from carquery.adapters.max.updates.contents import Card, Spoken, content_of, text_of
from carquery.adapters.max.updates.reading import STARTED, STOPPED, MaxInput, read_input
from carquery.adapters.max.updates.wire import MaxMessage
from carquery.domain.answers import Unexpected
from carquery.domain.attachments import Parcel

ANNA = 7001


def given_by(update: Mapping[str, Any]) -> dict[str, Any]:
    """What was said with an update, as the bot reads it."""
    given = read_input(json.dumps(update).encode())
    if given is None:
        return {"nonsense": True}
    if given.sender is None:
        return {"silence": True}
    assert given.sender.user_id == ANNA
    return _said(given)


def _said(given: MaxInput) -> dict[str, Any]:
    update = given.update
    if update.update_type in (STARTED, *STOPPED):
        return {update.update_type: update.payload or ""}
    if update.callback is not None:
        return {"pressed": update.callback.payload, "message": given.message_id}
    assert update.message is not None
    if update.update_type == "message_edited":
        return {"edited": text_of(update.message)}
    return _written(update.message)


def _written(message: MaxMessage) -> dict[str, Any]:
    match content_of(message):
        case str(text):
            return {"text": text}
        case Spoken(text, recording):
            return {"spoken": text, "file": recording.id, "name": recording.name}
        case Card(payload):
            return {"card": payload.vcf_info, "hash": payload.hash}
        case Parcel(photos, files, too_large, words):
            named = [f"{file.id} {file.name} {file.content_type}" for file in files]
            parts = {"photos": list(photos), "files": named, "too_large": too_large, "words": list(words)}
            return {name: part for name, part in parts.items() if part}
        case Unexpected():
            return {"unexpected": True}
