"""An update's bytes into one that can be matched on, with a name that a repeat of it has too.

MAX gives updates no number. It repeats them for hours, and a repeat may come long after what followed it.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from msgspec import Raw
from msgspec.json import Decoder

from carquery.adapters.max.channel import customer_of_user, input_of
from carquery.adapters.max.updates.odd_updates import read_leniently
from carquery.adapters.max.updates.wire import MaxCallback, MaxMessage, MaxUpdate, MaxUser
from carquery.domain.ids import CustomerId, InputId

log = structlog.get_logger(__name__)

CREATED: Final = "message_created"
EDITED: Final = "message_edited"
PRESSED: Final = "message_callback"
STARTED: Final = "bot_started"
STOPPED: Final = ("bot_stopped", "dialog_removed")
"""The customer has stopped the bot, or has thrown the dialog away, which brings both."""

UPDATE_TYPES: Final = (CREATED, EDITED, PRESSED, STARTED, *STOPPED)
"""What MAX is asked for."""

_UPDATES: Final = Decoder(MaxUpdate)


@dataclass(frozen=True, slots=True)
class MaxInput:
    """An update, and what it is called.

    Attributes:
        sender: the person it came from, in a dialog; None: nobody whom we serve.
        chat: the dialog's number, if it says so.
    """

    input: InputId
    update: MaxUpdate
    sender: MaxUser | None
    chat: int | None

    @property
    def message_id(self) -> str | None:
        """The customer's message, or the one with the button; None: it is not there, or says not which it is."""
        message = self.update.message
        return None if message is None or message.body is None else message.body.mid or None

    @property
    def customer(self) -> CustomerId | None:
        return None if self.sender is None else customer_of_user(self.sender.user_id)


def read_input(raw: bytes | Raw) -> MaxInput | None:
    """The update, or what can be read of it; `None`: it is none. What can't be read is logged."""
    try:
        update = _UPDATES.decode(raw)
    except (ValueError, RecursionError):
        read = read_leniently(bytes(raw), MaxUpdate)
        if read is None:
            return None
        update = read
        log.warning("update_read_in_part", kinds=[update.update_type])
    sender, chat = _sender_and_chat(update)
    return MaxInput(_name_of(update, raw), update, sender, chat)


def kind_of(update: MaxUpdate) -> str:
    """One of `UPDATE_KINDS`."""
    return _KINDS.get(update.update_type, "other")


def _sender_and_chat(update: MaxUpdate) -> tuple[MaxUser | None, int | None]:
    """In groups and channels nobody is served, nor are bots: two of them would answer each other for ever."""
    match update:
        case MaxUpdate(update_type="message_created" | "message_edited", message=MaxMessage() as message):
            sender, is_dialog = message.sender, message.is_in_dialog
        case MaxUpdate(update_type="message_callback", callback=MaxCallback() as callback, message=message):
            sender, is_dialog = callback.user, message is None or message.is_in_dialog
        case MaxUpdate(update_type="bot_started" | "bot_stopped" | "dialog_removed", user=sender, chat_id=chat):
            message, is_dialog = None, (chat or 1) > 0
        case _:
            return None, None
    if sender is None or sender.is_bot or not is_dialog:
        return None, None
    recipient = None if message is None else message.recipient
    return sender, update.chat_id if recipient is None else recipient.chat_id


def _name_of(update: MaxUpdate, raw: bytes | Raw) -> InputId:
    """Source of what repeats have in common: dev.max.ru, objects/Update. `callback_id` may be one for all presses of a
    keyboard, so that it alone would not do."""
    kind, message, callback = update.update_type, update.message, update.callback
    body = None if message is None else message.body
    forwarded = None if message is None else message.forwarded
    match kind:
        case "message_created" if body is not None and body.mid:
            return input_of(kind, body.mid)
        case "message_created" if forwarded is not None and forwarded.mid:
            return input_of(kind, forwarded.mid, update.timestamp)
        case "message_edited" if body is not None and body.mid:
            return input_of(kind, body.mid, update.timestamp)
        case "message_callback" if callback is not None:
            at = callback.timestamp or update.timestamp
            return input_of(kind, callback.callback_id, at, callback.payload or "")
        case "bot_started" | "bot_stopped" | "dialog_removed" if update.user is not None:
            return input_of(kind, update.user.user_id, update.timestamp)
        case _:
            return input_of(kind, bytes(raw).decode(errors="replace"))


_KINDS: Final = {CREATED: "message", STARTED: "message", EDITED: "edited_message", PRESSED: "callback_query"}
