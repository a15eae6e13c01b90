"""Buttons as Telegram's keyboards."""

from msgspec import UNSET, UnsetType

from carquery.adapters.messenger.button_data import pack
from carquery.adapters.messenger.message import Button, ContactButton, LinkButton, Message, PressButton
from carquery.adapters.telegram.api.keyboards import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

CALLBACK_DATA_LIMIT = 64
"""Bytes, not characters. Source: Bot API, InlineKeyboardButton."""


def markup_of(message: Message) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | UnsetType:
    """The keyboard of a message; one that asks for the contact is a reply keyboard, for want of another."""
    return contact_keyboard(message) if message.asks_contact else inline_markup(message)


def inline_markup(message: Message) -> InlineKeyboardMarkup | UnsetType:
    """The buttons under a message. Raises ValueError: one carries more than Telegram takes."""
    if not message.rows:
        return UNSET
    return InlineKeyboardMarkup(tuple(tuple(map(_inline, row)) for row in message.rows))


def contact_keyboard(message: Message) -> ReplyKeyboardMarkup:
    """A message has one keyboard, and only this kind asks for contacts: its other buttons type what they say."""
    return ReplyKeyboardMarkup(tuple(tuple(map(_typed, row)) for row in message.rows))


def _inline(button: Button) -> InlineKeyboardButton:
    match button:
        case PressButton():
            data = pack(button.press)
            if len(data.encode()) > CALLBACK_DATA_LIMIT:
                raise ValueError(f"callback data over {CALLBACK_DATA_LIMIT} bytes: {data}")
            return InlineKeyboardButton(button.label, callback_data=data)
        case LinkButton():
            return InlineKeyboardButton(button.label, url=button.url)
        case ContactButton():
            raise ValueError("only a reply keyboard asks for contacts")


def _typed(button: Button) -> KeyboardButton:
    return KeyboardButton(button.label, request_contact=True if isinstance(button, ContactButton) else UNSET)
