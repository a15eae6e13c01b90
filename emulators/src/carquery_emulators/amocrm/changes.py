"""Who is told when something changed: pages that listen."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from carquery_emulators.kit.json_types import Json

CLOSED = "closed"
"""The type of the last event there will be."""


class Changes:
    """Hands events to whoever listens. One event loop only."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Json]] = set()

    def tell(self, kind: str, **details: object) -> None:
        """Hand an event to all who listen now."""
        for listener in self._listeners:
            listener.put_nowait({"type": kind, **details})

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Json]]:
        """A queue that receives every event from now on."""
        listener: asyncio.Queue[Json] = asyncio.Queue()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
