"""Keyboards as the Bot API has them. Source: core.telegram.org/bots/api, InlineKeyboardMarkup and its neighbours."""

from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType


class InlineKeyboardButton(Struct, frozen=True):
    text: str
    callback_data: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class InlineKeyboardMarkup(Struct, frozen=True):
    inline_keyboard: tuple[tuple[InlineKeyboardButton, ...], ...]


class KeyboardButton(Struct, frozen=True):
    text: str
    request_contact: bool | UnsetType = UNSET


class ReplyKeyboardMarkup(Struct, frozen=True):
    keyboard: tuple[tuple[KeyboardButton, ...], ...]
    resize_keyboard: bool = True
    one_time_keyboard: bool = True


class ReplyKeyboardRemove(Struct, frozen=True):
    remove_keyboard: bool = True


Keyboard: TypeAlias = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
