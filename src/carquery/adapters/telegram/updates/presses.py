"""Presses on buttons: each is one call of one use case."""

from dataclasses import dataclass
from typing import assert_never

from carquery.adapters.telegram.rendering.callback_data import (
    DialogPress,
    DialogVerb,
    FreePress,
    FreeVerb,
    Press,
    read_destination,
)
from carquery.adapters.telegram.updates.use_cases import UseCases
from carquery.application.conversation.collect_lead_step import Back, Choose, Clear, Edit, Keep, KeepAll, Move, Skip
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.screens import EraseWarning, Stale
from carquery.domain.answers import Picked
from carquery.domain.ids import MessageId


@dataclass(frozen=True, slots=True)
class Presses:
    """What each button does."""

    use_cases: UseCases

    async def __call__(self, arrival: Arrival, press: Press | None) -> Reply:
        """Return what to show; a button that isn't ours changes nothing. Raises StoreUnavailable."""
        match press:
            case DialogPress():
                return await self._in_dialog(arrival, press)
            case FreePress():
                return await self._free(arrival, press)
            case None:
                return Reply(Stale())
            case _:
                assert_never(press)

    async def _in_dialog(self, arrival: Arrival, press: DialogPress) -> Reply:  # one line for each verb
        cases, button = self.use_cases, press.button
        match press.verb:
            case DialogVerb.SEND:
                return await cases.submit_lead(arrival, button)
            case DialogVerb.FIELDS:
                return await cases.review_dialog.fields(arrival, button)
            case DialogVerb.STAY:
                return await cases.review_dialog.step(arrival, button)
            case DialogVerb.LEAVE:
                return await cases.leave_dialog.ask(arrival, button)
            case DialogVerb.GO:
                to = read_destination(press.argument)
                return Reply(Stale()) if to is None else await cases.leave_dialog.confirm(arrival, to, button)
            case DialogVerb.AGREE:
                return await cases.answer_consent.agree(arrival, button)
            case DialogVerb.DISAGREE:
                return await cases.answer_consent.refuse(arrival, button)
            case _:
                move = _move(press)
                return Reply(Stale()) if move is None else await cases.collect_lead_step(arrival, move, button)

    async def _free(self, arrival: Arrival, press: FreePress) -> Reply:
        cases = self.use_cases
        match press.verb:
            case FreeVerb.OPEN | FreeVerb.OPEN_BESIDE:
                to = read_destination(press.argument)
                return Reply(Stale()) if to is None else await cases.go_to(arrival, to)
            case FreeVerb.ASK_ERASE:
                return await cases.reception.show(arrival, EraseWarning())
            case FreeVerb.ERASE:
                return await cases.erase_customer(arrival)
            case FreeVerb.ACCEPT | FreeVerb.DECLINE:
                message = MessageId(press.argument)
                return await cases.answer_offer(arrival, message, accepted=press.verb is FreeVerb.ACCEPT)
            case FreeVerb.STAY:
                return await cases.reception.show_where_it_stands(arrival)
            case _:
                assert_never(press.verb)


def _move(press: DialogPress) -> Move | None:  # one line for each verb
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
