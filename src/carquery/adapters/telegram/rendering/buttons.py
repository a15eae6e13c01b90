"""Buttons, and how they stand in rows."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from carquery.adapters.telegram.rendering.callback_data import pack
from carquery.adapters.telegram.rendering.view import InlineRows
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb
from carquery.application.screens import Menu, Place
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import ON_THE_MENU
from carquery.domain.visit import Button

WIDEST = ((6, 4), (8, 3), (20, 2))
"""Longest label in characters, buttons in a row: what a phone of 360 points shows uncut. Longer labels stand alone."""


def dialog_button(label: str, dialog: Dialog, verb: DialogVerb, argument: str = "") -> InlineKeyboardButton:
    """A button of the dialog as it stands now; stale as soon as the dialog changes."""
    press = DialogPress(Button(dialog.id, dialog.revision), verb, argument)
    return InlineKeyboardButton(text=label, callback_data=pack(press))


def free_button(label: str, verb: FreeVerb, argument: str = "") -> InlineKeyboardButton:
    """A button that belongs to no dialog and never gets stale."""
    return InlineKeyboardButton(text=label, callback_data=pack(FreePress(verb, argument)))


def url_button(label: str, url: str) -> InlineKeyboardButton:
    """A link."""
    return InlineKeyboardButton(text=label, url=url)


def option_buttons(dialog: Dialog) -> InlineRows:
    """The current step's options."""
    return in_rows([dialog_button(option.shown, dialog, DialogVerb.PICK, option.code) for option in dialog.options])


def menu_buttons(verb: FreeVerb = FreeVerb.OPEN) -> InlineRows:
    """The six buttons of the menu, in two columns."""
    forms = [free_button(form.button, verb, form.service) for form in ON_THE_MENU]
    return in_columns([*forms, free_button(Menu.ASK, verb, Place.QUESTION)], 2)


def in_rows(buttons: Sequence[InlineKeyboardButton]) -> InlineRows:
    """As many in a row as their labels allow."""
    longest = max((len(button.text) for button in buttons), default=0)
    columns = next((columns for width, columns in WIDEST if longest <= width), 1)
    return in_columns(buttons, columns)


def in_columns(buttons: Sequence[InlineKeyboardButton], columns: int) -> InlineRows:
    """Row after row."""
    return tuple(tuple(buttons[start : start + columns]) for start in range(0, len(buttons), columns))
