"""What is done now and then: forgetting what has been kept long enough."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from carquery.application.ports.ai_journal import AiJournal, StoreUnavailable
from carquery.application.ports.environment import Clock

log = structlog.get_logger(__name__)

TEXTS_KEPT: Final = timedelta(days=30)
"""Free messages, masked, to see what was not understood; the figures stay."""

EVERY: Final = timedelta(hours=1)


class Housekeeping:
    """Any number of processes may keep house at once."""

    def __init__(self, journal: AiJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Keep house until `stop` is set, at once and every hour; a store that is away is tried again then."""
        while not stop.is_set():
            try:
                forgotten = await self._journal.forget_texts(before=self._clock.now() - TEXTS_KEPT)
            except StoreUnavailable as away:
                log.warning("texts_not_forgotten", cause=str(away))
            else:
                if forgotten:
                    log.info("texts_forgotten", count=forgotten)
            try:
                async with asyncio.timeout(EVERY.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue
