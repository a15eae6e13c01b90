"""The way in: each update is one call of `Inbound`, and whatever goes wrong stays with it."""

from collections.abc import Sequence
from functools import partial

from carquery.adapters.messenger.album_replies import AlbumReplies
from carquery.adapters.messenger.button_data import unpack
from carquery.adapters.messenger.chats import PressId
from carquery.adapters.messenger.handling import Handling, ToShow
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.replies import Cause, Pressed, Replies, Written
from carquery.adapters.messenger.watch import UpdateWatch
from carquery.adapters.telegram.channel import TELEGRAM, Shown, customer_of_user
from carquery.adapters.telegram.staff.staff_updates import StaffUpdates
from carquery.adapters.telegram.updates.contents import content_of
from carquery.adapters.telegram.updates.inputs import arrival_of
from carquery.adapters.telegram.updates.reading import (
    Arrived,
    Unreadable,
    Update,
    customer_of,
    kind_of,
    read_update,
    sender_of,
)
from carquery.adapters.telegram.updates.wire import STOPPED, CallbackQuery, MyChatMember, TelegramMessage
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.inbound import Inbound
from carquery.application.presses import leaves_message
from carquery.application.screens import Busy, Silence
from carquery.domain.answers import SharedContact, Unexpected
from carquery.domain.attachments import Parcel
from carquery.domain.ids import InputId


class Intake:
    """Reads and takes updates. Nothing it is given can stop it."""

    def __init__(
        self,
        inbound: Inbound,
        staff: StaffUpdates,
        replies: Replies,
        album_replies: AlbumReplies,
        watch: UpdateWatch,
    ) -> None:
        self._inbound = inbound
        self._staff = staff
        self._album_replies = album_replies
        self._handling = Handling(TELEGRAM, replies, watch)

    def parse(self, raw: bytes) -> Arrived:
        """As `read_update`."""
        return read_update(raw)

    async def take(self, arrived: Sequence[Arrived]) -> Showing | None:
        """Take one update, or an album; what comes back shows the reply, None: there is none.

        A failure is logged with its traceback and told to the customer.
        """
        first = arrived[0]
        user = customer_of(first)
        about = {"update_id": first.update_id, "customer": None if user is None else str(customer_of_user(user))}
        return await self._handling(
            kind_of(first), partial(self._take, first, arrived), partial(_apology, first), about
        )

    async def _take(self, first: Arrived, arrived: Sequence[Arrived]) -> ToShow | None:
        match first:
            case Unreadable():
                return await self._on_unreadable(first)
            case Update(message=TelegramMessage() as message):
                if await self._staff.take(message):
                    return None
                return await self._on_message(message, [part for part in arrived if isinstance(part, Update)])
            case Update(edited_message=TelegramMessage() as message):
                return await self._on_edited(message, first.update_id)
            case Update(callback_query=CallbackQuery() as query):
                if await self._staff.pressed(query):
                    return None
                return await self._on_press(query, first.update_id)
            case Update(my_chat_member=MyChatMember() as member):
                await self._on_member(member)
                return None
            case _:
                return None  # nothing we asked Telegram for

    async def _on_message(self, message: TelegramMessage, parts: Sequence[Update]) -> ToShow | None:
        sender = sender_of(message)
        if sender is None:
            return None
        along = [part.update_id for part in parts[1:]]
        arrival = arrival_of(sender, parts[0].update_id, along, message_id=message.message_id)
        reply = await self._given(arrival, message, [part.message for part in parts if part.message is not None])
        if reply is None:
            return None
        if message.media_group_id is not None and not along:
            self._album_replies.show_if_last(arrival, reply)
            return None
        return ToShow(arrival.customer, reply, Written())

    async def _given(
        self, arrival: Arrival, message: TelegramMessage, album: Sequence[TelegramMessage]
    ) -> Reply | None:
        """The reply to a message; None: a service message, nothing to react to."""
        if message.text is not None:
            return await self._inbound.wrote(arrival, message.text)
        match content_of(message, album):
            case SharedContact() as contact:
                return await self._inbound.shared_contact(arrival, contact)
            case Parcel() as parcel:
                return await self._inbound.sent(arrival, parcel)
            case Unexpected():
                return await self._inbound.sent_something_else(arrival)
            case None:
                return None

    async def _on_edited(self, message: TelegramMessage, update_id: int) -> ToShow | None:
        sender = sender_of(message)
        if sender is None:
            return None
        arrival, reply = arrival_of(sender, update_id, message_id=message.message_id), None
        if message.caption:
            reply = await self._inbound.edited_caption(arrival, message.caption)
        elif message.text is not None:
            reply = await self._inbound.edited(arrival, message.text)
        return None if reply is None else ToShow(arrival.customer, reply, Written())

    async def _on_press(self, query: CallbackQuery, update_id: int) -> ToShow:
        if query.message is None or not query.message.chat.is_private:
            # In a group, or on a message from elsewhere: answered, so that the button stops spinning.
            foreign = Pressed(PressId(query.id), None)
            return ToShow(customer_of_user(query.from_user.id), Reply(Silence()), foreign)
        press = unpack(query.data or "")
        arrival = arrival_of(query.from_user, update_id)
        reply = await self._inbound.pressed(arrival, press)
        pressed = Shown(query.message.message_id).token
        cause = Pressed(PressId(query.id), pressed, keep_message=leaves_message(press))
        return ToShow(arrival.customer, reply, cause)

    async def _on_member(self, member: MyChatMember) -> None:
        """A customer has stopped the bot, or starts it again; or a group let it in."""
        if not member.chat.is_private:
            self._staff.joined(member)
        else:
            is_blocked = member.new_chat_member.status == STOPPED
            await self._inbound.blocked(customer_of_user(member.from_user.id), is_blocked=is_blocked)

    async def _on_unreadable(self, update: Unreadable) -> ToShow | None:
        """Like any other unexpected content."""
        if update.customer is None:
            return None
        arrival = Arrival(customer_of_user(update.customer), InputId(str(update.update_id)))
        return ToShow(arrival.customer, await self._inbound.sent_something_else(arrival), Written())


def _apology(failed: Arrived) -> ToShow | None:
    customer = customer_of(failed)
    if customer is None:
        return None
    query = None if isinstance(failed, Unreadable) else failed.callback_query
    cause: Cause = Written() if query is None else Pressed(PressId(query.id), None)
    return ToShow(customer_of_user(customer), Reply(Busy()), cause)
