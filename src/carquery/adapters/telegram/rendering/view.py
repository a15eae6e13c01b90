"""What a screen looks like in Telegram, before anything is sent."""

from dataclasses import dataclass
from typing import TypeAlias

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

InlineRows: TypeAlias = tuple[tuple[InlineKeyboardButton, ...], ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message.

    Attributes:
        html: the text in Telegram's HTML, at most 4096 UTF-16 units after parsing.
        buttons: rows of buttons under the message.
        reply_rows: rows of the keyboard that asks for the customer's contact, instead of `buttons`.
        farewell: if a reply keyboard is up and must go, the line that takes it down.
        beside: the customer's current screen stays what it is; this one only stands beside it.
        ends_keyboard: a reply keyboard may be up that nobody remembers; it is taken down.
    """

    html: str
    buttons: InlineRows = ()
    reply_rows: tuple[tuple[KeyboardButton, ...], ...] = ()
    farewell: str = "👌"
    beside: bool = False
    ends_keyboard: bool = False

    @property
    def inline_markup(self) -> InlineKeyboardMarkup | None:
        if not self.buttons:
            return None
        return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in self.buttons])

    @property
    def reply_markup(self) -> ReplyKeyboardMarkup | None:
        if not self.reply_rows:
            return None
        return ReplyKeyboardMarkup(
            keyboard=[list(row) for row in self.reply_rows], resize_keyboard=True, one_time_keyboard=True
        )


@dataclass(frozen=True, slots=True)
class AlertView:
    """A sentence that changes nothing in the chat: over it, where a button was pressed, else a message.

    `behind`: what the message with the button should show, if it is the customer's current one.
    """

    text: str
    behind: MessageView | None = None


@dataclass(frozen=True, slots=True)
class NoView:
    """Nothing to show."""


View: TypeAlias = MessageView | AlertView | NoView
