"""One lane for each customer: updates in order within it, lanes side by side.

An album arrives as one update for each picture. The pictures that stand in line together, and those that follow within
a moment, are handled as one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from carquery.adapters.telegram.updates.album_pause import AlbumPause
from carquery.adapters.telegram.updates.reading import Arrived, album_of

LARGEST_ALBUM: Final = 10
"""Source: Bot API, sendMediaGroup."""

Handle: TypeAlias = Callable[[Sequence[Arrived], int], Awaitable[None]]
Done: TypeAlias = Callable[[Arrived], None]


@dataclass(slots=True)
class _Line:
    waiting: deque[Arrived] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def append(self, update: Arrived) -> None:
        self.waiting.append(update)
        self.arrived.set()


class Lanes:
    """Hands updates to `handle`: those of one customer one after another, at most `width` customers at a time.

    `handle` gets one update, or all parts of one album, and how many stand in line behind; it must not raise. `done` is
    called for each update once it was handled.
    """

    def __init__(
        self,
        handle: Handle,
        done: Done,
        tasks: asyncio.TaskGroup,
        *,
        width: int,
        album_pause: AlbumPause,
    ) -> None:
        self._handle = handle
        self._done = done
        self._tasks = tasks
        self._album_pause = album_pause
        self._width = asyncio.Semaphore(width)
        self._lines: dict[int, _Line] = {}

    def put(self, customer: int, update: Arrived) -> None:
        """Stand an update in its customer's line; a line that was empty starts moving."""
        line = self._lines.get(customer)
        if line is None:
            line = self._lines[customer] = _Line()
            self._tasks.create_task(self._move(customer, line))
        line.append(update)

    async def _move(self, customer: int, line: _Line) -> None:
        while line.waiting:
            updates = await self._next(line)
            async with self._width:
                await self._handle(updates, len(line.waiting))
            for update in updates:
                self._done(update)
        del self._lines[customer]

    async def _next(self, line: _Line) -> list[Arrived]:
        """The first update in line; if it is of an album, with the parts that follow it."""
        taken = [line.waiting.popleft()]
        album = album_of(taken[0])
        while album is not None and len(taken) < LARGEST_ALBUM and await self._follows(line, album):
            taken.append(line.waiting.popleft())
        return taken

    async def _follows(self, line: _Line, album: str) -> bool:
        """Whether the next in line is of that album; an empty line is given a moment."""
        if not line.waiting:
            line.arrived.clear()
            try:
                async with asyncio.timeout(self._album_pause):
                    await line.arrived.wait()
            except TimeoutError:
                return False
        return album_of(line.waiting[0]) == album
