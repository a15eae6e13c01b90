"""An update that the library can't read, cut down to what CarQuery reads of it.

Telegram adds kinds of things faster than any library follows, and now and then leaves out what its documentation calls
required. A part that we have no use for must not cost the customer's words.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from aiogram.enums import ChatType

from carquery.adapters.telegram.updates.contents import SERVICE_MESSAGES

Json: TypeAlias = dict[str, Any]
Read: TypeAlias = Callable[[object], object]

_LARGEST_ID: Final = 2**52
"""Source: Bot API, `User.id`, `Chat.id`: at most 52 significant bits."""


def plainly(raw: Mapping[str, Any]) -> Json | None:
    """The same update with nothing in it that we don't read; `None` if there is nothing that we read."""
    for kind in ("message", "edited_message"):
        if (message := _message(raw.get(kind))) is not None:
            return {"update_id": raw["update_id"], kind: message}
    query = _query(raw.get("callback_query"))
    return None if query is None else {"update_id": raw["update_id"], "callback_query": query}


def speaker_of(raw: Mapping[str, Any]) -> int | None:
    """Who said something with it, in a private chat; None: nobody, or a bot, or one can't see it."""
    message = raw.get("message")
    if not isinstance(message, Mapping) or not SERVICE_MESSAGES.isdisjoint(message):
        return None
    sender = _user(message.get("from"))
    chat = _chat(message.get("chat"), sender)
    if sender is None or sender["is_bot"] or chat is None or chat["type"] != ChatType.PRIVATE:
        return None
    return int(sender["id"])


def _message(raw: object) -> Json | None:
    if not isinstance(raw, Mapping):
        return None
    sender = _user(raw.get("from"))
    chat = _chat(raw.get("chat"), sender)
    content = {name: read for name, how in _CONTENTS.items() if (read := how(raw.get(name))) is not None}
    if chat is None or not content:
        return None
    if sender is None and chat["type"] == ChatType.PRIVATE:
        sender = {"id": chat["id"], "is_bot": False, "first_name": ""}
    return {
        "message_id": _number(raw.get("message_id")) or 0,
        "date": 0,  # nobody reads it, and a far one can't be a date
        "chat": chat,
        "from": sender,
        "media_group_id": _text(raw.get("media_group_id")),
        **content,
    }


def _query(raw: object) -> Json | None:
    if not isinstance(raw, Mapping):
        return None
    query, sender = _text(raw.get("id")), _user(raw.get("from"))
    if query is None or sender is None:
        return None
    return {
        "id": query,
        "from": sender,
        "chat_instance": "",
        "data": _text(raw.get("data")),
        "message": _place(raw.get("message"), sender),
    }


def _place(raw: object, sender: Json) -> Json | None:
    """Of the message with the button, where it stands; its date says that there is no more of it (Bot API)."""
    if not isinstance(raw, Mapping):
        return None
    chat = _chat(raw.get("chat"), sender)
    return None if chat is None else {"chat": chat, "message_id": _number(raw.get("message_id")) or 0, "date": 0}


def _user(raw: object) -> Json | None:
    user = _number(raw.get("id")) if isinstance(raw, Mapping) else None
    if user is None or not isinstance(raw, Mapping):
        return None
    return {
        "id": user,
        "is_bot": raw.get("is_bot") is True,
        "first_name": _text(raw.get("first_name")) or "",
        "username": _text(raw.get("username")),
    }


def _chat(raw: object, sender: Json | None) -> Json | None:
    """A chat that does not say what it is, is a private one if its number is the sender's, or it has none."""
    if not isinstance(raw, Mapping):
        raw = {}
    number, kind = _number(raw.get("id")), _text(raw.get("type"))
    if number is None:
        number = None if sender is None else sender["id"]
    if kind is None and sender is not None and number == sender["id"]:
        kind = ChatType.PRIVATE
    return None if number is None or kind is None else {"id": number, "type": kind}


def _contact(raw: object) -> Json | None:
    phone = _text(raw.get("phone_number")) if isinstance(raw, Mapping) else None
    if phone is None or not isinstance(raw, Mapping):
        return None
    return {"phone_number": phone, "first_name": "", "user_id": _number(raw.get("user_id"))}


def _photo(raw: object) -> list[Json] | None:
    """Its sizes, the smallest first; those that can't be read are left out."""
    sizes = [size for one in raw if (size := _file(one)) is not None] if isinstance(raw, list) else []
    return sizes or None


def _file(raw: object) -> Json | None:
    """What all kinds of files have; what none of ours asks for is nought."""
    file = _text(raw.get("file_id")) if isinstance(raw, Mapping) else None
    if file is None or not isinstance(raw, Mapping):
        return None
    return {
        "file_id": file,
        "file_unique_id": "",
        **dict.fromkeys(("width", "height", "length", "duration"), 0),
        "file_size": _number(raw.get("file_size")),
        "file_name": _text(raw.get("file_name")),
        "mime_type": _text(raw.get("mime_type")),
    }


_FILES: Final = ("animation", "audio", "document", "video", "video_note", "voice")


def _text(value: object) -> str | None:
    """Surrogates that stand alone go: no text has them."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) <= len(str(_LARGEST_ID)):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST_ID:
        return None
    return value


_CONTENTS: Final[Mapping[str, Read]] = {
    "text": _text,
    "caption": _text,
    "contact": _contact,
    "photo": _photo,
    **dict.fromkeys(_FILES, _file),
}
"""What we read of a message, and how."""
