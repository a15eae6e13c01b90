"""The router: updates into use cases, results into the chat."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import structlog
from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message, Update, User

from carquery.adapters.telegram.callback_data import FreePress, FreeVerb, unpack
from carquery.adapters.telegram.chat import Cause, Chat, Pressed, Written
from carquery.adapters.telegram.inputs import arrival_of
from carquery.adapters.telegram.messages import Messages
from carquery.adapters.telegram.presses import Presses
from carquery.application.ports.visits import StoreUnavailable
from carquery.application.reception import Reply
from carquery.application.screens import Busy, Silence
from carquery.domain.ids import CustomerId

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")

LONGEST_LINE = 20
"""With more messages of one customer in line, nobody waits for each reply; the last ones in line get theirs."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """One method for each kind of update."""

    messages: Messages
    presses: Presses
    chat: Chat

    async def on_message(
        self,
        message: Message,
        event_update: Update,
        album: Sequence[Message] = (),
        along: Sequence[int] = (),
        behind: int = 0,
    ) -> None:
        """A message in a private chat; of an album, `album` holds all messages and `along` the other update ids.

        Args:
            behind: how many of the customer's updates stand in line behind this one.
        """
        sender = message.from_user
        if sender is None:
            return
        taken = self.messages(arrival_of(sender, event_update.update_id, along), message, album)
        await self._show(sender, taken, None if behind > LONGEST_LINE else Written())

    async def on_edited_message(self, message: Message, event_update: Update, behind: int = 0) -> None:
        """A message that its customer wrote anew, in a private chat."""
        sender = message.from_user
        if sender is None:
            return
        taken = self.messages.edited(arrival_of(sender, event_update.update_id), message)
        await self._show(sender, taken, None if behind > LONGEST_LINE else Written())

    async def on_callback_query(self, query: CallbackQuery, event_update: Update) -> None:
        """A press on a button under a message in a private chat."""
        press = unpack(query.data or "")
        message = None if query.message is None else query.message.message_id
        keep = isinstance(press, FreePress) and press.verb is FreeVerb.OPEN_BESIDE
        taken = self.presses(arrival_of(query.from_user, event_update.update_id), press)
        await self._show(query.from_user, taken, Pressed(query.id, message, keep_message=keep))

    async def on_foreign_press(self, query: CallbackQuery) -> None:
        """A press in a group, or on a message from elsewhere: answered, so that the button stops spinning."""
        await self.chat.show(CustomerId(query.from_user.id), Reply(Silence()), Pressed(query.id, None))

    async def _show(self, sender: User, taken: Awaitable[Reply | None], cause: Cause | None) -> None:
        """Take it, and show the result; without a cause, only take it."""
        try:
            reply = await taken
        except StoreUnavailable as away:
            log.warning("store_unavailable", cause=str(away))
            reply = Reply(Busy())
        if reply is None or cause is None:
            return
        log.info("update_handled", screen=type(reply.screen).__name__)
        await self.chat.show(CustomerId(sender.id), reply, cause)


def customer_router(handlers: Handlers) -> Router:
    """Routes what happens in private chats; groups are left in silence."""
    router = Router(name="customers")
    private = F.chat.type == ChatType.PRIVATE
    router.message.register(handlers.on_message, private)
    router.edited_message.register(handlers.on_edited_message, private)
    router.callback_query.register(handlers.on_callback_query, F.message.chat.type == ChatType.PRIVATE)
    router.callback_query.register(handlers.on_foreign_press)
    return router
