"""One lane for each customer: updates in order within it, lanes side by side.

In some messengers an album arrives as one update for each picture. The pictures that stand in line together, and those
that follow within a moment, are handled as one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from carquery.adapters.messenger.album_pause import AlbumPause

LARGEST_ALBUM: Final = 10
"""Parts that are waited for: a messenger that brings them one by one takes no more. Source: Bot API, sendMediaGroup."""

Update = TypeVar("Update")


@dataclass(slots=True)
class _Line(Generic[Update]):
    waiting: deque[Update] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def append(self, update: Update) -> None:
        self.waiting.append(update)
        self.arrived.set()


class Lanes(Generic[Update]):
    """Hands updates to `handle`: those of one customer one after another, at most `width` customers at a time.

    `handle` gets one update, or all parts of one album, and how many stand in line behind; it must not raise. `done` is
    called for each update once it was handled. `album_of` names the album that an update is a part of.
    """

    def __init__(
        self,
        handle: Callable[[Sequence[Update], int], Awaitable[None]],
        done: Callable[[Update], None],
        tasks: asyncio.TaskGroup,
        *,
        width: int,
        album_of: Callable[[Update], str | None],
        album_pause: AlbumPause,
    ) -> None:
        self._handle = handle
        self._done = done
        self._tasks = tasks
        self._album_of = album_of
        self._album_pause = album_pause
        self._width = asyncio.Semaphore(width)
        self._lines: dict[Hashable, _Line[Update]] = {}

    def put(self, customer: Hashable, update: Update) -> None:
        """Stand an update in its customer's line; a line that was empty starts moving."""
        line = self._lines.get(customer)
        if line is None:
            line = self._lines[customer] = _Line()
            self._tasks.create_task(self._move(customer, line))
        line.append(update)

    async def _move(self, customer: Hashable, line: _Line[Update]) -> None:
        while line.waiting:
            updates = await self._next(line)
            async with self._width:
                await self._handle(updates, len(line.waiting))
            for update in updates:
                self._done(update)
        del self._lines[customer]

    async def _next(self, line: _Line[Update]) -> list[Update]:
        """The first update in line; if it is of an album, with the parts that follow it."""
        taken = [line.waiting.popleft()]
        album = self._album_of(taken[0])
        while album is not None and len(taken) < LARGEST_ALBUM and await self._follows(line, album):
            taken.append(line.waiting.popleft())
        return taken

    async def _follows(self, line: _Line[Update], album: str) -> bool:
        """Whether the next in line is of that album; an empty line is given a moment."""
        if not line.waiting:
            line.arrived.clear()
            try:
                async with asyncio.timeout(self._album_pause):
                    await line.arrived.wait()
            except TimeoutError:
                return False
        return self._album_of(line.waiting[0]) == album
