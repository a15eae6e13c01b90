"""Reminds customers of forms that they left, again and again: the bot does it, which has the messengers."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.pausing import paused
from carquery.application.follow_up.remind_customers import RemindCustomers, ReminderOutcome
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.health.metrics import Metrics

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Reminding:
    """Any number of bots may remind at once: each form is claimed by one."""

    remind: RemindCustomers
    metrics: Metrics

    async def run(self, stop: asyncio.Event, *, every: timedelta = EVERY) -> None:
        """Remind until `stop` is set. What fails stops nothing."""
        while not stop.is_set():
            await self._pass()
            await paused(stop, at_most=every)

    async def _pass(self) -> None:
        try:
            reminded = await self.remind()
        except StoreUnavailable as away:
            log.debug("nobody_reminded", cause=str(away))  # that the store is away is said once, by itself
            return
        except Exception:  # customers are served all the same
            log.exception("reminding_failed")
            return
        for outcome, count in reminded.outcomes.items():
            self.metrics.reminded(outcome, count)
            say = log.warning if outcome is ReminderOutcome.UNKNOWN else log.info
            say("customers_reminded", outcome=outcome.value, count=count)
