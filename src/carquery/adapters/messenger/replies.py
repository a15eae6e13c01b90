"""Showing a reply in a customer's chat: what is sent, what is edited, and where the screen stands then.

What the customer waits for goes first; what is independent of it goes at the same time. Only the latest screen keeps
its buttons.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import field
from functools import partial
from typing import Final, TypeAlias

from carquery.adapters.messenger.chats import Chats, Gone, MessageGone, NotReached, PressId
from carquery.adapters.messenger.message import Message, Nothing, Passing, View
from carquery.adapters.messenger.presenter import present
from carquery.adapters.messenger.reply_ledger import ReplyLedger
from carquery.application.conversation.reception import Reply
from carquery.application.inbound import Inbound
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.application.screens import Receipt
from carquery.domain.ids import CustomerId, MessageToken
from carquery.domain.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Pressed:
    """The input was a press. `message`: the one with the button; None: unknown. `keep_message`: not to be edited."""

    press: PressId
    message: MessageToken | None
    keep_message: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """The input was a message."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The input was taken by a process that is gone. `in_place`: it was a press, on the message with the screen."""

    in_place: bool


LONGEST_LINE: Final = 20
"""With more messages of one customer in line, nobody waits for each reply; the last ones in line get theirs."""

Cause: TypeAlias = Pressed | Written | Remembered
Call: TypeAlias = Coroutine[object, object, object]
Edit: TypeAlias = Callable[[CustomerId, MessageToken, Message], Coroutine[object, object, None]]


@dataclass(frozen=True, slots=True)
class Replies:
    """Shows replies, and notes that they are owed no more."""

    chats: Chats
    inbound: Inbound
    ledger: ReplyLedger
    clock: Clock
    dealership: ToldOfDealership = nothing_told

    async def show(
        self, customer: CustomerId, reply: Reply, cause: Cause, *, stands: MessageToken | None = None
    ) -> MessageToken | None:
        """Show what an input led to. A customer who can't be reached is owed it still, unless they are gone.

        Args:
            stands: where the screen stands, if it was shown since the input was taken.

        Returns:
            Where the screen stands now; None: where it stood.
        """
        showing = _Showing(self.chats, self.inbound, customer, reply, stands or reply.previous)
        try:
            if reply.overtaken is not None and not self.ledger.has_shown(customer, reply.overtaken.owed_by):
                await self._say_before(customer, reply.overtaken.receipt, after=showing.previous)
            await showing.run(present(reply.screen, self.dealership(), at=self.clock.now()), cause)
        except Gone:
            showing.is_settled = True
        except NotReached as not_reached:
            if not showing.is_settled and reply.owed_by is not None and not_reached.again_in:
                self.ledger.put_off(customer, not_reached.again_in)
        if showing.is_settled:
            self.ledger.shown(customer, reply.owed_by, is_noted=showing.is_noted)
            if isinstance(reply.screen, Receipt) and not showing.is_noted:
                await self.ledger.write()  # else another process, to which the customer goes on, tells it again
        return showing.stands

    async def _say_before(self, customer: CustomerId, receipt: Receipt, *, after: MessageToken | None) -> None:
        view = present(receipt, self.dealership(), at=self.clock.now())
        if isinstance(view, Message):
            await self.chats.send(customer, replace(view, rows=(), beside=True), after=after)


@dataclass(slots=True)
class _Showing:
    """One reply on its way into the chat.

    Attributes:
        previous: where the screen before it stands.
        stands: where it stands now, if that is elsewhere.
        is_settled: nothing of it is owed any more.
        is_noted: where it stands was noted, and with it that it is not owed.
    """

    chats: Chats
    inbound: Inbound
    customer: CustomerId
    reply: Reply
    previous: MessageToken | None
    stands: MessageToken | None = field(default=None, init=False)
    is_settled: bool = field(default=False, init=False)
    is_noted: bool = field(default=False, init=False)

    async def run(self, view: View, cause: Cause) -> None:
        """Raises NotReached."""
        match cause:
            case Pressed():
                await self._after_press(view, cause)
            case Written():
                await self._after_message(view)
            case Remembered(in_place):
                await self._remembered(view, in_place=in_place)
        self.is_settled = True

    async def _after_press(self, view: View, pressed: Pressed) -> None:
        match view:
            case Message():
                await self._answer_press(view, pressed)
            case Passing(text, behind):
                if (late := self._left_behind(pressed)) is None or behind is None or self.chats.must_be_new(behind):
                    await self.chats.answer_press(pressed.press, text)
                else:
                    edit, answers = self._answering(pressed, text)
                    await _together(*answers, self._edit(behind, late, edit))
            case Nothing():
                await self.chats.answer_press(pressed.press)

    def _left_behind(self, pressed: Pressed) -> MessageToken | None:
        """The current message, if its button is stale: its edit may have been lost. If not, one changes nothing."""
        return pressed.message if pressed.message == self.previous else None

    def _answering(self, pressed: Pressed, sentence: str = "") -> tuple[Edit, tuple[Call, ...]]:
        """How to edit the message with the pressed button, and what else has to be called to answer the press."""
        both = self.chats.edit_pressed
        if both is None:
            return self.chats.edit, (self.chats.answer_press(pressed.press, sentence),)
        return partial(both, press=pressed.press, sentence=sentence), ()

    async def _after_message(self, view: View) -> None:
        match view:
            case Message():
                await self._answer_message(view)
            case Passing(text):
                await self.chats.say(self.customer, text)
            case Nothing():
                return

    async def _remembered(self, view: View, *, in_place: bool) -> None:
        current = self.previous
        may_edit = in_place and current is not None and not self.chats.stands_apart(current)
        if current is not None and may_edit and isinstance(view, Message) and not self.chats.must_be_new(view):
            await self._edit(view, current, self.chats.edit)
        else:
            await self._after_message(view)

    async def _answer_press(self, view: Message, pressed: Pressed) -> None:
        stands_apart = self.previous is not None and self.chats.stands_apart(self.previous)
        if pressed.message is None or pressed.keep_message or stands_apart:
            await _together(self._send(view), self.chats.answer_press(pressed.press))
        elif view.leaves is not None:
            edit, answers = self._answering(pressed)
            await _together(self._send(view), *answers, self._leave(view.leaves, pressed.message, edit))
        elif self.chats.must_be_new(view):
            strip = self.chats.take_buttons(self.customer, pressed.message)
            await _together(self._send(view), self.chats.answer_press(pressed.press), strip)
        else:
            edit, answers = self._answering(pressed)
            await _together(self._edit(view, pressed.message, edit), *answers)

    async def _leave(self, left: Message, message: MessageToken, edit: Edit) -> None:
        with suppress(MessageGone):
            await edit(self.customer, message, left)

    async def _answer_message(self, view: Message) -> None:
        await self._send(view)
        if self.previous is not None and not view.beside and not self.chats.stands_apart(self.previous):
            await self.chats.take_buttons(self.customer, self.previous)  # which nobody waits for

    async def _send(self, view: Message) -> None:
        sent = await self.chats.send(self.customer, view, after=self.previous)
        self.is_settled = True
        if sent is not None and not view.beside:
            await self._note(sent)

    async def _edit(self, view: Message, message: MessageToken, edit: Edit) -> None:
        try:
            await edit(self.customer, message, view)
        except MessageGone:
            await self._send(view)
            return
        self.is_settled = True
        if view.beside or self.previous == message:
            return
        await self._note(message)
        if self.previous is not None and not self.chats.stands_apart(self.previous):
            await self.chats.take_buttons(self.customer, self.previous)

    async def _note(self, shown: MessageToken) -> None:
        self.stands = shown
        self.is_noted = await self.inbound.note_shown(self.customer, shown, owed_by=self.reply.owed_by)


async def _together(first: Call, *others: Call) -> None:
    """All at once, started in this order; each is finished before the first failure is raised."""
    beside = [asyncio.create_task(call) for call in others]
    failures: list[Exception] = []
    try:
        for call in (first, *beside):  # the first without a task of its own
            try:
                await call
            except Exception as failure:  # noqa: BLE001  # raised when all are finished
                failures.append(failure)
    except asyncio.CancelledError:
        for call in beside:
            call.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        raise
    if failures:
        raise failures[0]
