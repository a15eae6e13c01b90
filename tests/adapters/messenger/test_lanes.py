"""Lanes: order within one, none waits for another, and the parts of an album are handled as one."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.lanes import LARGEST_ALBUM, MOST_LATE, SHOWN_AT_ONCE, Lanes, Showing
from carquery.domain.ids import MessageToken
from tests.patience import eventually, patience


@dataclass(frozen=True, slots=True)
class Update:
    """Something that a customer sent."""

    customer: str
    number: int
    album: str | None = None


@dataclass(slots=True)
class Hands:
    """Whoever takes updates and shows replies; those of `held` customers only when they are let go.

    Attributes:
        holds_replies: it is the replies that are held, and the updates are taken at once.
        stood: where the screen stood when each reply was shown.
    """

    held: dict[str, asyncio.Event] = field(default_factory=dict)
    begun: list[tuple[Update, ...]] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    shown: list[Update] = field(default_factory=list)
    stood: list[MessageToken | None] = field(default_factory=list)
    shows: bool = True
    holds_replies: bool = False
    done: list[Update] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    shown_at_once: int = 0
    most_shown_at_once: int = 0

    async def take(self, updates: Sequence[Update]) -> Showing | None:
        self.begun.append(tuple(updates))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.holds_replies:
                await asyncio.sleep(0)
            else:
                await self._pass(updates[0])
        finally:
            self.at_once -= 1
        return partial(self._show, updates[0]) if self.shows else None

    async def _show(self, update: Update, stands: MessageToken | None, behind: int) -> MessageToken | None:
        self.stood.append(stands)
        self.behind.append(behind)
        self.shown_at_once += 1
        self.most_shown_at_once = max(self.most_shown_at_once, self.shown_at_once)
        if self.holds_replies:
            await self._pass(update)
        self.shown_at_once -= 1
        self.shown.append(update)
        return MessageToken(str(update.number)) if update.number else None

    async def _pass(self, update: Update) -> None:
        if (gate := self.held.get(update.customer)) is not None:
            await gate.wait()
        else:
            await asyncio.sleep(0)

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
        hands.take,
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


async def test_replies_are_shown_in_order_and_told_how_many_stand_behind_and_where_the_screen_stands(
    hands: Hands,
) -> None:
    gate = hands.hold("anna")
    hands.holds_replies = True
    updates = [Update("anna", number) for number in range(4)]

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        for update in updates:
            lanes.put("anna", update)
        await hands.have_done(4)
        gate.set()

    assert hands.shown == updates
    assert hands.behind == [3, 2, 1, 0]
    assert hands.stood == [None, None, "1", "2"]  # the first one left the screen where it was


async def test_a_reply_that_takes_long_keeps_no_update_waiting(hands: Hands) -> None:
    gate = hands.hold("anna")
    hands.holds_replies = True

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, width=1)
        lanes.put("anna", Update("anna", 1))
        await hands.have_done(1)
        lanes.put("anna", Update("anna", 2))
        lanes.put("boris", Update("boris", 3))
        await hands.have_done(3)
        assert hands.shown == [Update("boris", 3)]
        gate.set()

    assert hands.shown[1:] == [Update("anna", 1), Update("anna", 2)]


async def test_whoever_takes_long_gives_its_place_to_others(hands: Hands) -> None:
    gate = hands.hold("anna")

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, width=1)
        lanes.put("anna", Update("anna", 1))
        lanes.put("boris", Update("boris", 2))
        await hands.have_done(1)
        assert hands.done == [Update("boris", 2)]
        gate.set()

    assert hands.most_at_once == 2


async def test_what_a_crowd_is_owed_is_shown_some_at_a_time(hands: Hands) -> None:
    hands.holds_replies = True
    crowd = [Update(str(number), number) for number in range(5 * SHOWN_AT_ONCE)]

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, width=len(crowd))
        for update in crowd:
            lanes.put(update.customer, update)

    assert hands.most_shown_at_once == SHOWN_AT_ONCE
    assert sorted(update.number for update in hands.shown) == list(range(len(crowd)))


async def test_replies_that_hang_give_their_places_to_others(hands: Hands) -> None:
    hands.holds_replies = True
    gates = [hands.hold(str(number)) for number in range(SHOWN_AT_ONCE)]

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, width=SHOWN_AT_ONCE)
        for number in range(SHOWN_AT_ONCE):
            lanes.put(str(number), Update(str(number), number))
        lanes.put("anna", Update("anna", 1))

        async def anna_has_her_reply() -> bool:
            return hands.shown == [Update("anna", 1)]

        await eventually(anna_has_her_reply)
        for gate in gates:
            gate.set()

    assert len(hands.shown) == SHOWN_AT_ONCE + 1


async def test_when_all_take_long_no_more_are_begun(hands: Hands) -> None:
    customers = [str(number) for number in range(MOST_LATE + 3)]
    gates = [hands.hold(customer) for customer in customers]

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks, width=MOST_LATE)
        for number, customer in enumerate(customers):
            lanes.put(customer, Update(customer, number))

        async def all_have_begun() -> bool:
            return len(hands.begun) == len(customers)

        await eventually(all_have_begun)
        others = [str(number) for number in range(1_000, 1_000 + MOST_LATE)]
        gates += [hands.hold(other) for other in others]
        for number, other in enumerate(others):
            lanes.put(other, Update(other, number))
        await asyncio.sleep(0)
        for gate in gates:
            gate.set()

    assert hands.most_at_once <= 2 * MOST_LATE
    assert len(hands.done) == len(customers) + len(others)


async def test_what_no_update_led_to_is_shown_behind_what_is_to_be_shown(hands: Hands) -> None:
    gate = hands.hold("anna")
    hands.holds_replies = True
    said: list[MessageToken | None] = []

    async def say(stands: MessageToken | None, _behind: int) -> MessageToken | None:
        said.append(stands)
        return None

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        lanes.put("anna", Update("anna", 1))
        await hands.have_done(1)
        lanes.show("anna", say)
        assert (said, lanes.is_moving("anna")) == ([], True)
        gate.set()
        await lanes.stand_still("anna")
        assert (said, lanes.is_moving("anna")) == (["1"], False)


async def test_without_a_reply_the_lane_is_empty_again(hands: Hands) -> None:
    hands.shows = False

    async with asyncio.TaskGroup() as tasks:
        lanes = lanes_of(hands, tasks)
        lanes.put("anna", Update("anna", 1))
        await lanes.stand_still("anna")

    assert hands.done == [Update("anna", 1)]


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
