"""What is written into a message, as MAX has it. Source: dev.max.ru, NewMessageBody; OpenAPI 0.0.33."""

from typing import Literal, TypeAlias

from msgspec import Struct


class CallbackButton(Struct, frozen=True, tag="callback", tag_field="type"):
    text: str
    payload: str


class UrlButton(Struct, frozen=True, tag="link", tag_field="type"):
    text: str
    url: str


class RequestContactButton(Struct, frozen=True, tag="request_contact", tag_field="type"):
    """The customer's messenger sends a message with their card."""

    text: str


MaxButton: TypeAlias = CallbackButton | UrlButton | RequestContactButton


class MaxKeyboard(Struct, frozen=True):
    buttons: tuple[tuple[MaxButton, ...], ...]


class InlineKeyboard(Struct, frozen=True, tag="inline_keyboard", tag_field="type"):
    payload: MaxKeyboard


class NewMessage(Struct, frozen=True):
    """A message to send, or what one becomes.

    Attributes:
        text: HTML, or as `format` says; None in an edit: it stays.
        attachments: of an edit, `()`: all go; None: they stay.
    """

    text: str | None
    attachments: tuple[InlineKeyboard, ...] | None = None
    link: None = None
    format: Literal["html"] | None = "html"
