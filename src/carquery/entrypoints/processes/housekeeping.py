"""What is done now and then: forgetting what has been kept long enough."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.customers import Customers
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.settings.personal_data import PersonalDataSettings

log = structlog.get_logger(__name__)

TEXTS_KEPT: Final = timedelta(days=30)
"""Free messages, masked, to see what was not understood; the figures stay."""

EVERY: Final = timedelta(hours=1)

LEADS_AT_ONCE: Final = 100
"""In one transaction, so that nobody waits long for it."""


class Housekeeping:
    """Any number of processes may keep house at once."""

    def __init__(
        self,
        journal: AiJournal,
        outbox: AlertOutbox,
        customers: Customers,
        clock: Clock,
        settings: PersonalDataSettings,
    ) -> None:
        self._journal = journal
        self._outbox = outbox
        self._customers = customers
        self._clock = clock
        self._leads_kept = timedelta(days=settings.retention_days)

    async def run(self, stop: asyncio.Event, *, every: timedelta = EVERY) -> None:
        """Keep house until `stop` is set, at once and again and again; what fails is logged and tried again then."""
        while not stop.is_set():
            try:
                await self._forget(stop)
            except StoreUnavailable as away:
                log.debug("nothing_forgotten", cause=str(away))
            except Exception:  # customers are served all the same
                log.exception("housekeeping_failed")
            try:
                async with asyncio.timeout(every.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _forget(self, stop: asyncio.Event) -> None:
        now = self._clock.now()
        texts = await self._journal.forget_texts(before=now - TEXTS_KEPT)
        if texts:
            log.info("texts_forgotten", count=texts)
        alerts = await self._outbox.forget_expired()
        if alerts:
            log.warning("alerts_forgotten", count=alerts)
        leads = 0
        while not stop.is_set():
            portion = await self._customers.forget(delivered_before=now - self._leads_kept, at_most=LEADS_AT_ONCE)
            leads += portion
            if portion < LEADS_AT_ONCE:
                break
        if leads:
            log.info("leads_forgotten", count=leads)
