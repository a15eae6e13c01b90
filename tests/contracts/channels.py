"""The channels that the contract suite holds: a customer in each, and the dealership behind it."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from carquery.adapters.max.channel import customer_of_user as max_customer
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.channel import customer_of_user
from carquery.adapters.telegram.updates.polling import Polling, PollTimes
from carquery.application.ports.owed_replies import USUAL_TIMES
from carquery.domain.answers import SharedContact
from carquery.domain.ids import CustomerId
from carquery_emulators.max import MaxCustomer
from carquery_emulators.telegram import Customer
from tests.adapters.max.max_desk import max_desk, running
from tests.adapters.telegram.front_desk import front_desk
from tests.application.in_memory import Dealership
from tests.toy_messenger import TOY, Content, Correction, Event, Touch, ToyChats, ToyMessenger, photos


@dataclass(frozen=True, slots=True)
class OldButton:
    """A button as it stood in the chat once."""

    message: int | str
    data: str


class Anna(Protocol):
    """A customer in one channel. Every act comes back when the bot is done with it."""

    dealership: Dealership
    """Whom she reaches."""

    @property
    def id(self) -> CustomerId: ...

    async def write(self, text: str) -> None: ...

    async def press(self, label: str) -> None:
        """Press the newest button of that label."""
        ...

    def button(self, label: str) -> OldButton:
        """The newest button of that label, to be pressed when it is old."""
        ...

    async def press_old(self, button: OldButton) -> None: ...

    async def share_contact(self, phone: str, *, own: bool = True) -> None: ...

    async def send_album(self, pictures: int) -> None: ...

    async def edit(self, text: str) -> None:
        """Correct what she wrote last."""
        ...

    async def repeat(self) -> None:
        """What she did last comes again, as messengers do when they are in doubt."""
        ...

    @property
    def messages(self) -> list[str]:
        """What the bot wrote, as it stands now, oldest first."""
        ...

    @property
    def buttons(self) -> list[list[str]]:
        """Labels under each of them."""
        ...

    @property
    def told(self) -> list[str]:
        """Sentences said in passing, the latest last, wherever the messenger puts them."""
        ...


@dataclass(slots=True)
class ToyAnna:
    """In the toy messenger, whose every event is answered when `bring` comes back."""

    dealership: Dealership
    messenger: ToyMessenger
    chats: ToyChats
    last: Event | None = None
    ids: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def id(self) -> CustomerId:
        return CustomerId(TOY, "Anna")

    async def write(self, text: str) -> None:
        await self._do(text)

    async def press(self, label: str) -> None:
        await self.press_old(self.button(label))

    def button(self, label: str) -> OldButton:
        shown = reversed(self.chats.bubbles[self.id].items())
        return next(OldButton(number, one.buttons[label]) for number, one in shown if label in one.buttons)

    async def press_old(self, button: OldButton) -> None:
        await self._do(Touch(int(button.message), button.data))

    async def share_contact(self, phone: str, *, own: bool = True) -> None:
        await self._do(SharedContact(phone, own=own))

    async def send_album(self, pictures: int) -> None:
        await self._do(photos(pictures, first=100 * next(self.ids)))

    async def edit(self, text: str) -> None:
        assert self.last is not None
        await self._do(Correction(self.last.id, text))

    async def repeat(self) -> None:
        assert self.last is not None
        await self.messenger.bring(self.last)

    @property
    def messages(self) -> list[str]:
        return [bubble.text for bubble in self.chats.bubbles.get(self.id, {}).values()]

    @property
    def buttons(self) -> list[list[str]]:
        return [list(bubble.buttons) for bubble in self.chats.bubbles.get(self.id, {}).values()]

    @property
    def told(self) -> list[str]:
        return self.chats.toasts

    async def _do(self, content: Content) -> None:
        self.last = Event(next(self.ids), self.id.number, content)
        await self.messenger.bring(self.last)


@dataclass(slots=True)
class TelegramAnna:
    """In an emulated Telegram, whose updates the real polling takes."""

    dealership: Dealership
    customer: Customer
    repeat_update: "Repeat"
    last: int = 0

    @property
    def id(self) -> CustomerId:
        return customer_of_user(self.customer.id)

    async def write(self, text: str) -> None:
        await self._done(await self.customer.send_text(text))

    async def press(self, label: str) -> None:
        await self._done(await self.customer.press(label))

    def button(self, label: str) -> OldButton:
        for message in reversed(self.customer.chat.messages):
            button = message.button(label)
            if button is not None and button.data is not None:
                return OldButton(message.id, button.data)
        raise AssertionError(f"no button {label!r}")

    async def press_old(self, button: OldButton) -> None:
        await self._done(await self.customer.press_stale(button.data, int(button.message)))

    async def share_contact(self, phone: str, *, own: bool = True) -> None:
        await self._done(await self.customer.share_contact(phone, other_user_id=None if own else 1))

    async def send_album(self, pictures: int) -> None:
        await self._done((await self.customer.send_album(pictures))[0])

    async def edit(self, text: str) -> None:
        written = [message for message in self.customer.chat.messages if not message.from_bot]
        await self._done(await self.customer.edit_text(written[-1].id, text))

    async def repeat(self) -> None:
        self.repeat_update(self.last)
        await self._done(self.last)

    @property
    def messages(self) -> list[str]:
        return [message.text for message in self.customer.chat.bot_messages]

    @property
    def buttons(self) -> list[list[str]]:
        return [list(message.labels) for message in self.customer.chat.bot_messages]

    @property
    def told(self) -> list[str]:
        return [*(alert.text for alert in self.customer.chat.alerts if alert.text), *self.messages[-1:]]

    async def _done(self, update: int) -> None:
        self.last = update
        await self.customer.reply()


@dataclass(slots=True)
class MaxAnna:
    """In an emulated MAX, whose updates the real polling takes."""

    dealership: Dealership
    customer: MaxCustomer
    repeat_update: "Repeat"
    last: int = 0

    @property
    def id(self) -> CustomerId:
        return max_customer(self.customer.id)

    async def write(self, text: str) -> None:
        await self._done(await self.customer.send_text(text))

    async def press(self, label: str) -> None:
        await self._done(await self.customer.press(label))

    def button(self, label: str) -> OldButton:
        for message in reversed(self.customer.chat.messages):
            button = message.button(label)
            if button is not None and button.data is not None:
                return OldButton(message.id, button.data)
        raise AssertionError(f"no button {label!r}")

    async def press_old(self, button: OldButton) -> None:
        await self._done(await self.customer.press_stale(button.data, str(button.message)))

    async def share_contact(self, phone: str, *, own: bool = True) -> None:
        await self._done(await self.customer.share_contact(phone, other_user_id=None if own else 1))

    async def send_album(self, pictures: int) -> None:
        await self._done((await self.customer.send_album(pictures))[0])

    async def edit(self, text: str) -> None:
        written = [message for message in self.customer.chat.messages if not message.from_bot]
        await self._done(await self.customer.edit_text(written[-1].id, text))

    async def repeat(self) -> None:
        self.repeat_update(self.last)
        await self._done(self.last)

    @property
    def messages(self) -> list[str]:
        return [message.text for message in self.customer.chat.bot_messages]

    @property
    def buttons(self) -> list[list[str]]:
        return [list(message.labels) for message in self.customer.chat.bot_messages]

    @property
    def told(self) -> list[str]:
        return [*(alert.text for alert in self.customer.chat.alerts if alert.text), *self.messages[-1:]]

    async def _done(self, update: int) -> None:
        self.last = update
        await self.customer.reply()


class Repeat(Protocol):
    def __call__(self, update_id: int, /) -> object: ...


@asynccontextmanager
async def toy(chats: ToyChats | None = None, messenger: type[ToyMessenger] = ToyMessenger) -> AsyncIterator[Anna]:
    dealership, chats = Dealership(), chats or ToyChats()
    async with asyncio.TaskGroup() as tasks:
        toy_messenger = messenger(dealership.inbound, dealership.visits, dealership.clock, chats, tasks)
        yield ToyAnna(dealership, toy_messenger, chats)


@asynccontextmanager
async def telegram() -> AsyncIterator[Anna]:
    async with front_desk() as desk:
        polling = Polling(
            desk.api,
            desk.intake,
            desk.books,
            desk.dealership.clock,
            Outage("telegram"),
            AlbumPause(0.05),
            PollTimes(),
        )
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(polling.run(stop))
            yield TelegramAnna(desk.dealership, desk.telegram.customer(7_001, "Anna"), desk.telegram.repeat)
            stop.set()


@asynccontextmanager
async def max_messenger() -> AsyncIterator[Anna]:
    async with max_desk() as desk:
        desk.books = replace(desk.books, times=USUAL_TIMES)  # nobody else asks the store meanwhile
        async with running(desk.polling()):
            yield MaxAnna(desk.dealership, desk.max.customer(7_001, "Anna"), desk.max.repeat)


CHANNELS = [toy, telegram, max_messenger]
