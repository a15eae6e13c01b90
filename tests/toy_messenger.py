"""A messenger that is nothing but lists in memory, and all that it takes to reach customers there.

Nothing of the domain or the application knows of it: a second messenger is a package like this one.
"""

import asyncio
import itertools
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final, TypeAlias

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.button_data import pack, unpack
from carquery.adapters.messenger.chats import Chats, EditPressed, MessageGone, PressId
from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.message import ContactButton, LinkButton, Message, PressButton
from carquery.adapters.messenger.replies import Cause, Pressed, Replies, Written
from carquery.adapters.messenger.reply_ledger import ReplyLedger
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.inbound import Inbound
from carquery.application.ports.environment import Clock
from carquery.application.ports.owed_replies import OwedReplies, OwedTimes
from carquery.application.presses import leaves_message
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel
from carquery.domain.contact import Handle
from carquery.domain.ids import Channel, CustomerId, FileId, InputId, MessageToken
from tests.application.in_memory import Dealership

TOY: Final = Channel("toy")
QUICK: Final = OwedTimes(settle_every=timedelta(milliseconds=1))


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
    """A line that was written before has other words now. `line`: the event that it was."""

    line: int
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

    @property
    def edit_pressed(self) -> EditPressed | None:
        return None

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

    async def answer_press(self, press: PressId, sentence: str = "") -> None:
        if sentence:
            self.toasts.append(sentence)


class ToyMessenger:
    """The way in: each event is one call of `Inbound`, in its sender's lane; and what keeps account of what is owed.

    Attributes:
        confirmed: the events that need not come again.
    """

    def __init__(
        self, inbound: Inbound, owed: OwedReplies, clock: Clock, chats: Chats, tasks: asyncio.TaskGroup
    ) -> None:
        self._inbound = inbound
        self._replies = Replies(chats, inbound, ReplyLedger(owed, clock), clock)
        books = Bookkeeping(owed=owed, replies=self._replies, inbound=inbound, clock=clock, times=QUICK)
        self.inflow: Inflow[Event] = Inflow(
            self._take, books, tasks, channel=TOY, read=_item_from, width=8, album_pause=AlbumPause(0)
        )
        self.confirmed: set[int] = set()
        self._in_hand: dict[int, Item[Event]] = {}
        self._answered: dict[int, asyncio.Event] = {}

    async def bring(self, event: Event) -> None:
        """Take an event, and come back when it was answered."""
        answered = self._answered[event.id] = asyncio.Event()
        item = self._in_hand[event.id] = _item_of(event)
        item.safe = partial(self._confirm, event.id)
        self.inflow.put(item)
        await answered.wait()

    async def set_aside(self) -> None:
        """Have no event in hand that would come again."""
        await self.inflow.set_aside(tuple(self._in_hand.values()))

    def _confirm(self, event: int) -> None:
        del self._in_hand[event]
        self.confirmed.add(event)

    async def _take(self, items: Sequence[Item[Event]]) -> Showing | None:
        (event,) = (item.update for item in items)
        customer = CustomerId(TOY, event.sender)
        answer = await self._answer(event)

        async def showing(stands: MessageToken | None, _behind: int) -> MessageToken | None:
            if answer is not None:
                stands = await self._replies.show(customer, *answer, stands=stands)
            if event.id in self._answered:
                self._answered[event.id].set()
            return stands

        return showing

    async def _answer(self, event: Event) -> tuple[Reply, Cause] | None:
        line = event.content.line if isinstance(event.content, Correction) else event.id
        arrival = Arrival(
            CustomerId(TOY, event.sender),
            InputId(str(event.id)),
            profile_name=event.sender,
            handle=Handle("Toy", event.sender),
            message=MessageToken(f"line {line}"),
        )
        match event.content:
            case str(text):
                return await self._inbound.wrote(arrival, text), Written()
            case Touch(bubble, data):
                press = unpack(data)
                cause = Pressed(PressId(str(event.id)), MessageToken(str(bubble)), keep_message=leaves_message(press))
                return await self._inbound.pressed(arrival, press), cause
            case Correction(text=text):
                reply = await self._inbound.edited(arrival, text)
                return None if reply is None else (reply, Written())
            case SharedContact() as contact:
                return await self._inbound.shared_contact(arrival, contact), Written()
            case Parcel() as parcel:
                return await self._inbound.sent(arrival, parcel), Written()


def _item_of(event: Event) -> Item[Event]:
    return Item(event, InputId(str(event.id)), CustomerId(TOY, event.sender), pickle.dumps(event))


def _item_from(raw: bytes) -> Item[Event]:
    event: Event = pickle.loads(raw)  # noqa: S301  # our own
    return _item_of(event)


def replies_of(dealership: Dealership, chats: Chats) -> Replies:
    """What shows a dealership's replies in those chats."""
    return Replies(chats, dealership.inbound, ReplyLedger(dealership.visits, dealership.clock), dealership.clock)


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
