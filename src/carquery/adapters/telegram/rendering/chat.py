"""Showing a screen in a customer's chat: which calls, in which order.

What the customer waits for goes first; what is independent of it goes at the same time. Only the latest screen keeps
its buttons.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TypeAlias

from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText, SendMessage
from aiogram.types import ReplyKeyboardRemove

from carquery.adapters.telegram.api.calls import Calls, MessageGone, NotReached
from carquery.adapters.telegram.channel import Shown, chat_of
from carquery.adapters.telegram.rendering.html import plain
from carquery.adapters.telegram.rendering.presenter import present
from carquery.adapters.telegram.rendering.view import AlertView, MessageView, NoView, View
from carquery.application.conversation.reception import Reply
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.visits import Visits
from carquery.domain.ids import CustomerId


@dataclass(frozen=True, slots=True)
class Pressed:
    """The update was a press. `message`: the one with the button; None: unknown. `keep_message`: not to be edited."""

    query: str
    message: int | None
    keep_message: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """The update was a message."""


Cause: TypeAlias = Pressed | Written
Call: TypeAlias = Coroutine[object, object, object]


@dataclass(frozen=True, slots=True)
class Chat:
    """Shows replies."""

    calls: Calls
    visits: Visits

    async def show(self, customer: CustomerId, reply: Reply, cause: Cause) -> None:
        """Show what a use case returned. Never fails: a customer who can't be reached is logged, and life goes on."""
        view, previous = present(reply.screen), Shown.read(reply.previous)
        try:
            match cause:
                case Pressed():
                    await self._after_press(customer, view, previous, cause)
                case Written():
                    await self._after_message(customer, view, previous)
        except NotReached:
            return

    async def _after_press(self, customer: CustomerId, view: View, previous: Shown | None, pressed: Pressed) -> None:
        match view:
            case MessageView():
                await self._answer_press(customer, view, previous, pressed)
            case AlertView(text, behind):
                alert = AnswerCallbackQuery(callback_query_id=pressed.query, text=text, show_alert=True)
                if edits := self._catch_up(customer, behind, previous, pressed):
                    said = self.calls(alert)
                    await _together(said, *edits)
                else:
                    await self.calls.last(alert)
            case NoView():
                await self.calls.last(AnswerCallbackQuery(callback_query_id=pressed.query))

    def _catch_up(
        self, customer: CustomerId, behind: MessageView | None, previous: Shown | None, pressed: Pressed
    ) -> tuple[Call, ...]:
        """The current message has a stale button: its edit may have been lost. If not, this one changes nothing."""
        is_current = previous is not None and previous.message == pressed.message
        if behind is None or behind.reply_rows or not is_current or pressed.message is None:
            return ()
        return (self._edit(customer, behind, previous, pressed.message),)

    async def _after_message(self, customer: CustomerId, view: View, previous: Shown | None) -> None:
        match view:
            case MessageView():
                await self._answer_message(customer, view, previous)
            case AlertView(text):
                await self.calls(SendMessage(chat_id=chat_of(customer), text=plain(text)))
            case NoView():
                return

    async def _answer_press(
        self, customer: CustomerId, view: MessageView, previous: Shown | None, pressed: Pressed
    ) -> None:
        answer = self.calls(AnswerCallbackQuery(callback_query_id=pressed.query))
        contact_is_asked = previous is not None and previous.asks_contact
        if pressed.message is None or pressed.keep_message or contact_is_asked:
            await _together(self._send(customer, view, previous), answer)
        elif view.reply_rows:  # no edit can put up a reply keyboard
            strip = self._take_buttons(customer, pressed.message)
            await _together(self._send(customer, view, previous), answer, strip)
        else:
            await _together(self._edit(customer, view, previous, pressed.message), answer)

    async def _answer_message(self, customer: CustomerId, view: MessageView, previous: Shown | None) -> None:
        send = self._send(customer, view, previous)
        if previous is None or previous.asks_contact or view.beside:
            await send
        else:
            await _together(send, self._take_buttons(customer, previous.message))

    async def _send(self, customer: CustomerId, view: MessageView, previous: Shown | None) -> None:
        """A new message. A reply keyboard that is up comes down before it, in a message of its own: each has one."""
        keyboard_is_up = view.ends_keyboard or (previous is not None and previous.asks_contact)
        if keyboard_is_up and not view.reply_rows and not view.beside:
            farewell = SendMessage(chat_id=chat_of(customer), text=view.farewell, reply_markup=ReplyKeyboardRemove())
            await self.calls(farewell)
        markup = view.reply_markup or view.inline_markup
        sent = await self.calls(SendMessage(chat_id=chat_of(customer), text=view.html, reply_markup=markup))
        if sent is not None and not view.beside:
            await self._remember(customer, Shown(sent.message_id, asks_contact=bool(view.reply_rows)))

    async def _edit(self, customer: CustomerId, view: MessageView, previous: Shown | None, message: int) -> None:
        edit = EditMessageText(
            chat_id=chat_of(customer), message_id=message, text=view.html, reply_markup=view.inline_markup
        )
        try:
            await self.calls(edit)
        except MessageGone:
            await self._send(customer, view, previous)
            return
        if view.beside or (previous is not None and previous.message == message):
            return
        await self._remember(customer, Shown(message))
        if previous is not None and not previous.asks_contact:
            await self._take_buttons(customer, previous.message)

    async def _remember(self, customer: CustomerId, shown: Shown) -> None:
        try:
            await self.visits.note_shown(customer, shown.token)
        except StoreUnavailable:
            return  # the old keyboard will stay; its buttons are stale and say so

    async def _take_buttons(self, customer: CustomerId, message: int) -> None:
        try:
            await self.calls(EditMessageReplyMarkup(chat_id=chat_of(customer), message_id=message, reply_markup=None))
        except MessageGone:
            return


async def _together(*calls: Call) -> None:
    """All at once, started in this order; each is finished before the first failure is raised."""
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
