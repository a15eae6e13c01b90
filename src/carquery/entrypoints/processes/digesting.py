"""Tells the staff of the days before, when the dealership opens."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.pausing import paused
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.tell_digest import TellDigest

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Digesting:
    """Any number of bots may run it."""

    tell: TellDigest

    async def run(self, stop: asyncio.Event, *, every: timedelta = EVERY) -> None:
        """Tell until `stop` is set. What fails stops nothing, and is tried again."""
        while not stop.is_set():
            try:
                if await self.tell():
                    log.info("digest_told")
            except StoreUnavailable as away:
                log.debug("no_digest", cause=str(away))  # that the store is away is said once, by itself
            except Exception:  # customers are served all the same
                log.exception("no_digest")
            await paused(stop, at_most=every)
