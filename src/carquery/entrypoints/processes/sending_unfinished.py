"""Makes leads of forms that were left with a number in them, again and again; any process may."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.pausing import paused
from carquery.application.follow_up.send_unfinished import SendUnfinished
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.health.metrics import Metrics

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SendingUnfinished:
    """Stands beside delivery, in the bot and in `carquery worker`."""

    send: SendUnfinished
    metrics: Metrics

    async def run(self, stop: asyncio.Event, *, every: timedelta = EVERY) -> None:
        """Make them until `stop` is set. What fails stops nothing."""
        while not stop.is_set():
            await self._pass()
            await paused(stop, at_most=every)

    async def _pass(self) -> None:
        try:
            references = await self.send()
        except StoreUnavailable as away:
            log.debug("no_unfinished_leads", cause=str(away))  # that the store is away is said once, by itself
            return
        except Exception:  # leads are delivered all the same
            log.exception("unfinished_leads_failed")
            return
        self.metrics.made_unfinished(len(references))
        for reference in references:
            log.info("unfinished_lead_made", reference=reference)
