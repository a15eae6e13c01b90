"""What every adapter of `Chores` promises."""

import asyncio
from datetime import timedelta

from tests.builders import DAY
from tests.contracts.databases import Database


async def test_of_many_who_ask_at_once_one_takes_it(database: Database) -> None:
    taken = await asyncio.gather(*(database.chores.take("count", every=DAY) for _ in range(8)))

    assert sorted(taken) == [False] * 7 + [True]


async def test_it_is_taken_again_when_its_time_has_come(database: Database) -> None:
    await database.chores.take("count", every=DAY)

    await database.pass_time(DAY - timedelta(minutes=5))
    early = await database.chores.take("count", every=DAY)
    await database.pass_time(timedelta(minutes=10))

    assert not early
    assert await database.chores.take("count", every=DAY)


async def test_asking_whether_it_is_due_takes_nothing(database: Database) -> None:
    assert await database.chores.is_due("count", every=DAY)
    assert await database.chores.take("count", every=DAY)

    assert not await database.chores.is_due("count", every=DAY)
    await database.pass_time(DAY + timedelta(minutes=5))
    assert await database.chores.is_due("count", every=DAY)


async def test_chores_do_not_know_one_another(database: Database) -> None:
    await database.chores.take("count", every=DAY)

    assert await database.chores.take("sweep", every=DAY)


async def test_what_was_given_back_is_the_next_one_s(database: Database) -> None:
    await database.chores.take("count", every=DAY)
    await database.chores.give_back("count")
    await database.chores.give_back("never taken")

    assert await database.chores.take("count", every=DAY)
