"""Buttons as Telegram's keyboards."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from carquery.adapters.messenger.button_data import pack
from carquery.adapters.messenger.message import Button, ContactButton, LinkButton, Message, PressButton

CALLBACK_DATA_LIMIT = 64
"""Bytes, not characters. Source: Bot API, InlineKeyboardButton."""


def markup_of(message: Message) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """The keyboard of a message; one that asks for the contact is a reply keyboard, for want of another."""
    return contact_keyboard(message) if message.asks_contact else inline_markup(message)


def inline_markup(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons under a message. Raises ValueError: one carries more than Telegram takes."""
    if not message.rows:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[_inline(button) for button in row] for row in message.rows])


def contact_keyboard(message: Message) -> ReplyKeyboardMarkup:
    """A message has one keyboard, and only this kind asks for contacts: its other buttons type what they say."""
    keyboard = [
        [KeyboardButton(text=button.label, request_contact=isinstance(button, ContactButton) or None) for button in row]
        for row in message.rows
    ]
    return ReplyKeyboardMarkup(keyboard=keyboard, resize_keyboard=True, one_time_keyboard=True)


def _inline(button: Button) -> InlineKeyboardButton:
    match button:
        case PressButton(label, press):
            data = pack(press)
            if len(data.encode()) > CALLBACK_DATA_LIMIT:
                raise ValueError(f"callback data over {CALLBACK_DATA_LIMIT} bytes: {data}")
            return InlineKeyboardButton(text=label, callback_data=data)
        case LinkButton(label, url):
            return InlineKeyboardButton(text=label, url=url)
        case ContactButton():
            raise ValueError("only a reply keyboard asks for contacts")
