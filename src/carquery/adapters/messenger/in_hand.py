"""For a messenger that is asked for updates: which of those that it gave it must keep, and asking until the end."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Final, Generic, TypeVar

from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.domain.ids import InputId

AGAIN_SECONDS: Final = 1.0
"""What is in hand is not asked for again before. (Asked for the same more often, one gives less, or refuses.)"""
MOMENT_SECONDS: Final = 0.2
"""Updates are taken within it. If only a few are not, something else than work makes them wait: they are set aside.
Until then whoever writes meanwhile waits as well; a shorter one would set aside what only waits for the processor."""
A_FEW: Final = 10
MOST_OF_ONE: Final = 10
"""So many updates of one customer, an album, are taken in a moment; whoever sends more keeps nobody else waiting."""

Update = TypeVar("Update")


class InHand(Generic[Update]):
    """Updates that are not safe yet; true while there are any."""

    def __init__(self) -> None:
        self._items: dict[InputId, Item[Update]] = {}
        self._moved = asyncio.Event()
        self._all_safe = asyncio.Event()

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, given: InputId) -> bool:
        return given in self._items

    def take(self, item: Item[Update], inflow: Inflow[Update], *, finish: Callable[[], None]) -> None:
        """Put it into its customer's lane. `finish` is called once, as soon as it is safe."""
        item.safe = partial(self._is_safe, item.input, finish)
        self._items[item.input] = item
        inflow.put(item)

    async def make_safe(self, inflow: Inflow[Update]) -> None:
        """Wait until all are safe, or until they may be asked for again.

        Where a few customers' updates are not taken in a moment, they are set aside, and nobody waits for them. What
        will surely not be is set aside at once, one customer's updates all together: were the first ones not safe, the
        messenger would bring all of them again after a crash.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        await inflow.set_aside([*self._will_last(inflow)])
        a_moment_later, at_last = began + MOMENT_SECONDS, began + AGAIN_SECONDS
        await self._wait_for(self._all_safe, a_moment_later)
        while self._items and loop.time() < at_last:
            if inflow.lanes_in_hand <= A_FEW and inflow.may_set_aside:
                await inflow.set_aside(tuple(self._items.values()))
            await self._wait_for(self._moved, at_last)
        if self._items and inflow.may_set_aside:
            await inflow.set_aside(tuple(self._items.values()))

    def _will_last(self, inflow: Inflow[Update]) -> Iterator[Item[Update]]:
        of_one = Counter(item.lane for item in self._items.values())
        for item in self._items.values():
            is_one_of_many = of_one[item.lane] > MOST_OF_ONE and inflow.may_set_aside
            if is_one_of_many or inflow.stands_behind_slow_ones(item):
                yield item

    async def _wait_for(self, event: asyncio.Event, until: float) -> None:
        """Until that happens, or all is safe, or that moment."""
        event.clear()
        if not self._items:
            return
        try:
            async with asyncio.timeout_at(until):
                await event.wait()
        except TimeoutError:
            return

    def _is_safe(self, given: InputId, finish: Callable[[], None]) -> None:
        del self._items[given]
        finish()
        self._moved.set()
        if not self._items:
            self._all_safe.set()


async def rounds_until(stop: asyncio.Event, one_round: Callable[[], Awaitable[None]]) -> None:
    """One round after another; the one that runs when `stop` is set is cut short."""
    if stop.is_set():
        return
    stopping, running = asyncio.create_task(stop.wait()), asyncio.create_task(_rounds(one_round))
    try:
        await asyncio.wait((stopping, running), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await _ended(running)


async def _rounds(one_round: Callable[[], Awaitable[None]]) -> None:
    while True:
        await one_round()


async def _ended(task: "asyncio.Future[None]") -> None:
    """Cancel a task that still runs, and raise what it raised."""
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        if not task.cancelled():
            raise
