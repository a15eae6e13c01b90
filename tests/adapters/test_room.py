"""Room for so many: whoever finds none waits, and nobody is passed over or let in twice."""

import asyncio

import pytest

from carquery.adapters.room import Room


async def test_whoever_finds_room_is_in_at_once() -> None:
    room = Room(2)

    assert [room.enter_at_once() for _ in range(3)] == [True, True, False]


async def test_those_who_wait_come_in_in_their_order() -> None:
    room, came = Room(1), list[str]()

    async def visit(name: str) -> None:
        await room.enter()
        came.append(name)
        await asyncio.sleep(0)
        room.leave()

    await asyncio.gather(*(visit(name) for name in "abcd"))

    assert "".join(came) == "abcd"
    assert room.enter_at_once()


async def test_nobody_overtakes_one_who_waits() -> None:
    room = Room(1)
    await room.enter()
    waiting = asyncio.create_task(room.enter())
    await asyncio.sleep(0)

    room.leave()

    assert not room.enter_at_once()
    await waiting


@pytest.mark.parametrize("is_given_first", [False, True])
async def test_whoever_is_cancelled_keeps_no_room(*, is_given_first: bool) -> None:
    room = Room(1)
    await room.enter()
    waiting, behind = asyncio.create_task(room.enter()), asyncio.create_task(room.enter())
    await asyncio.sleep(0)

    if is_given_first:
        room.leave()
        waiting.cancel()
    else:
        waiting.cancel()
        room.leave()
    await asyncio.gather(waiting, return_exceptions=True)

    assert waiting.cancelled()
    await behind
    room.leave()
    assert room.enter_at_once()
