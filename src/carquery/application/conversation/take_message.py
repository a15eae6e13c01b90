"""Take a text message, wherever the customer is."""

from dataclasses import dataclass, replace

from carquery.application.conversation.answer_offer import AnswerOffer
from carquery.application.conversation.collect_lead_step import Back, Keep, Move, Skip, advance
from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.free_text.answer_free_text import AnswerFreeText
from carquery.application.screens import (
    NOT_EDITED,
    NOT_HERE,
    CallbackOffer,
    LeaveWarning,
    Menu,
    Notice,
    Place,
    SetAside,
    screen_of,
)
from carquery.domain.answers import Typed
from carquery.domain.attachments import NOTHING_ATTACHED, Parcel, told
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_commands import Command, read_command, read_yes_or_no
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage:
    """An answer to the open step, a word that does what a button does, or something to talk about."""

    reception: Reception
    navigator: Navigator
    answer_free_text: AnswerFreeText
    answer_offer: AnswerOffer

    async def __call__(self, arrival: Arrival, text: str) -> Reply:
        """Return the screen that follows. Raises StoreUnavailable: nothing was taken or shown."""

        command = read_command(text)
        turn = self.answer_free_text.begin(arrival, text)

        async def decide(visit: Visit) -> Decision:
            if command is Command.OPERATOR:
                return self._asks_for_a_person(visit)
            if visit.dialog is not None:
                return self._inside(visit, visit.dialog, text, command)
            if command is not None:
                return self._outside(visit, command)
            accepted = read_yes_or_no(text)
            if visit.offer is not None and accepted is not None:
                return await self.answer_offer.decide(visit, visit.offer, accepted=accepted)
            return await turn.decide(visit)

        reply = await self.reception(arrival, decide)
        await turn.after_save()
        return reply

    async def enclosed(self, arrival: Arrival, parcel: Parcel) -> Reply:
        """Return the screen after photos and files, and the words under them. Raises StoreUnavailable."""
        turn = self.answer_free_text.begin(arrival, parcel.text)

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is not None:
                return self._enclosed(visit, visit.dialog.enclose(parcel), parcel)
            waiting, refused = visit.waiting.with_parcel(parcel)
            visit = replace(visit, waiting=waiting)
            if parcel.words:
                return await turn.decide(visit, notice=f"{refused}." if refused else "")
            return visit, Menu(_set_aside(visit, refused))

        reply = await self.reception(arrival, decide)
        await turn.after_save()
        return reply

    async def words_edited(self, arrival: Arrival, text: str) -> Reply:
        """Return the screen after new words under something sent before. Raises StoreUnavailable."""
        turn = self.answer_free_text.begin(arrival, text)

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is None:
                return await turn.decide(visit)
            noted = visit.dialog.say_aside(text)
            return visit.with_dialog(noted), screen_of(noted)

        reply = await self.reception(arrival, decide)
        await turn.after_save()
        return reply

    async def edited(self, arrival: Arrival, text: str) -> Reply:
        """Return the screen after an edited message: outside a dialog it is read again. Raises StoreUnavailable."""
        turn = self.answer_free_text.begin(arrival, text)

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is not None:
                return visit, screen_of(visit.dialog, hint=NOT_EDITED)
            return await turn.decide(visit)

        reply = await self.reception(arrival, decide)
        await turn.after_save()
        return reply

    def _asks_for_a_person(self, visit: Visit) -> Decision:
        dialog = visit.dialog
        if dialog is not None and dialog.form.service is Service.CALLBACK:
            return visit, screen_of(dialog)
        return visit, CallbackOffer(dialog)

    def _inside(self, visit: Visit, dialog: Dialog, text: str, command: Command | None) -> Decision:
        if command is Command.MENU or command is Command.CANCEL:
            return visit, LeaveWarning(dialog, Place.MENU)
        move, is_offered = _typed_move(dialog, text, command)
        if command is not None and not is_offered:
            return visit, screen_of(dialog, hint=NOT_HERE[command])
        return advance(visit, dialog, move)

    def _enclosed(self, visit: Visit, dialog: Dialog, parcel: Parcel) -> Decision:
        """The words answer the question as if typed; if they can't, they are kept beside the answers."""
        visit = visit.with_dialog(dialog)
        if not parcel.words:
            return visit, screen_of(dialog)
        command = read_command(parcel.text)
        if command is not None:
            return self._inside(visit, dialog, parcel.text, command)
        answered = _said_with(dialog, parcel)
        answered = replace(answered, remark=told(dialog.remark, answered.remark))
        return visit.with_dialog(answered), screen_of(answered)

    def _outside(self, visit: Visit, command: Command) -> Decision:
        match command:
            case Command.BACK | Command.SKIP | Command.KEEP:
                return visit, Menu(Notice.EXPIRED)
            case _:
                return self.navigator(visit, Place.MENU)


def _said_with(dialog: Dialog, parcel: Parcel) -> Dialog:
    if dialog.step is None or dialog.step.takes_captions:
        try:
            return dialog.answer(Typed(parcel.text))
        except AnswerRefused:
            pass
    return dialog.say_aside(*parcel.words)


def _set_aside(visit: Visit, refused: str) -> SetAside:
    return SetAside(refused, after_lead=visit.receipt is not None, waits=visit.waiting != NOTHING_ATTACHED)


def _typed_move(dialog: Dialog, text: str, command: Command | None) -> tuple[Move, bool]:
    match command:
        case Command.BACK:
            return Back(), dialog.can_go_back
        case Command.SKIP:
            return Skip(), dialog.can_skip
        case Command.KEEP:
            return Keep(), dialog.known is not None and not dialog.asks_consent
        case _:
            return Typed(text), True
