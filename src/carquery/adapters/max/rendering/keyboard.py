"""Buttons as MAX's keyboards, laid out for its widths.

Source: dev.max.ru, Button and InlineKeyboardAttachment (OpenAPI 0.0.33): limits, and the advice so that labels fit.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from carquery.adapters.max.api.keyboards import (
    CallbackButton,
    InlineKeyboard,
    MaxButton,
    MaxKeyboard,
    RequestContactButton,
    UrlButton,
)
from carquery.adapters.messenger.button_data import pack
from carquery.adapters.messenger.message import Button, ContactButton, LinkButton, Message, PressButton, Rows

LABELS: Final = {4: 3, 3: 5, 2: 10}
"""Buttons in a row, and the characters that a label may have there. One that stands alone has room for 20."""
MOST_ROWS: Final = 30
MOST_IN_ROW: Final = 7
MOST_BESIDE: Final = 3
"""In a row with a link, or with a button for the contact."""
LONGEST_LABEL: Final = 128
LONGEST_PAYLOAD: Final = 1024
"""Characters."""

_SELECTOR: Final = "\ufe0f"
"""Makes a sign an emoji and has no width of its own."""


def keyboard_of(message: Message) -> tuple[InlineKeyboard, ...]:
    """What a message has attached: its buttons, if any. Raises ValueError: one carries more than MAX takes."""
    if not message.rows:
        return ()
    rows = laid_out(message.rows)
    return (InlineKeyboard(MaxKeyboard(tuple(tuple(map(_button, row)) for row in rows))),)


def laid_out(rows: Rows) -> Rows:
    """The same buttons in the same order, in rows that show every label whole, as far as that can be."""
    narrow = tuple(part for row in rows for part in _broken(row))
    if len(narrow) <= MOST_ROWS:
        return narrow
    buttons = [button for row in rows for button in row]
    return tuple(_chunks(buttons, math.ceil(len(buttons) / MOST_ROWS)))


def _broken(row: tuple[Button, ...]) -> Iterable[tuple[Button, ...]]:
    """One row as one or several of much the same length."""
    if len(row) == 1:
        return (row,)
    longest = max(len(button.label.replace(_SELECTOR, "")) for button in row)
    most = MOST_BESIDE if any(not isinstance(button, PressButton) for button in row) else MOST_IN_ROW
    columns = next((columns for columns, room in LABELS.items() if longest <= room and columns <= most), 1)
    lines = math.ceil(len(row) / columns)
    return (row,) if lines == 1 else _chunks(row, math.ceil(len(row) / lines))


def _chunks(buttons: Sequence[Button], size: int) -> Iterator[tuple[Button, ...]]:
    for start in range(0, len(buttons), size):
        yield tuple(buttons[start : start + size])


def _button(button: Button) -> MaxButton:
    label = button.label[:LONGEST_LABEL]
    match button:
        case PressButton(_, press):
            payload = pack(press)
            if len(payload) > LONGEST_PAYLOAD:
                raise ValueError(f"payload over {LONGEST_PAYLOAD} characters: {payload}")
            return CallbackButton(label, payload)
        case LinkButton(_, url):
            return UrlButton(label, url)
        case ContactButton():
            return RequestContactButton(label)
