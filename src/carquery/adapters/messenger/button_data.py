"""What a button carries, of which nothing is believed that the stored visit does not confirm.

`d:<dialog>:<revision>:<verb>:<argument>` belongs to one question of one dialog; `f:<verb>:<argument>` to none. Buttons
of the version before stand in chats for ever: what changes its meaning gets another first letter.
"""

import re

from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb, Press
from carquery.domain.dialog import Revision
from carquery.domain.ids import DialogId
from carquery.domain.visit import Button

_DIALOG = re.compile(r"d:([0-9A-Z]{13}):([0-9]{1,9}):(.):([\w-]{0,20})", re.ASCII)
_FREE = re.compile(r"f:(.):([\w-]{0,20})", re.ASCII)


def pack(press: Press) -> str:
    """What a button for that press carries: ASCII, at most 49 characters."""
    match press:
        case DialogPress():  # to take it apart by its pattern would cost five times as much, and buttons are many
            button = press.button
            return f"d:{button.dialog}:{button.revision}:{press.verb}:{press.argument}"
        case FreePress():
            return f"f:{press.verb}:{press.argument}"


def unpack(data: str) -> Press | None:
    """The press that a button stands for; `None` if it is not ours, or of a version that this one does not know."""
    try:
        if found := _DIALOG.fullmatch(data):
            dialog, revision, verb, argument = found.groups()
            return DialogPress(Button(DialogId(dialog), Revision(int(revision))), DialogVerb(verb), argument)
        if found := _FREE.fullmatch(data):
            return FreePress(FreeVerb(found[1]), found[2])
    except ValueError:  # a verb of another version
        return None
    return None
