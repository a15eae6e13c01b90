"""The pause between two rounds of work that goes on until its process stops."""

import asyncio
from contextlib import suppress
from datetime import timedelta


async def paused(stop: asyncio.Event, *, at_most: timedelta) -> None:
    """Wait so long; no longer than until `stop` is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(at_most.total_seconds()):
            await stop.wait()
