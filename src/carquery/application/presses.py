"""What the buttons under messages do, in whatever messenger they are shown.

Nothing that a press says is believed unless the stored visit confirms it. The letters are what buttons carry: those of
the version before are still shown in chats, so that a letter never changes its meaning.
"""

from enum import StrEnum
from typing import TypeAlias

from carquery.application.conversation.collect_lead_step import Back, Choose, Clear, Edit, Keep, KeepAll, Move, Skip
from carquery.application.screens import Destination, read_destination
from carquery.domain.answers import Picked
from carquery.domain.ids import Reference
from carquery.domain.reference import named_reference
from carquery.domain.values import dataclass
from carquery.domain.visit import Button


class DialogVerb(StrEnum):
    """What a button of a dialog does."""

    PICK = "p"
    CHOOSE = "c"
    KEEP = "k"
    KEEP_ALL = "a"
    SKIP = "s"
    CLEAR = "x"
    BACK = "b"
    EDIT = "e"
    SEND = "!"
    FIELDS = "f"
    STAY = "n"
    LEAVE = "l"
    GO = "g"
    AGREE = "y"
    DISAGREE = "r"


class FreeVerb(StrEnum):
    """What a button outside dialogs does."""

    OPEN = "m"
    OPEN_BESIDE = "o"
    """Like OPEN, but the message with the button stays: it is a receipt."""
    ASK_ERASE = "q"
    ERASE = "x"
    STAY = "s"
    ACCEPT = "y"
    DECLINE = "n"
    GO_ON = "g"
    NO_REMINDERS = "z"
    MY_LEADS = "r"
    MY_LEADS_BESIDE = "R"
    """Like MY_LEADS, but the message with the button stays: it is a receipt."""
    LEAD = "v"
    AMEND = "e"
    ASK_CANCEL = "c"
    CANCEL = "w"


@dataclass(frozen=True, slots=True)
class DialogPress:
    """A press on a button of a dialog's question."""

    button: Button
    verb: DialogVerb
    argument: str = ""


@dataclass(frozen=True, slots=True)
class FreePress:
    """A press on a button that belongs to no dialog."""

    verb: FreeVerb
    argument: str = ""


Press: TypeAlias = DialogPress | FreePress


def leaves_message(press: Press | None) -> bool:
    """Whether the message with the button stays as it is, and what follows stands beneath it."""
    return isinstance(press, FreePress) and press.verb in (FreeVerb.OPEN_BESIDE, FreeVerb.MY_LEADS_BESIDE)


def destination_of(press: Press) -> Destination | None:
    """Where a button leads; None: nowhere we know."""
    return read_destination(press.argument)


def reference_of(press: Press) -> Reference | None:
    """The sent lead that a button is about; `None`: it names none."""
    return named_reference(press.argument)


def move_of(press: DialogPress) -> Move | None:
    """The move in the dialog that a button makes; `None` if it makes none."""
    match press.verb:
        case DialogVerb.PICK:
            return Picked(press.argument)
        case DialogVerb.CHOOSE:
            return Choose(int(press.argument)) if press.argument in list("0123456789") else None
        case DialogVerb.KEEP:
            return Keep()
        case DialogVerb.KEEP_ALL:
            return KeepAll()
        case DialogVerb.SKIP:
            return Skip()
        case DialogVerb.CLEAR:
            return Clear()
        case DialogVerb.BACK:
            return Back()
        case DialogVerb.EDIT:
            return Edit(press.argument)
        case _:
            return None
