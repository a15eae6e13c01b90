"""When calls to MAX go out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from carquery.adapters.max.api.limits import OF_BOT, OF_LINE, SECOND, Limits, Pace
from carquery.adapters.memory.environment import SettableClock
from tests.builders import NOW


class Turns:
    """Calls that wait for their turns, on a clock that stands still.

    Attributes:
        waited: for how long, as far as they have to.
    """

    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        self.waited: list[float] = []
        self._limits = Limits(self.clock, sleep=self._wait)
        self._asked: list[asyncio.Task[None]] = []

    async def ask(self, kind: str, customer: int) -> bool:
        """Whether the turn comes at once."""
        asked = asyncio.create_task(self._limits.turn((kind, customer)))
        self._asked.append(asked)
        await asyncio.sleep(0)
        return asked.done()

    async def _wait(self, seconds: float) -> None:
        self.waited.append(round(seconds, 3))
        await asyncio.Event().wait()

    def end(self) -> None:
        for asked in self._asked:
            asked.cancel()


@pytest.fixture
async def turns() -> AsyncIterator[Turns]:
    turns = Turns()
    yield turns
    turns.end()


def test_a_pace_gives_so_many_turns_a_second_and_then_the_next() -> None:
    pace = Pace(2)

    assert [pace.take(10.0) for _ in range(5)] == [10.0, 10.0, 10.0 + SECOND, 10.0 + SECOND, 10.0 + 2 * SECOND]
    assert pace.take(20.0) == 20.0


async def test_one_customer_s_waiting_holds_nobody_else(turns: Turns) -> None:
    assert [await turns.ask("messages", 1) for _ in range(OF_LINE + 2)] == [True, True, False, False]
    assert await turns.ask("edits", 1)

    assert all([await turns.ask("messages", customer) for customer in range(2, OF_BOT - 1)])
    assert turns.waited == [SECOND, SECOND]


async def test_all_customers_together_wait_for_the_bot_s_limit(turns: Turns) -> None:
    assert all([await turns.ask("messages", customer) for customer in range(OF_BOT)])

    assert not await turns.ask("messages", OF_BOT)
    assert turns.waited == [SECOND]


async def test_who_was_quiet_for_a_while_need_not_wait(turns: Turns) -> None:
    assert [await turns.ask("answers", 1) for _ in range(OF_LINE)] == [True, True]

    turns.clock.pass_time(timedelta(seconds=SECOND))

    assert [await turns.ask("answers", 1) for _ in range(OF_LINE)] == [True, True]
