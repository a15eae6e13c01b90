"""Buttons, and how they stand in rows."""

from collections.abc import Sequence

from carquery.adapters.messenger.message import Button, PressButton, Rows
from carquery.application import screens
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb
from carquery.application.screens import Menu, Place
from carquery.domain import visit
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Form

WIDEST = ((6, 4), (8, 3), (20, 2))
"""Longest label in characters, buttons in a row: what a phone of 360 points shows uncut. Longer labels stand alone."""


def dialog_button(label: str, dialog: Dialog, verb: DialogVerb, argument: str = "") -> PressButton:
    """A button of the dialog as it stands now; stale as soon as the dialog changes."""
    return PressButton(label, DialogPress(visit.Button(dialog.id, dialog.revision), verb, argument))


def free_button(label: str, verb: FreeVerb, argument: str = "") -> PressButton:
    """A button that belongs to no dialog and never gets stale."""
    return PressButton(label, FreePress(verb, argument))


def option_buttons(dialog: Dialog) -> Rows:
    """The current step's options."""
    return in_rows([dialog_button(option.shown, dialog, DialogVerb.PICK, option.code) for option in dialog.options])


def menu_buttons(forms: Sequence[Form], verb: FreeVerb = FreeVerb.OPEN) -> Rows:
    """Those forms, and the question, in two columns."""
    services = [free_button(form.button, verb, form.service) for form in forms]
    return in_columns([*services, free_button(Menu.ASK, verb, Place.QUESTION)], 2)


def to_menu(label: str = screens.MENU) -> tuple[PressButton, ...]:
    """The way back to the menu, in a row of its own."""
    return (free_button(label, FreeVerb.OPEN, Place.MENU),)


def in_rows(buttons: Sequence[Button]) -> Rows:
    """As many in a row as their labels allow."""
    longest = max((len(button.label) for button in buttons), default=0)
    columns = next((columns for width, columns in WIDEST if longest <= width), 1)
    return in_columns(buttons, columns)


def in_columns(buttons: Sequence[Button], columns: int) -> Rows:
    """Row after row."""
    return tuple(tuple(buttons[start : start + columns]) for start in range(0, len(buttons), columns))
