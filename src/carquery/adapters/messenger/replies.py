"""Showing a reply in a customer's chat: what is sent, what is edited, and where the screen stands then.

What the customer waits for goes first; what is independent of it goes at the same time. Only the latest screen keeps
its buttons.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Final, TypeAlias

from carquery.adapters.messenger.chats import Chats, MessageGone, NotReached, PressId
from carquery.adapters.messenger.message import Message, Nothing, Passing, View
from carquery.adapters.messenger.presenter import present
from carquery.application.conversation.reception import Reply
from carquery.application.inbound import Inbound
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.domain.ids import CustomerId, MessageToken


@dataclass(frozen=True, slots=True)
class Pressed:
    """The input was a press. `message`: the one with the button; None: unknown. `keep_message`: not to be edited."""

    press: PressId
    message: MessageToken | None
    keep_message: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """The input was a message."""


LONGEST_LINE: Final = 20
"""With more messages of one customer in line, nobody waits for each reply; the last ones in line get theirs."""

Cause: TypeAlias = Pressed | Written
Call: TypeAlias = Coroutine[object, object, object]


@dataclass(frozen=True, slots=True)
class Replies:
    """Shows replies."""

    chats: Chats
    inbound: Inbound
    dealership: ToldOfDealership = nothing_told

    async def show(self, customer: CustomerId, reply: Reply, cause: Cause) -> None:
        """Show what an input led to. Never fails: a customer who can't be reached is logged, and life goes on."""
        view = present(reply.screen, self.dealership())
        try:
            match cause:
                case Pressed():
                    await self._after_press(customer, view, reply.previous, cause)
                case Written():
                    await self._after_message(customer, view, reply.previous)
        except NotReached:
            return

    async def _after_press(
        self, customer: CustomerId, view: View, previous: MessageToken | None, pressed: Pressed
    ) -> None:
        match view:
            case Message():
                await self._answer_press(customer, view, previous, pressed)
            case Passing(text, behind):
                if edits := self._catch_up(customer, behind, previous, pressed):
                    await _together(self.chats.answer_press(pressed.press, text), *edits)
                else:
                    await self.chats.answer_press(pressed.press, text, is_last=True)
            case Nothing():
                await self.chats.answer_press(pressed.press, is_last=True)

    def _catch_up(
        self, customer: CustomerId, behind: Message | None, previous: MessageToken | None, pressed: Pressed
    ) -> tuple[Call, ...]:
        """The current message has a stale button: its edit may have been lost. If not, this one changes nothing."""
        message = pressed.message
        if behind is None or message is None or message != previous or self.chats.must_be_new(behind):
            return ()
        return (self._edit(customer, behind, previous, message),)

    async def _after_message(self, customer: CustomerId, view: View, previous: MessageToken | None) -> None:
        match view:
            case Message():
                await self._answer_message(customer, view, previous)
            case Passing(text):
                await self.chats.say(customer, text)
            case Nothing():
                return

    async def _answer_press(
        self, customer: CustomerId, view: Message, previous: MessageToken | None, pressed: Pressed
    ) -> None:
        answer = self.chats.answer_press(pressed.press)
        stands_apart = previous is not None and self.chats.stands_apart(previous)
        if pressed.message is None or pressed.keep_message or stands_apart:
            await _together(self._send(customer, view, previous), answer)
        elif self.chats.must_be_new(view):
            strip = self.chats.take_buttons(customer, pressed.message)
            await _together(self._send(customer, view, previous), answer, strip)
        else:
            await _together(self._edit(customer, view, previous, pressed.message), answer)

    async def _answer_message(self, customer: CustomerId, view: Message, previous: MessageToken | None) -> None:
        send = self._send(customer, view, previous)
        if previous is None or view.beside or self.chats.stands_apart(previous):
            await send
        else:
            await _together(send, self.chats.take_buttons(customer, previous))

    async def _send(self, customer: CustomerId, view: Message, previous: MessageToken | None) -> None:
        sent = await self.chats.send(customer, view, after=previous)
        if sent is not None and not view.beside:
            await self.inbound.note_shown(customer, sent)

    async def _edit(
        self, customer: CustomerId, view: Message, previous: MessageToken | None, message: MessageToken
    ) -> None:
        try:
            await self.chats.edit(customer, message, view)
        except MessageGone:
            await self._send(customer, view, previous)
            return
        if view.beside or previous == message:
            return
        await self.inbound.note_shown(customer, message)
        if previous is not None and not self.chats.stands_apart(previous):
            await self.chats.take_buttons(customer, previous)


async def _together(*calls: Call) -> None:
    """All at once, started in this order; each is finished before the first failure is raised."""
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
