"""What a button carries: at most 64 bytes, of which nothing is believed that the stored visit does not confirm.

`d:<dialog>:<revision>:<verb>:<argument>` belongs to one question of one dialog; `f:<verb>:<argument>` to none.
"""

import re

from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb, Press
from carquery.domain.dialog import Revision
from carquery.domain.ids import DialogId
from carquery.domain.visit import Button

CALLBACK_DATA_LIMIT = 64
"""Bytes, not characters. Source: Bot API, InlineKeyboardButton."""


_DIALOG = re.compile(r"d:([0-9A-Z]{13}):([0-9]{1,9}):(.):([\w-]{0,20})", re.ASCII)
_FREE = re.compile(r"f:(.):([\w-]{0,20})", re.ASCII)


def pack(press: Press) -> str:
    """The callback data that stands for a press. Raises ValueError: it would not fit Telegram's limit."""
    match press:
        case DialogPress(Button(dialog, revision), verb, argument):
            data = f"d:{dialog}:{revision}:{verb}:{argument}"
        case FreePress(verb, argument):
            data = f"f:{verb}:{argument}"
    if len(data.encode()) > CALLBACK_DATA_LIMIT:
        raise ValueError(f"callback data over {CALLBACK_DATA_LIMIT} bytes: {data}")
    return data


def unpack(data: str) -> Press | None:
    """The press that callback data stand for; None: they are not ours."""
    try:
        if found := _DIALOG.fullmatch(data):
            dialog, revision, verb, argument = found.groups()
            return DialogPress(Button(DialogId(dialog), Revision(int(revision))), DialogVerb(verb), argument)
        if found := _FREE.fullmatch(data):
            return FreePress(FreeVerb(found[1]), found[2])
    except ValueError:  # a verb of another version
        return None
    return None
