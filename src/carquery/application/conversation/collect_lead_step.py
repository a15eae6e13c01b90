"""Take one customer input through the open dialog."""

from typing import TypeAlias

from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply, stale
from carquery.application.screens import Menu, Notice, Stale, screen_of
from carquery.domain.answers import Given, Picked, SharedContact
from carquery.domain.dialog import Dialog, NotOffered
from carquery.domain.hearing.names import share_contact
from carquery.domain.refusals import AnswerRefused
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Button, Visit


@dataclass(frozen=True, slots=True)
class Choose:
    """One of the readings of an ambiguous answer, counted from 0."""

    reading: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the known value; at photos: these are all."""


@dataclass(frozen=True, slots=True)
class KeepAll:
    """Keep the known values of this step and those behind it."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Pass an optional step."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Take the answer to an optional step away."""


@dataclass(frozen=True, slots=True)
class Back:
    """One question back."""


@dataclass(frozen=True, slots=True)
class Edit:
    """From the summary, ask one step again."""

    step: str


Move: TypeAlias = Given | Choose | Keep | KeepAll | Skip | Clear | Back | Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectLeadStep:
    """One input, one step: answers, and moves around the form."""

    reception: Reception

    async def __call__(self, arrival: Arrival, move: Move, button: Button | None = None) -> Reply:
        """Return the screen that follows; `button` None: the move was not made by a button of the dialog.

        Raises:
            StoreUnavailable: nothing was taken or shown.
        """

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(button)
            if dialog is not None:
                return advance(visit if button is None else visit.gone_on(), dialog, move)
            if button is not None:
                return visit, stale(visit, button)
            return visit, Menu(Notice.UNEXPECTED)

        return await self.reception(arrival, decide, wrote="" if button is None else None)

    async def no_such_command(self, arrival: Arrival) -> Reply:
        """Return the menu, or the open question again, and say so.

        Raises:
            StoreUnavailable: nothing was shown.
        """

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(None)
            if dialog is None:
                return visit, Menu(Notice.NO_SUCH_COMMAND)
            return not_taken(visit, dialog, Notice.NO_SUCH_COMMAND.text, "")

        return await self.reception(arrival, decide, wrote="")


def advance(visit: Visit, dialog: Dialog, move: Move) -> Decision:
    """The visit after a move in its dialog. A refused answer leaves the dialog as it is, and says why."""
    try:
        moved = _moved(dialog, move)
    except AnswerRefused as refused:
        if isinstance(move, Picked):
            return visit, Stale(screen_of(dialog))
        return not_taken(visit, dialog, refused.hint, refused.aside)
    except NotOffered:
        return visit, Stale(screen_of(dialog))
    return visit.with_dialog(moved), screen_of(moved)


def not_taken(visit: Visit, dialog: Dialog, hint: str, aside: str, *, offers_person: bool = False) -> Decision:
    """The question again, and why. `aside`: words that answer nothing, but are kept."""
    if aside:
        noted = dialog.say_aside(aside)
        kept = replace(visit.with_dialog(noted), refused=visit.refused)
        return kept, screen_of(noted, hint=hint, offers_person=offers_person)
    still = replace(dialog, remark="")  # it was on what came before
    return visit, screen_of(still, hint=hint, offers_person=offers_person)


def _moved(dialog: Dialog, move: Move) -> Dialog:
    match move:
        case Choose(reading):
            return dialog.choose(reading)
        case Keep():
            return dialog.keep()
        case KeepAll():
            return dialog.keep_all()
        case Skip():
            return dialog.skip()
        case Clear():
            return dialog.clear()
        case Back():
            return dialog.back()
        case Edit(step):
            return dialog.edit(step)
        case SharedContact():
            return share_contact(dialog, move)
        case _:
            return dialog.answer(move)
