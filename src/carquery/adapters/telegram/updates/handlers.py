"""The router: updates into use cases, results into the chat."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import structlog
from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message, Update, User

from carquery.adapters.telegram.channel import customer_of_user
from carquery.adapters.telegram.rendering.callback_data import FreePress, FreeVerb, unpack
from carquery.adapters.telegram.rendering.chat import Chat, Pressed, Written
from carquery.adapters.telegram.updates.album_replies import AlbumReplies
from carquery.adapters.telegram.updates.inputs import arrival_of
from carquery.adapters.telegram.updates.messages import Messages
from carquery.adapters.telegram.updates.presses import Presses
from carquery.adapters.telegram.updates.watch import Watch
from carquery.application.conversation.reception import Reply
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Busy, Receipt, Silence

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
    album_replies: AlbumReplies
    watch: Watch

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
        sender = _person(message)
        if sender is None:
            return
        arrival = arrival_of(sender, event_update.update_id, along)
        reply = await self._reply(self.messages(arrival, message, album))
        if reply is None or behind > LONGEST_LINE:
            return
        if message.media_group_id is not None and not along:
            self.album_replies.show_if_last(arrival, reply)
        else:
            await self.chat.show(arrival.customer, reply, Written())

    async def on_edited_message(self, message: Message, event_update: Update, behind: int = 0) -> None:
        """A message that its customer wrote anew, in a private chat."""
        sender = _person(message)
        if sender is None:
            return
        arrival = arrival_of(sender, event_update.update_id)
        reply = await self._reply(self.messages.edited(arrival, message))
        if reply is not None and behind <= LONGEST_LINE:
            await self.chat.show(arrival.customer, reply, Written())

    async def on_callback_query(self, query: CallbackQuery, event_update: Update) -> None:
        """A press on a button under a message in a private chat."""
        press = unpack(query.data or "")
        message = None if query.message is None else query.message.message_id
        keep = isinstance(press, FreePress) and press.verb is FreeVerb.OPEN_BESIDE
        arrival = arrival_of(query.from_user, event_update.update_id)
        reply = await self._reply(self.presses(arrival, press))
        if reply is not None:
            await self.chat.show(arrival.customer, reply, Pressed(query.id, message, keep_message=keep))

    async def on_foreign_press(self, query: CallbackQuery) -> None:
        """A press in a group, or on a message from elsewhere: answered, so that the button stops spinning."""
        await self.chat.show(customer_of_user(query.from_user.id), Reply(Silence()), Pressed(query.id, None))

    async def _reply(self, taken: Awaitable[Reply | None]) -> Reply | None:
        """What a use case says to it."""
        try:
            reply = await taken
        except StoreUnavailable as away:
            log.debug("store_unavailable", cause=str(away))
            reply = Reply(Busy())
        if reply is not None:
            self.watch.replied(reply.screen)
            reference = reply.screen.reference if isinstance(reply.screen, Receipt) else None
            said = log if reference is None else log.bind(reference=reference)
            said.info("update_handled", screen=type(reply.screen).__name__)
        return reply


def _person(message: Message) -> User | None:
    """Who sent it; bots are not served: two of them would answer each other for ever."""
    sender = message.from_user
    return None if sender is None or sender.is_bot else sender


def customer_router(handlers: Handlers) -> Router:
    """Routes what happens in private chats; groups are left in silence."""
    router = Router(name="customers")
    private = F.chat.type == ChatType.PRIVATE
    router.message.register(handlers.on_message, private)
    router.edited_message.register(handlers.on_edited_message, private)
    router.callback_query.register(handlers.on_callback_query, F.message.chat.type == ChatType.PRIVATE)
    router.callback_query.register(handlers.on_foreign_press)
    return router
