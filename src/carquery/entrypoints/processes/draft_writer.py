"""Writes the forms that customers leave, of many at once, while nobody waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from carquery.application.conversation.left_forms import LeftForms
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.health.metrics import Metrics

log = structlog.get_logger(__name__)

WRITE_SECONDS: Final = 3.0
"""A process that is killed has not written so much; who answers several questions in that time is written once."""
LAST_SECONDS: Final = 5.0
"""For the last time, whatever the database does."""


@dataclass(frozen=True, slots=True)
class DraftWriter:
    """Every process that takes inputs has one."""

    left: LeftForms
    metrics: Metrics

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
            log.warning("drafts_not_written", seconds=LAST_SECONDS)

    async def _write(self) -> None:
        try:
            self.metrics.drafts_written(await self.left.write())
        except StoreUnavailable as away:
            log.debug("drafts_not_written", cause=str(away))  # that the store is away is said once, by itself
        except Exception:  # customers are served all the same
            log.exception("drafts_not_written")
