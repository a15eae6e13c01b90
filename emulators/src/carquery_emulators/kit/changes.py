"""Who learns that something has changed: waiting tests, waiting requests, and pages that listen."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from carquery_emulators.kit.json_types import Json

CLOSED = "closed"
"""The type of the last event there will be."""


class Changes:
    """Wakes whoever waits for a condition, and hands events to whoever listens. One event loop only."""

    def __init__(self) -> None:
        self._sleepers: set[asyncio.Future[None]] = set()
        self._listeners: set[asyncio.Queue[Json]] = set()

    def wake(self) -> None:
        """Have all conditions looked at again."""
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    def tell(self, kind: str, **details: object) -> None:
        """Hand an event to all who listen now, and have all conditions looked at again."""
        self.wake()
        for listener in self._listeners:
            listener.put_nowait({"type": kind, **details})

    async def next(self) -> None:
        """Wait for the next change."""
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.add(sleeper)
        try:
            await sleeper
        finally:
            self._sleepers.discard(sleeper)

    async def until(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Wait until `condition` holds, `seconds` at most. Returns whether it holds."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            try:
                async with asyncio.timeout_at(deadline):
                    await self.next()
            except TimeoutError:
                return condition()
        return True

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Json]]:
        """A queue that receives every event from now on."""
        listener: asyncio.Queue[Json] = asyncio.Queue()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
