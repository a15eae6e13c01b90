"""An update's bytes into one that can be matched on, or into what little can be read of it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec
import structlog
from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from carquery.adapters.messenger.odd_json import mended
from carquery.adapters.telegram.updates.contents import is_content, is_service
from carquery.adapters.telegram.updates.plain_updates import plainly, speaker_of
from carquery.adapters.telegram.updates.wire import (
    NULL,
    CallbackQuery,
    Envelope,
    MyChatMember,
    TelegramMessage,
    TelegramUser,
)
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Telegram is asked for."""


class Update(Struct, frozen=True):
    """An update; at most one of the four is there, none if it is of a kind that we do not read."""

    update_id: int
    message: TelegramMessage | None = None
    edited_message: TelegramMessage | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MyChatMember | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update of which nothing can be read. `customer`: who waits for an answer to it, if one can see that."""

    update_id: int
    customer: int | None


Arrived: TypeAlias = Update | Unreadable

_UPDATES: Final = Decoder(Update)
_ENVELOPES: Final = Decoder(Envelope)
_KEYS: Final = Decoder(dict[str, Raw])


def update_id_of(raw: bytes | Raw) -> int | None:
    """The update's number, whatever else it is; `None` if it has none, and so is none."""
    try:
        return _ENVELOPES.decode(raw).update_id
    except (ValueError, RecursionError):
        return None


def read_update(raw: bytes) -> Arrived:
    """The update, or what can be read of it; what can't be read is logged. `raw` has an update_id."""
    try:
        update = _UPDATES.decode(raw)
        message = update.message
        if message is None or message.text is not None or is_content(message):
            return update
        happened = _there_in(_ENVELOPES.decode(raw).message)
    except (ValueError, RecursionError):
        return _read_in_part(_ENVELOPES.decode(raw).update_id, raw)
    return replace(update, message=replace(message, is_service=is_service(happened)))


def kind_of(arrived: Arrived) -> str:
    """One of `UPDATE_KINDS`."""
    match arrived:
        case Unreadable():
            return "unreadable"
        case Update(message=TelegramMessage()):
            return "message"
        case Update(edited_message=TelegramMessage()):
            return "edited_message"
        case Update(callback_query=CallbackQuery()):
            return "callback_query"
        case Update():
            return "other"


def customer_of(arrived: Arrived) -> int | None:
    """Who an update came from; `None` if nobody we answer."""
    if isinstance(arrived, Unreadable):
        return arrived.customer
    event = arrived.message or arrived.edited_message or arrived.callback_query or arrived.my_chat_member
    return None if event is None or event.from_user is None else event.from_user.id


def album_of(arrived: Arrived) -> str | None:
    """The album it is a part of."""
    return None if isinstance(arrived, Unreadable) or arrived.message is None else arrived.message.media_group_id


def sender_of(message: TelegramMessage) -> TelegramUser | None:
    """Who sent it, in a private chat; bots are not served: two of them would answer each other for ever."""
    sender = message.from_user
    is_served = sender is not None and not sender.is_bot and message.chat.is_private
    return sender if is_served else None


def _there_in(raw: Raw) -> Sequence[str]:
    """The names of what is not null."""
    return [name for name, value in _KEYS.decode(raw).items() if bytes(value) != NULL]


def _read_in_part(update_id: int, raw: bytes) -> Arrived:
    """What is odd in one place costs only that place."""
    whole = _parsed(raw)
    said = log.bind(update_id=update_id, kinds=[kind for kind in whole if kind != "update_id"])
    plain = plainly(whole)
    if plain is None:
        said.warning("update_unreadable")
        return Unreadable(update_id, speaker_of(whole))
    said.warning("update_read_in_part")
    match plain:
        case {"callback_query": query}:
            return Update(update_id, callback_query=msgspec.convert(query, CallbackQuery))
        case {"edited_message": message}:
            return Update(update_id, edited_message=msgspec.convert(message, TelegramMessage))
        case _:
            return Update(update_id, message=msgspec.convert(plain["message"], TelegramMessage))


def _parsed(raw: bytes) -> Mapping[str, Any]:
    readable = mended(raw)
    whole: object = None if readable is None else json.loads(readable)
    return whole if isinstance(whole, dict) else {}
