"""Lanes: order within one, none waits for another, and the parts of an album are handled as one."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.lanes import LARGEST_ALBUM, Lanes
from tests.patience import eventually, patience


@dataclass(frozen=True, slots=True)
class Update:
    """Something that a customer sent."""

    customer: str
    number: int
    album: str | None = None


@dataclass(slots=True)
class Hands:
    """Whoever handles updates; those of `held` customers only when they are let go."""

    held: dict[str, asyncio.Event] = field(default_factory=dict)
    begun: list[tuple[Update, ...]] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    done: list[Update] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def handle(self, updates: Sequence[Update], behind: int) -> None:
        self.begun.append(tuple(updates))
        self.behind.append(behind)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if (gate := self.held.get(updates[0].customer)) is not None:
                await gate.wait()
            else:
                await asyncio.sleep(0)
        finally:
            self.at_once -= 1

    def hold(self, customer: str) -> asyncio.Event:
        gate = self.held[customer] = asyncio.Event()
        return gate

    async def have_done(self, count: int) -> None:
        async def is_done() -> bool:
            return len(self.done) >= count

        await eventually(is_done)


@pytest.fixture
def hands() -> Hands:
    return Hands()


def lanes_of(hands: Hands, tasks: asyncio.TaskGroup, *, width: int = 8, album_pause: float = 0) -> Lanes[Update]:
    return Lanes(
        hands.handle,
        hands.done.append,
        tasks,
        width=width,
        album_of=lambda update: update.album,
        album_pause=AlbumPause(album_pause),
    )


async def test_one_customer_s_updates_are_handled_in_order_and_one_at_a_time(hands: Hands) -> None:
    updates = [Update("anna", number) for number in range(20)]

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        for update in updates:
            lanes.put(update.customer, update)

    assert hands.done == updates
    assert hands.most_at_once == 1


async def test_who_is_handled_slowly_keeps_nobody_waiting(hands: Hands) -> None:
    gate = hands.hold("anna")

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        lanes.put("anna", Update("anna", 1))
        lanes.put("anna", Update("anna", 2))
        for number in range(5):
            lanes.put("boris", Update("boris", number))
        await hands.have_done(5)
        assert {update.customer for update in hands.done} == {"boris"}
        gate.set()

    assert hands.done[5:] == [Update("anna", 1), Update("anna", 2)]


async def test_no_more_customers_than_the_width_are_handled_at_once_and_all_have_their_turn(hands: Hands) -> None:
    customers = [str(number) for number in range(12)]

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, width=3)
        for number in range(4):
            for customer in customers:
                lanes.put(customer, Update(customer, number))

    assert hands.most_at_once == 3
    assert len(hands.done) == 48


async def test_a_flooder_leaves_the_others_their_turn(hands: Hands) -> None:
    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, width=1)
        for number in range(50):
            lanes.put("flooder", Update("flooder", number))
        lanes.put("anna", Update("anna", 0))

    assert [updates[0].customer for updates in hands.begun[:3]].count("anna") == 1


async def test_it_is_told_how_many_stand_behind(hands: Hands) -> None:
    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        for number in range(4):
            lanes.put("anna", Update("anna", number))

    assert hands.behind == [3, 2, 1, 0]


async def test_an_album_that_stands_in_line_is_handled_as_one(hands: Hands) -> None:
    album = tuple(Update("anna", number, "cars") for number in range(3))
    other = Update("anna", 9, "more cars")

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        for update in (Update("anna", 0), *album, other, Update("anna", 10)):
            lanes.put("anna", update)

    assert hands.begun == [(Update("anna", 0),), album, (other,), (Update("anna", 10),)]
    assert len(hands.done) == 6


async def test_the_rest_of_an_album_is_waited_for(hands: Hands) -> None:
    first, second, text = Update("anna", 1, "cars"), Update("anna", 2, "cars"), Update("anna", 3)

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, album_pause=math.inf)
        lanes.put("anna", first)
        await asyncio.sleep(0)
        lanes.put("anna", second)
        await asyncio.sleep(0)
        assert hands.begun == []
        lanes.put("anna", text)

    assert hands.begun == [(first, second), (text,)]


async def test_an_album_whose_rest_does_not_come_is_handled_after_a_moment(hands: Hands) -> None:
    async with asyncio.TaskGroup() as tasks:
        lanes_of(hands, tasks, album_pause=0.001).put("anna", Update("anna", 1, "cars"))

    assert hands.done == [Update("anna", 1, "cars")]


async def test_no_album_is_larger_than_the_largest(hands: Hands) -> None:
    pictures = [Update("anna", number, "cars") for number in range(LARGEST_ALBUM + 1)]

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        for picture in pictures:
            lanes.put("anna", picture)

    assert [len(updates) for updates in hands.begun] == [LARGEST_ALBUM, 1]


async def test_what_is_cancelled_is_not_done(hands: Hands) -> None:
    hands.hold("anna")

    async def run() -> None:
        async with asyncio.TaskGroup() as tasks:
            lanes = lanes_of(hands, tasks)
            lanes.put("anna", Update("anna", 1))
            lanes.put("anna", Update("anna", 2))

    running = asyncio.create_task(run())

    async def has_begun() -> bool:
        return bool(hands.begun)

    await eventually(has_begun)
    running.cancel()
    async with asyncio.timeout(patience()):
        await asyncio.wait((running,))

    assert (running.cancelled(), hands.begun, hands.done) == (True, [(Update("anna", 1),)], [])
