"""The way in: each update is one call of `Inbound`, and whatever goes wrong stays with it."""

from functools import partial
from typing import assert_never

import structlog

from carquery.adapters.max.channel import MAX, customer_of_user, handle_of_user, press_of, token_of
from carquery.adapters.max.contact import Unproven, read_contact
from carquery.adapters.max.known_chats import KnownChats
from carquery.adapters.max.updates.contents import Card, Content, Spoken, content_of, holds_files, text_of
from carquery.adapters.max.updates.reading import STOPPED, UPDATE_TYPES, MaxInput, kind_of
from carquery.adapters.max.updates.wire import AttachmentPayload, MaxCallback, MaxMessage, MaxUpdate, MaxUser
from carquery.adapters.messenger.button_data import unpack
from carquery.adapters.messenger.handling import Handling, ToShow
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.replies import Cause, Pressed, Replies, Written
from carquery.adapters.messenger.watch import UpdateWatch
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.inbound import Inbound
from carquery.application.presses import leaves_message
from carquery.application.screens import Busy
from carquery.domain.answers import SharedContact, Unexpected
from carquery.domain.attachments import Parcel

log = structlog.get_logger(__name__)


class MaxIntake:
    """Takes updates. Nothing it is given can stop it.

    Args:
        chats: hears which chat is whose.
        token: the bot's, by which MAX vouches for contact cards.
    """

    def __init__(
        self, inbound: Inbound, replies: Replies, watch: UpdateWatch, chats: KnownChats, *, token: str
    ) -> None:
        self._inbound = inbound
        self._handling = Handling(MAX, replies, watch)
        self._chats = chats
        self._token = token

    async def take(self, given: MaxInput) -> Showing | None:
        """Take one update; what comes back shows the reply, None: there is none.

        A failure is logged with its traceback and told to the customer.
        """
        customer = None if given.customer is None else str(given.customer)
        about = {"input": given.input, "customer": customer}
        take, apology = partial(self._take, given), partial(_apology, given)
        return await self._handling(kind_of(given.update), take, apology, about)

    async def _take(self, given: MaxInput) -> ToShow | None:
        update, sender = given.update, given.sender
        if update.update_type not in UPDATE_TYPES:
            log.info("update_passed_over", kinds=[update.update_type[:64]])
        if sender is None or given.customer is None:
            return None
        if update.update_type in STOPPED:
            await self._on_stopped(given)
            return None
        if given.chat is not None:
            self._chats.learn(given.customer, given.chat)
        match update:
            case MaxUpdate(update_type="bot_started"):
                return await self._on_started(given, sender)
            case MaxUpdate(update_type="message_callback", callback=MaxCallback() as callback):
                return await self._on_press(given, sender, callback)
            case MaxUpdate(update_type="message_edited", message=MaxMessage() as message):
                reply = await self._edited(_arrival(given, sender), message)
            case MaxUpdate(update_type="message_created", message=MaxMessage() as message):
                reply = await self._given(_arrival(given, sender), sender, content_of(message))
            case _:
                return None
        return None if reply is None else ToShow(given.customer, reply, Written())

    async def _given(self, arrival: Arrival, sender: MaxUser, content: Content) -> Reply:
        match content:
            case str(text):
                return await self._inbound.wrote(arrival, text)
            case Parcel() as parcel:
                return await self._inbound.sent(arrival, parcel)
            case Spoken(text, recording):
                return await self._inbound.spoke(arrival, text, recording)
            case Card(payload):
                return await self._shared(arrival, sender, payload)
            case Unexpected():
                return await self._inbound.sent_something_else(arrival)
            case _:
                assert_never(content)

    async def _shared(self, arrival: Arrival, sender: MaxUser, card: AttachmentPayload) -> Reply:
        owner = None if card.max_info is None else card.max_info.user_id
        match read_contact(card.vcf_info, card.hash, owner, sender=sender.user_id, token=self._token):
            case SharedContact() as contact:
                return await self._inbound.shared_contact(arrival, contact)
            case Unproven(number):
                return await self._inbound.wrote(arrival, number)
            case None:
                return await self._inbound.sent_something_else(arrival)

    async def _edited(self, arrival: Arrival, message: MaxMessage) -> Reply | None:
        text = text_of(message)
        if not text:
            return None
        if holds_files(message):
            return await self._inbound.edited_caption(arrival, text)
        return await self._inbound.edited(arrival, text)

    async def _on_started(self, given: MaxInput, sender: MaxUser) -> ToShow:
        """For the first time, by a deep link, or again after having stopped the bot: MAX does not say which."""
        arrival = _arrival(given, sender)
        await self._inbound.blocked(arrival.customer, is_blocked=False)
        reply = await self._inbound.started(arrival, given.update.payload or "")
        return ToShow(arrival.customer, reply, Written())

    async def _on_stopped(self, given: MaxInput) -> None:
        """MAX repeats what was not answered, so it may come when the customer is back."""
        if given.customer is not None:
            await self._inbound.blocked(given.customer, is_blocked=True, at=given.update.at)

    async def _on_press(self, given: MaxInput, sender: MaxUser, callback: MaxCallback) -> ToShow:
        """Without the message, which was deleted meanwhile, the reply is a new one."""
        press = unpack(callback.payload or "")
        arrival = _arrival(given, sender)
        reply = await self._inbound.pressed(arrival, press)
        return ToShow(arrival.customer, reply, _pressed(given, callback, keep_message=leaves_message(press)))


def _arrival(given: MaxInput, sender: MaxUser) -> Arrival:
    message = None if given.update.callback is not None else given.message_id
    return Arrival(
        customer_of_user(sender.user_id),
        given.input,
        profile_name=sender.first_name or "",
        handle=handle_of_user(sender.user_id, sender.username),
        message=None if message is None else token_of(message),
    )


def _pressed(given: MaxInput, callback: MaxCallback, *, keep_message: bool) -> Pressed:
    message = None if given.message_id is None else token_of(given.message_id)
    return Pressed(press_of(callback.user.user_id, callback.callback_id), message, keep_message=keep_message)


def _apology(failed: MaxInput) -> ToShow | None:
    callback = failed.update.callback
    if failed.customer is None or failed.update.update_type in STOPPED:
        return None
    cause: Cause = Written() if callback is None else _pressed(failed, callback, keep_message=True)
    return ToShow(failed.customer, Reply(Busy()), cause)
