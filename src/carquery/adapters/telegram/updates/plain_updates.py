"""An update that is not what the Bot API says, cut down to what CarQuery reads of it.

Telegram now and then leaves out what its documentation calls required, or makes something else of it. What is odd must
cost only itself, and no word of the customer's.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from carquery.adapters.telegram.updates.contents import UPLOADS, is_service
from carquery.adapters.telegram.updates.wire import LARGEST_ID, PRIVATE

Json: TypeAlias = dict[str, Any]
Read: TypeAlias = Callable[[object], object]


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
    if not isinstance(message, Mapping) or is_service(message):
        return None
    sender = _user(message.get("from"))
    chat = _chat(message.get("chat"), sender)
    if sender is None or sender["is_bot"] or chat is None or chat["type"] != PRIVATE:
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
    if sender is None and chat["type"] == PRIVATE:
        sender = {"id": chat["id"], "is_bot": False, "first_name": ""}
    return {
        "message_id": _number(raw.get("message_id")) or 0,
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
        "data": _text(raw.get("data")),
        "message": _place(raw.get("message"), sender),
    }


def _place(raw: object, sender: Json) -> Json | None:
    """Of the message with the button, where it stands."""
    if not isinstance(raw, Mapping):
        return None
    chat = _chat(raw.get("chat"), sender)
    return None if chat is None else {"chat": chat, "message_id": _number(raw.get("message_id")) or 0}


def _user(raw: object) -> Json | None:
    user = _number(raw.get("id")) if isinstance(raw, Mapping) else None
    if user is None or user <= 0 or not isinstance(raw, Mapping):
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
        kind = PRIVATE
    return None if number is None or kind is None else {"id": number, "type": kind}


def _contact(raw: object) -> Json | None:
    phone = _text(raw.get("phone_number")) if isinstance(raw, Mapping) else None
    if phone is None or not isinstance(raw, Mapping):
        return None
    return {"phone_number": phone, "user_id": _number(raw.get("user_id"))}


def _photo(raw: object) -> list[Json] | None:
    """Its sizes, the smallest first; those that can't be read are left out."""
    sizes = [size for one in raw if (size := _file(one)) is not None] if isinstance(raw, list) else []
    return sizes or None


def _file(raw: object) -> Json | None:
    """What all kinds of files may have."""
    file = _text(raw.get("file_id")) if isinstance(raw, Mapping) else None
    if file is None or not isinstance(raw, Mapping):
        return None
    return {
        "file_id": file,
        "file_size": _number(raw.get("file_size")),
        "file_name": _text(raw.get("file_name")),
        "mime_type": _text(raw.get("mime_type")),
    }


def _text(value: object) -> str | None:
    """Surrogates that stand alone go: no text has them."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) <= len(str(LARGEST_ID)):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_ID:
        return None
    return value


_CONTENTS: Final[Mapping[str, Read]] = {
    "text": _text,
    "caption": _text,
    "contact": _contact,
    "photo": _photo,
    **dict.fromkeys(UPLOADS, _file),
}
"""What we read of a message, and how."""
