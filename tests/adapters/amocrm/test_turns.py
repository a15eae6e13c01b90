"""Callers of one process stand in a line; whoever comes first takes turns for those behind, too."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.turns import AHEAD, BLOCKED, LATE, Turns
from carquery.application.ports.crm import CrmShutOut
from carquery.application.ports.stores import StoreUnavailable
from tests.adapters.amocrm.connecting import PassingTime

SPACING = timedelta(milliseconds=150)


class Line:
    """Callers of one process, by a clock of their own.

    Attributes:
        late: so much later than it wants to it wakes up each time.
        meanwhile: happens while the third waits for its turn: the second is the first who saw others behind it.
    """

    def __init__(
        self, *, late: timedelta = timedelta(), meanwhile: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        self.time = PassingTime()
        self.gate = self.time.gate(spacing=SPACING)
        self.called: list[timedelta] = []
        self.meanwhile = meanwhile
        self.turns = Turns(self.gate, sleep=self._sleep, now=self.time.clock.monotonic)
        self._late = late
        self._began = self.time.clock.now()

    async def calls(self, count: int) -> None:
        """So many at once."""
        await asyncio.gather(*(self._call() for _ in range(count)))

    async def _call(self) -> None:
        await self.turns.take_turn()
        self.called.append(self.time.clock.now() - self._began)

    async def _sleep(self, seconds: float) -> None:
        if self.meanwhile is not None and len(self.called) == 2:
            await self.meanwhile()
        await asyncio.sleep(0)  # the others come
        await self.time.sleep(seconds + self._late.total_seconds())


async def test_callers_in_a_line_call_one_after_the_other() -> None:
    line = Line()

    await line.calls(10)

    assert line.called == [number * SPACING for number in range(10)]


async def test_who_is_alone_takes_no_turn_of_others() -> None:
    line = Line()

    await line.calls(1)

    assert (await line.gate.take_turn()).next_in == SPACING


async def test_one_takes_turns_for_those_behind() -> None:
    line = Line()

    async def is_away() -> None:
        line.gate.fail_next(StoreUnavailable("nobody asks"))

    line.meanwhile = is_away
    await line.calls(2 + AHEAD)

    assert len(line.called) == 2 + AHEAD


async def test_a_turn_that_comes_too_late_is_not_used() -> None:
    late = LATE * 0.6
    line = Line(late=late)

    await line.calls(2 + AHEAD)

    in_time = [number * (SPACING + late) for number in range(1 + AHEAD)]
    assert line.called == [*in_time, in_time[1] + (1 + AHEAD) * SPACING + late]


async def test_whoever_shuts_the_gate_uses_no_turn_that_was_taken_before() -> None:
    line = Line()
    line.meanwhile = lambda: line.turns.shut(CrmShutOut(AmoReason.BLOCKED()), BLOCKED)

    with pytest.raises(CrmShutOut):
        await line.calls(2 + AHEAD)

    assert len(line.called) == 2
