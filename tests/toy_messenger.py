"""A messenger that is nothing but lists in memory, and all that it takes to reach customers there.

Nothing of the domain or the application knows of it: a second messenger is a package like this one.
"""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.button_data import pack, unpack
from carquery.adapters.messenger.chats import MessageGone, PressId
from carquery.adapters.messenger.lanes import Lanes
from carquery.adapters.messenger.message import ContactButton, LinkButton, Message, PressButton
from carquery.adapters.messenger.replies import Pressed, Replies, Written
from carquery.application.conversation.reception import Arrival
from carquery.application.inbound import Inbound
from carquery.application.presses import leaves_message
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel
from carquery.domain.contact import Handle
from carquery.domain.ids import Channel, CustomerId, FileId, InputId, MessageToken

TOY: Final = Channel("toy")


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as it stands in a chat. `buttons`: what each sends; one that asks for the number sends nothing."""

    text: str
    buttons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch of a button."""

    bubble: int
    data: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A line that was written before has other words now."""

    text: str


Content: TypeAlias = str | Touch | Correction | SharedContact | Parcel


@dataclass(frozen=True, slots=True)
class Event:
    """What the messenger brings, perhaps twice."""

    id: int
    sender: str
    content: Content


class ToyChats:
    """As `Chats` promises."""

    def __init__(self) -> None:
        self.bubbles: dict[CustomerId, dict[int, Bubble]] = {}
        self.toasts: list[str] = []
        self._numbers = itertools.count(1)

    def stands_apart(self, shown: MessageToken) -> bool:
        return False

    def must_be_new(self, message: Message) -> bool:
        return False

    async def send(self, customer: CustomerId, message: Message, *, after: MessageToken | None) -> MessageToken | None:
        number = next(self._numbers)
        self.bubbles.setdefault(customer, {})[number] = _bubble(message)
        return MessageToken(str(number))

    async def edit(self, customer: CustomerId, shown: MessageToken, message: Message) -> None:
        bubbles = self.bubbles.get(customer, {})
        if int(shown) not in bubbles:
            raise MessageGone
        bubbles[int(shown)] = _bubble(message)

    async def take_buttons(self, customer: CustomerId, shown: MessageToken) -> None:
        bubbles = self.bubbles.get(customer, {})
        if (bubble := bubbles.get(int(shown))) is not None:
            bubbles[int(shown)] = Bubble(bubble.text)

    async def say(self, customer: CustomerId, sentence: str) -> None:
        self.toasts.append(sentence)

    async def answer_press(self, press: PressId, sentence: str = "", *, is_last: bool = False) -> None:
        if sentence:
            self.toasts.append(sentence)


class ToyMessenger:
    """The way in: each event is one call of `Inbound`, in its sender's lane."""

    def __init__(self, inbound: Inbound, chats: ToyChats, tasks: asyncio.TaskGroup) -> None:
        self._inbound = inbound
        self._replies = Replies(chats, inbound)
        self._lanes = Lanes(
            self._handle, self._done, tasks, width=8, album_of=lambda _: None, album_pause=AlbumPause(0)
        )
        self.handled: dict[int, asyncio.Event] = {}

    async def bring(self, event: Event) -> None:
        """Take an event, and come back when it was answered."""
        handled = self.handled[event.id] = asyncio.Event()
        self._lanes.put(event.sender, event)
        await handled.wait()

    def _done(self, event: Event) -> None:
        self.handled[event.id].set()

    async def _handle(self, events: Sequence[Event], behind: int) -> None:
        (event,) = events
        customer = CustomerId(TOY, event.sender)
        arrival = Arrival(
            customer, InputId(str(event.id)), profile_name=event.sender, handle=Handle("Toy", event.sender)
        )
        match event.content:
            case str(text):
                await self._replies.show(customer, await self._inbound.wrote(arrival, text), Written())
            case Touch(bubble, data):
                press = unpack(data)
                cause = Pressed(PressId(str(event.id)), MessageToken(str(bubble)), keep_message=leaves_message(press))
                await self._replies.show(customer, await self._inbound.pressed(arrival, press), cause)
            case Correction(text):
                if (reply := await self._inbound.edited(arrival, text)) is not None:
                    await self._replies.show(customer, reply, Written())
            case SharedContact() as contact:
                await self._replies.show(customer, await self._inbound.shared_contact(arrival, contact), Written())
            case Parcel() as parcel:
                await self._replies.show(customer, await self._inbound.sent(arrival, parcel), Written())


def photos(count: int, *, first: int) -> Parcel:
    """So many pictures in one message."""
    return Parcel(tuple(FileId(f"picture-{number}") for number in range(first, first + count)))


def _bubble(message: Message) -> Bubble:
    buttons = {}
    for button in (button for row in message.rows for button in row):
        match button:
            case PressButton(label, press):
                buttons[label] = pack(press)
            case ContactButton(label):
                buttons[label] = ""
            case LinkButton():
                continue
    return Bubble(message.text.plain, buttons)
