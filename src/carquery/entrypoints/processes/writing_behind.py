"""What is noted in the process is written now and then, of many inputs at once, while nobody waits for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from carquery.application.ports.stores import StoreUnavailable

log = structlog.get_logger(__name__)

LAST_SECONDS: Final = 5.0
"""For the last time, whatever the database does."""


@asynccontextmanager
async def writing_behind(
    write: Callable[[], Awaitable[None]], at_last: Callable[[], Awaitable[None]], *, every: float, unwritten: str
) -> AsyncIterator[None]:
    """Write now and then; and on leaving, when no input is taken any more, all that is left.

    Args:
        at_last: writes all of it.
        every: so many seconds; what a process that is killed has not written.
        unwritten: the event that the log tells of what could not be written.
    """
    writing = asyncio.create_task(_again_and_again(write, every, unwritten))
    try:
        yield
    finally:
        writing.cancel()
        await asyncio.wait((writing,))
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await _once(at_last, unwritten)
        except TimeoutError:
            log.warning(unwritten, seconds=LAST_SECONDS)


async def _again_and_again(write: Callable[[], Awaitable[None]], every: float, unwritten: str) -> None:
    while True:
        await asyncio.sleep(every)
        await _once(write, unwritten)


async def _once(write: Callable[[], Awaitable[None]], unwritten: str) -> None:
    try:
        await write()
    except StoreUnavailable as away:
        log.debug(unwritten, cause=str(away))  # that the store is away is said once, by itself
    except Exception:  # customers are served all the same
        log.exception(unwritten)
