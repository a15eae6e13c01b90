"""One lane for each customer: updates in order within it, lanes side by side.

A lane has two parts. In the first, updates are taken, one after another; in the second, what they led to is shown, in
the same order. A reply that takes long keeps no update waiting, not even the same customer's.

In some messengers an album arrives as one update for each picture. The pictures that stand in line together, and those
that follow within a moment, are handled as one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.room import Room
from carquery.domain.ids import MessageToken

LARGEST_ALBUM: Final = 10
"""Parts that are waited for: a messenger that brings them one by one takes no more. Source: Bot API, sendMediaGroup."""
PLACE_SECONDS: Final = 1.0
"""Whoever takes longer does not count among the width any more: it waits for something, and others need not."""
MOST_LATE: Final = 64
"""So many at most. With more, it is everything that is slow, and more at once would make it slower."""
SHOWN_AT_ONCE: Final = 128
"""Replies, beside those that take long. All that a crowd is owed at once would fill the connections, and then run out
of their time while they wait for one."""
MOST_SHOWN_LATE: Final = 800
"""Replies that hang, or wait for a limit to be over: with the others, no more than there are connections."""

Update = TypeVar("Update")

Stands: TypeAlias = MessageToken | None
"""Where a customer's screen stands. (A function within another has the types of its arguments made each time.)"""
Showing: TypeAlias = Callable[[Stands, int], Awaitable[Stands]]
"""Shows a reply. It must not raise.

It is given where the screen stands by what was shown in this lane just before (None: nothing was), and how many updates
and replies stand behind; it returns where the screen stands now (None: where it stood).
"""


@dataclass(slots=True)
class _Line(Generic[Update]):
    since: float
    waiting: deque[Update] = field(default_factory=deque)
    replies: deque[Showing] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    stands: MessageToken | None = None
    in_hand: int = 0
    takes: bool = False
    shows: bool = False

    def append(self, update: Update) -> None:
        self.waiting.append(update)
        self.arrived.set()


class Lanes(Generic[Update]):
    """Hands updates to `take`: those of one customer one after another, at most `width` customers at a time. Replies
    are shown likewise, `SHOWN_AT_ONCE`.

    `take` gets one update, or all parts of one album, and returns what shows the reply; it must not raise. `taken` is
    called for each update once it was taken, before anything is shown. `album_of` names the album that an update is a
    part of.
    """

    def __init__(
        self,
        take: Callable[[Sequence[Update]], Awaitable[Showing | None]],
        taken: Callable[[Update], None],
        tasks: asyncio.TaskGroup,
        *,
        width: int,
        album_of: Callable[[Update], str | None],
        album_pause: AlbumPause,
    ) -> None:
        self._take_them = take
        self._taken = taken
        self._tasks = tasks
        self._album_of = album_of
        self._album_pause = album_pause
        self._places = _Places(width, MOST_LATE)
        self._shown_at = _Places(SHOWN_AT_ONCE, MOST_SHOWN_LATE)
        self._lines: dict[Hashable, _Line[Update]] = {}

    def put(self, customer: Hashable, update: Update) -> None:
        """Stand an update in its customer's line; a line that was empty starts moving."""
        line = self._line(customer)
        line.append(update)
        if not line.takes:
            line.takes = True
            self._tasks.create_task(self._take(customer, line))

    def show(self, customer: Hashable, showing: Showing) -> None:
        """Show something that no update led to, behind what is to be shown already."""
        line = self._line(customer)
        line.replies.append(showing)
        self._show_beside(customer, line)

    def moving_since(self, moment: float) -> list[Hashable]:
        """Whose lines have not stood still since then, in the event loop's time."""
        return [customer for customer, line in self._lines.items() if line.since <= moment]

    def is_moving(self, customer: Hashable) -> bool:
        """Whether something of the customer's is in hand."""
        return customer in self._lines

    async def stand_still(self, customer: Hashable) -> None:
        """Wait until nothing of the customer's is in hand."""
        line = self._lines.get(customer)
        if line is not None:
            await line.ended.wait()

    def _line(self, customer: Hashable) -> _Line[Update]:
        line = self._lines.get(customer)
        if line is None:
            line = self._lines[customer] = _Line(asyncio.get_running_loop().time())
        return line

    async def _take(self, customer: Hashable, line: _Line[Update]) -> None:
        while line.waiting:
            updates = await self._next(line)
            line.in_hand = len(updates)
            showing = await self._in_place(updates)
            line.in_hand = 0
            for update in updates:
                self._taken(update)
            if showing is not None:
                line.replies.append(showing)
            if line.waiting:
                self._show_beside(customer, line)
        line.takes = False
        if line.replies and not line.shows:
            line.shows = True
            await self._show(customer, line)
        else:
            self._close(customer, line)

    async def _in_place(self, updates: Sequence[Update]) -> Showing | None:
        place = await self._places.take()
        try:
            return await self._take_them(updates)
        finally:
            self._places.leave(place)

    def _show_beside(self, customer: Hashable, line: _Line[Update]) -> None:
        """The task that takes updates goes on with the next one."""
        if line.replies and not line.shows:
            line.shows = True
            self._tasks.create_task(self._show(customer, line))

    async def _show(self, customer: Hashable, line: _Line[Update]) -> None:
        while line.replies:
            place = await self._shown_at.take()
            try:
                showing = line.replies.popleft()
                behind = line.in_hand + len(line.waiting) + len(line.replies)
                line.stands = await showing(line.stands, behind) or line.stands
            finally:
                self._shown_at.leave(place)
        line.shows = False
        self._close(customer, line)

    def _close(self, customer: Hashable, line: _Line[Update]) -> None:
        if not (line.takes or line.shows):
            del self._lines[customer]
            line.ended.set()

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


class _Places:
    """So many places; who stays long stands beside them."""

    def __init__(self, width: int, most_late: int) -> None:
        self._room = Room(width)
        self._most_late = most_late
        self._since: dict[object, float] = {}
        """By place, when it was taken; the first one longest ago."""
        self._beside: set[object] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def take(self) -> object:
        """Wait for a place."""
        if not self._room.enter_at_once():
            await self._room.enter()
        loop, place = asyncio.get_running_loop(), object()
        self._since[place] = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(PLACE_SECONDS, self._look)  # one for all: each of its own costs more
        return place

    def leave(self, place: object) -> None:
        """Nothing is done there any more."""
        if place in self._beside:
            self._beside.remove(place)
        else:
            del self._since[place]
            self._room.leave()

    def _look(self) -> None:
        """Who has stayed for long stands beside, as long as there is room; look again when the next one will have."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = [place for place, since in self._since.items() if since + PLACE_SECONDS <= now]
        for place in late[: self._most_late - len(self._beside)]:
            del self._since[place]
            self._beside.add(place)
            self._room.leave()
        oldest = next(iter(self._since.values()), None)
        if oldest is None:
            self._timer = None
        else:
            is_late = oldest + PLACE_SECONDS <= now
            self._timer = loop.call_at((now if is_late else oldest) + PLACE_SECONDS, self._look)
