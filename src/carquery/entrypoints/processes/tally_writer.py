"""Adds what was counted to the store, of many inputs at once, while nobody waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from carquery.application.ports.stores import StoreUnavailable
from carquery.application.reports.tally import Tally

log = structlog.get_logger(__name__)

WRITE_SECONDS: Final = 5.0
"""So much a process that is killed has not counted."""
LAST_SECONDS: Final = 5.0
"""For the last time, whatever the database does."""


@dataclass(frozen=True, slots=True)
class TallyWriter:
    """Every process that takes inputs has one."""

    tally: Tally

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Write now and then; and on leaving, when no input is taken any more, all that is left."""
        writing = asyncio.create_task(self._write_again_and_again())
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.wait((writing,))
            await self._write_the_last()

    async def _write_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            await self._write()

    async def _write_the_last(self) -> None:
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await self._write()
        except TimeoutError:
            log.warning("not_counted", seconds=LAST_SECONDS)

    async def _write(self) -> None:
        try:
            await self.tally.write()
        except StoreUnavailable as away:
            log.debug("not_counted", cause=str(away))  # that the store is away is said once, by itself
        except Exception:  # customers are served all the same
            log.exception("not_counted")
