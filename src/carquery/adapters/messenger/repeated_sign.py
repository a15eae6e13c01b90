"""A sign in a chat that goes by itself, and is shown for as long as something takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from carquery.adapters.messenger.chats import MessageGone, NotReached


@asynccontextmanager
async def repeated(show: Callable[[], Awaitable[object]], *, every: float) -> AsyncIterator[None]:
    """Show it again and again until the end of the block, which waits for nothing of that. `every`: seconds."""
    showing = asyncio.create_task(_repeat(show, every))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.wait((showing,))


async def _repeat(show: Callable[[], Awaitable[object]], every: float) -> None:
    try:
        while True:
            await show()
            await asyncio.sleep(every)
    except (NotReached, MessageGone):
        return
