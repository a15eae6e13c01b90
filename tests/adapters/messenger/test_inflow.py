"""When an update is safe, and what becomes of what other processes left."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

import pytest
from structlog.contextvars import bind_contextvars, get_contextvars

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.chats import Gone, NotReached
from carquery.adapters.messenger.in_hand import MOST_OF_ONE, InHand
from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.message import Message
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import TooMany
from carquery.domain.ids import CustomerId, InputId, MessageToken
from carquery.domain.visit import BURST, Owed
from tests.application.in_memory import Dealership
from tests.builders import ANNA, BORIS, NOW, a_dialog
from tests.patience import eventually
from tests.toy_messenger import QUICK, ToyChats, replies_of

A_WHILE: Final = QUICK.grace + timedelta(seconds=1)


class UnreachableChats(ToyChats):
    """Nobody is reached, in the way that it says."""

    def __init__(self, error: NotReached) -> None:
        super().__init__()
        self.error = error

    async def send(self, customer: CustomerId, message: Message, *, after: MessageToken | None) -> MessageToken | None:
        raise self.error


class LoggingChats(ToyChats):
    """It keeps what lines of the log would say of each sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.logged: list[dict[str, object]] = []

    async def say(self, customer: CustomerId, sentence: str) -> None:
        self.logged.append(get_contextvars())


@dataclass(slots=True)
class Process:
    """One process with an inflow of words. `held`: until it is set, whatever says so hangs, and what is logged is being
    shown; then `logs` is set.

    Attributes:
        taken, safe: the words, in order.
    """

    dealership: Dealership
    tasks: asyncio.TaskGroup
    chats: ToyChats = field(default_factory=ToyChats)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    logs: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[str] = field(default_factory=list)
    safe: list[str] = field(default_factory=list)
    inflow: Inflow[str] = field(init=False)

    def __post_init__(self) -> None:
        books = Bookkeeping(
            owed=self.dealership.visits,
            replies=replies_of(self.dealership, self.chats),
            inbound=self.dealership.inbound,
            clock=self.dealership.clock,
            times=QUICK,
        )
        self.inflow = Inflow(
            self._take, books, self.tasks, channel=ANNA.channel, read=self.item, width=8, album_pause=AlbumPause(0)
        )

    def item(self, raw: bytes, customer: CustomerId = ANNA) -> Item[str]:
        word = raw.decode()
        return Item(word, InputId(word), customer, raw, safe=partial(self.safe.append, word))

    def put(self, *words: str) -> list[Item[str]]:
        items = [self.item(word.encode()) for word in words]
        for item in items:
            self.inflow.put(item)
        return items

    async def _take(self, items: Sequence[Item[str]]) -> Showing | None:
        if items[0].update.startswith("hangs"):
            await self.held.wait()
        self.taken.extend(item.update for item in items)
        return self._logged if items[0].update == "logged" else None

    async def _logged(self, stands: MessageToken | None, _behind: int) -> MessageToken | None:
        bind_contextvars(update_id=17)
        self.logs.set()
        await self.held.wait()
        return stands

    async def keeps_books_until(self, condition: partial[bool]) -> None:
        stop = asyncio.Event()
        keeping = asyncio.create_task(self.inflow.keep_books(stop))

        async def holds() -> bool:
            return condition()

        await eventually(holds)
        stop.set()
        await keeping

    def shown_to(self, customer: CustomerId) -> list[str]:
        return [bubble.text for bubble in self.chats.bubbles.get(customer, {}).values()]


async def test_an_update_is_safe_when_it_was_taken(dealership: Dealership) -> None:
    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        process.put("one", "two")

    assert process.taken == process.safe == ["one", "two"]
    assert process.inflow.lanes_in_hand == 0


async def test_one_that_takes_long_is_safe_once_it_was_set_aside_and_those_behind_it_too(
    dealership: Dealership,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        items = process.put("hangs", "two")
        await process.inflow.set_aside(items)
        assert (process.safe, process.taken) == (["hangs", "two"], [])
        assert process.inflow.stands_behind_slow_ones(process.item(b"three"))
        assert not process.inflow.stands_behind_slow_ones(process.item(b"three", BORIS))
        assert await dealership.visits.left_aside(ANNA) == (b"hangs", b"two")
        process.held.set()

    assert process.taken == process.safe == ["hangs", "two"]
    assert not process.inflow.stands_behind_slow_ones(process.item(b"three"))
    assert await dealership.visits.left_aside(ANNA) == ()


async def test_many_updates_of_one_customer_are_set_aside_at_once(dealership: Dealership) -> None:
    """Nobody else waits for them, though another customer's update takes so long that asking again would wait."""
    words = ["hangs", *map(str, range(MOST_OF_ONE))]
    safe: list[str] = []
    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        in_hand: InHand[str] = InHand()
        others = process.item(b"hangs as well", BORIS)
        in_hand.take(others, process.inflow, finish=partial(safe.append, others.update))
        for word in words:
            in_hand.take(process.item(word.encode()), process.inflow, finish=partial(safe.append, word))
        await in_hand.make_safe(process.inflow)
        process.held.set()

    assert safe == [*words, "hangs as well"]
    assert [word for word in process.taken if word != "hangs as well"] == words


async def test_while_the_store_is_away_it_is_not_safe(dealership: Dealership) -> None:
    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        items = process.put("hangs")
        dealership.visits.fail_next(StoreUnavailable())
        await process.inflow.set_aside(items)
        assert process.safe == []
        process.held.set()

    assert process.safe == ["hangs"]


async def test_what_was_set_aside_by_a_process_that_is_gone_is_taken_in_order(dealership: Dealership) -> None:
    aside = {InputId(word): word.encode() for word in ("b", "a", "c")}
    await dealership.visits.set_aside(ANNA, aside, due=NOW)

    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        await process.keeps_books_until(partial(lambda: len(process.taken) == 3))

    assert process.taken == ["b", "a", "c"]
    assert await dealership.visits.left_aside(ANNA) == ()


async def test_one_too_many_is_never_taken_and_said_once(dealership: Dealership) -> None:
    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        process.put(*(str(number) for number in range(BURST + 50)))

    assert process.taken == [str(number) for number in range(BURST)]
    assert sorted(process.safe) == sorted(str(number) for number in range(BURST + 50))
    assert process.chats.toasts == [TooMany.TEXT]


async def test_the_log_takes_no_refusal_for_the_reply_before_it(dealership: Dealership) -> None:
    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks, chats=(chats := LoggingChats()))
        process.put("logged")
        await process.logs.wait()
        process.put(*(str(number) for number in range(BURST)))
        process.held.set()

    assert chats.logged == [{}]


async def test_what_is_owed_by_a_process_that_is_gone_is_shown(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="year"), owed=Owed(NOW))

    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        dealership.clock.pass_time(A_WHILE)
        await process.keeps_books_until(partial(lambda: not dealership.visits.due))

    assert ["Шаг 2 из 8" in text for text in process.shown_to(ANNA)] == [True]
    visit = await dealership.visit()
    assert (visit.owed, visit.shown) == (None, "1")


async def test_a_press_s_reply_takes_the_place_of_the_screen_before(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="year"), owed=Owed(NOW, in_place=True))

    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        menu = await process.chats.send(ANNA, Message(()), after=None)
        assert menu is not None
        await dealership.visits.note_shown(ANNA, menu)
        dealership.clock.pass_time(A_WHILE)
        await process.keeps_books_until(partial(lambda: not dealership.visits.due))

    assert ["Шаг 2 из 8" in text for text in process.shown_to(ANNA)] == [True]


async def test_whoever_is_served_here_is_not_taken_for_left(dealership: Dealership) -> None:
    """What takes long is renewed, so that no other process cares for it either."""
    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        await process.inflow.set_aside(process.put("hangs"))
        dealership.clock.pass_time(A_WHILE)
        await process.keeps_books_until(partial(lambda: dealership.visits.due[ANNA] > dealership.clock.now()))
        process.held.set()

    assert process.taken == ["hangs"]


@pytest.mark.parametrize(
    ("error", "is_owed_still"),
    [(Gone(), False), (NotReached(), True), (NotReached(again_in=3_600), True)],
    ids=["gone", "away", "a flood"],
)
async def test_who_is_gone_is_owed_nothing_and_who_is_not_reached_is(
    dealership: Dealership, *, error: NotReached, is_owed_still: bool
) -> None:
    await dealership.has_open(a_dialog(step="year"), owed=Owed(NOW))
    await dealership.has_open(None, customer=BORIS)

    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks, chats=UnreachableChats(error))
        dealership.clock.pass_time(A_WHILE)
        due = dealership.visits.due[ANNA]
        await process.keeps_books_until(partial(lambda: dealership.visits.due.get(ANNA) != due))
        await process.inflow.close_books()

    assert ((await dealership.visit()).owed is not None) is is_owed_still
    left = dealership.visits.due.get(ANNA)
    waits = error.again_in or QUICK.grace.total_seconds()
    assert left == (dealership.clock.now() + timedelta(seconds=waits) if is_owed_still else None)


async def test_whose_visit_is_forgotten_is_owed_nothing(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(), owed=Owed(NOW))
    dealership.clock.pass_time(timedelta(hours=1))

    async with asyncio.TaskGroup() as tasks:
        process = Process(dealership, tasks)
        await process.keeps_books_until(partial(lambda: not dealership.visits.due))

    assert process.shown_to(ANNA) == []
