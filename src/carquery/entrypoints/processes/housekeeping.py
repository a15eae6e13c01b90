"""What is done now and then: forgetting what has been kept long enough."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.pausing import paused
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.chores import Chores
from carquery.application.ports.customers import Customers, WalkPosition
from carquery.application.ports.drafts import Drafts
from carquery.application.ports.environment import Clock
from carquery.application.ports.reminders import Reminders
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.tallies import Tallies
from carquery.domain.draft import KEPT_FOR
from carquery.entrypoints.settings.personal_data import PersonalDataSettings

log = structlog.get_logger(__name__)

TEXTS_KEPT: Final = timedelta(days=30)
"""Free messages, masked, to see what was not understood; the figures stay."""

SHAPES_KEPT: Final = timedelta(days=90)
"""What refused answers looked like; how many there were stays."""

EVERY: Final = timedelta(hours=1)

WALK: Final = "forget_without_leads"
WALK_EVERY: Final = timedelta(days=1)

AT_ONCE: Final = 100
"""Leads or texts in one transaction, so that nobody waits long for it, however many there are."""
CUSTOMERS_AT_ONCE: Final = 1_000


class Housekeeping:
    """Any number of processes may keep house at once."""

    def __init__(
        self,
        journal: AiJournal,
        outbox: AlertOutbox,
        customers: Customers,
        drafts: Drafts,
        reminders: Reminders,
        tallies: Tallies,
        chores: Chores,
        clock: Clock,
        settings: PersonalDataSettings,
    ) -> None:
        self._journal = journal
        self._outbox = outbox
        self._customers = customers
        self._drafts = drafts
        self._reminders = reminders
        self._tallies = tallies
        self._chores = chores
        self._clock = clock
        self._leads_kept = timedelta(days=settings.retention_days)

    async def run(self, stop: asyncio.Event, *, every: timedelta = EVERY) -> None:
        """Keep house until `stop` is set, at once and again and again.

        What fails is logged and tried again then; it keeps nothing else from being done.
        """
        while not stop.is_set():
            for forget in (
                self._forget_texts,
                self._forget_shapes,
                self._forget_alerts,
                self._forget_drafts,
                self._forget_leads,
                self._forget_customers,
            ):
                try:
                    await forget(stop)
                except StoreUnavailable as away:
                    log.debug("nothing_forgotten", cause=str(away))
                except Exception:  # customers are served all the same
                    log.exception("housekeeping_failed")
            await paused(stop, at_most=every)

    async def _forget_texts(self, stop: asyncio.Event) -> None:
        before = self._clock.now() - TEXTS_KEPT
        texts = await _by_portions(lambda: self._journal.forget_texts(before=before, at_most=AT_ONCE), stop)
        if texts:
            log.info("texts_forgotten", count=texts)

    async def _forget_shapes(self, stop: asyncio.Event) -> None:
        before = (self._clock.now() - SHAPES_KEPT).date()
        await _by_portions(lambda: self._tallies.forget(before=before, at_most=AT_ONCE), stop)

    async def _forget_alerts(self, _: asyncio.Event) -> None:
        alerts = await self._outbox.forget_expired()
        if alerts:
            log.warning("alerts_forgotten", count=alerts)

    async def _forget_drafts(self, stop: asyncio.Event) -> None:
        before = self._clock.now() - KEPT_FOR
        drafts = await _by_portions(lambda: self._drafts.forget(touched_before=before, at_most=AT_ONCE), stop)
        if drafts:
            log.info("drafts_forgotten", count=drafts)
        long_ago = self._clock.now() - self._leads_kept
        await _by_portions(lambda: self._reminders.forget(before=long_ago, at_most=AT_ONCE), stop)

    async def _forget_leads(self, stop: asyncio.Event) -> None:
        before = self._clock.now() - self._leads_kept
        leads = await _by_portions(lambda: self._customers.forget(delivered_before=before, at_most=AT_ONCE), stop)
        if leads:
            log.info("leads_forgotten", count=leads)

    async def _forget_customers(self, stop: asyncio.Event) -> None:
        """Once a day, in one process of the installation."""
        if stop.is_set() or not await self._chores.take(WALK, every=WALK_EVERY):
            return
        place: WalkPosition | None = None
        try:
            place = await self._customers.forget_without_leads(after=None, at_most=CUSTOMERS_AT_ONCE)
            while place is not None and not stop.is_set():
                place = await self._customers.forget_without_leads(after=place, at_most=CUSTOMERS_AT_ONCE)
        except StoreUnavailable:
            await self._chores.give_back(WALK)
            raise
        if place is not None:
            await self._chores.give_back(WALK)


async def _by_portions(forget: Callable[[], Awaitable[int]], stop: asyncio.Event) -> int:
    """Forget until there is no more, or `stop` is set. Returns how much."""
    count = 0
    while not stop.is_set():
        portion = await forget()
        count += portion
        if portion < AT_ONCE:
            break
    return count
