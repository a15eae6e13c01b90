"""Watching for first touches, by one process of the installation at a time."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.pausing import paused
from carquery.application.ports.chores import Chores
from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.watch_first_touches import EVERY, WatchFirstTouches
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.providers.crm_words import REASONS

log = structlog.get_logger(__name__)

ASKS: Final = timedelta(seconds=20)
"""So often each process asks whether a look is due."""
CHORE: Final = "first touches"


@dataclass(frozen=True, slots=True)
class FirstTouchWatch:
    """Any number of processes may run it: together they look once a minute."""

    watch: WatchFirstTouches
    chores: Chores
    clock: Clock
    metrics: Metrics

    async def run(self, stop: asyncio.Event, *, asks: timedelta = ASKS) -> None:
        """Look until `stop` is set; what fails is logged, and the next look is as good."""
        is_told = False
        while not stop.is_set():
            try:
                await self.look_if_due()
                is_told = False
            except StoreUnavailable as away:
                log.debug("first_touches_not_seen", cause=str(away))
            except CrmFailure as failure:
                say = log.debug if is_told else log.warning
                say("first_touches_not_seen", cause=REASONS.english(failure.reason))
                is_told = True
            except Exception:  # leads are delivered all the same
                log.exception("first_touches_failed")
            await paused(stop, at_most=asks)

    async def look_if_due(self) -> None:
        """Look, if there is something to look at, and nobody did within a minute.

        Raises:
            CrmFailure, StoreUnavailable: the next look is as good.
        """
        now = self.clock.now()
        if not await self.watch.is_due(now=now) or not await self.chores.take(CHORE, every=EVERY):
            return
        report = await self.watch(now=now)
        for waited in report.touched:
            self.metrics.first_touched(waited)
        if report.told or report.touched:
            log.info("first_touches_seen", looked_at=report.looked_at, touched=len(report.touched), told=report.told)
