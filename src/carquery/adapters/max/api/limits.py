"""How fast MAX may be called. Source: dev.max.ru: 30 requests a second for a bot; of messages, edits and answers two a
second for each dialog. What is over it is answered with 429.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from carquery.application.ports.environment import Clock

OF_BOT: Final = 30
OF_LINE: Final = 2
SECOND: Final = 1.1
"""A little longer than theirs: on its way, one call may come closer to the one before."""


class Pace:
    """At most so many turns in any `SECOND`."""

    def __init__(self, most: int) -> None:
        self._turns: deque[float] = deque(maxlen=most)

    @property
    def latest(self) -> float:
        """When the last turn that was given begins."""
        return self._turns[-1]

    def take(self, now: float) -> float:
        """Take the next turn. Returns when it begins: now, or later."""
        is_full = len(self._turns) == self._turns.maxlen
        turn = max(now, self._turns[0] + SECOND) if is_full else now
        self._turns.append(turn)
        return turn


class Limits:
    """Turns of one bot's calls in this process. Whoever waits for a line's turn keeps no other line waiting."""

    def __init__(self, clock: Clock, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._of_bot = Pace(OF_BOT)
        self._of_lines: dict[Hashable, Pace] = {}

    async def turn(self, line: Hashable | None) -> None:
        """Return when a call with that line may go out."""
        now = self._clock.monotonic()
        if line is not None and (turn := self._of_line(line, now).take(now)) > now:
            await self._sleep(turn - now)
            now = self._clock.monotonic()
        if (turn := self._of_bot.take(now)) > now:
            await self._sleep(turn - now)

    def _of_line(self, line: Hashable, now: float) -> Pace:
        """Its pace, as the one that was asked for last; those that nobody needs any more are forgotten."""
        while self._of_lines:
            oldest, pace = next(iter(self._of_lines.items()))
            if pace.latest > now - SECOND:
                break
            del self._of_lines[oldest]
        pace = self._of_lines.pop(line) if line in self._of_lines else Pace(OF_LINE)
        self._of_lines[line] = pace
        return pace
