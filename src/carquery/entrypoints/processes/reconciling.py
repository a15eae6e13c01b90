"""The daily count of deals in the CRM, by one process of the installation."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.pausing import paused
from carquery.application.leads.reconcile_leads import Miscount, ReconcileLeads
from carquery.application.ports.alerts import Alerts, DealsMiscounted
from carquery.application.ports.chores import Chores
from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.providers.crm_words import REASONS

log = structlog.get_logger(__name__)

LOOKED_AFTER: Final = timedelta(hours=1)
"""So often each process asks whether it is its turn."""
EVERY: Final = timedelta(days=1)
COUNTED: Final = timedelta(days=7)
"""Leads delivered within that time are counted."""
TOLD_ONCE_IN: Final = timedelta(days=365)
"""A deal that a manager deleted is told once, and not each day."""

CHORE: Final = "reconcile"


@dataclass(frozen=True, slots=True)
class Reconciling:
    """Any number of processes may run it; one of them counts each day."""

    reconcile: ReconcileLeads
    chores: Chores
    alerts: Alerts
    clock: Clock
    metrics: Metrics

    async def run(self, stop: asyncio.Event) -> None:
        """Count once a day until `stop` is set; what fails is logged and tried again an hour later."""
        while not stop.is_set():
            try:
                await self._count_unless(stop)
            except StoreUnavailable as away:
                log.warning("leads_not_reconciled", cause=str(away))
            except CrmFailure as failure:
                log.warning("leads_not_reconciled", cause=REASONS.english(failure.reason))
            except Exception:  # leads are delivered all the same
                log.exception("reconciling_failed")
            await paused(stop, at_most=LOOKED_AFTER)

    async def _count_unless(self, stop: asyncio.Event) -> None:
        """A count of many deals takes minutes: whoever stops does not wait for it."""
        counting, stopping = asyncio.ensure_future(self.count_if_due()), asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((counting, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            counting.cancel()
            await asyncio.wait((counting,))  # it gives the chore back
        if not counting.cancelled():
            counting.result()

    async def count_if_due(self) -> None:
        """Count, if nobody did within a day. Raises CrmFailure, StoreUnavailable: somebody may try again."""
        if not await self.chores.take(CHORE, every=EVERY):
            return
        try:
            await self._count()
        except BaseException:
            with suppress(StoreUnavailable):  # then it is the next day's
                await self.chores.give_back(CHORE)
            raise

    async def _count(self) -> None:
        found = await self.reconcile(since=self.clock.now() - COUNTED)
        self.metrics.reconciled(found)
        log.info("leads_reconciled", leads=found.leads, missing=len(found.missing), doubled=len(found.doubled))
        news = [lead for lead in found.wrong if await self.chores.is_due(_told(lead), every=TOLD_ONCE_IN)]
        if news:
            missing = tuple(lead.reference for lead in news if lead.deals == 0)
            doubled = tuple(lead.reference for lead in news if lead.deals > 1)
            await self.alerts.tell(DealsMiscounted(missing, doubled))
        for lead in news:  # only now: what is noted as told is told no more
            await self.chores.take(_told(lead), every=TOLD_ONCE_IN)


def _told(lead: Miscount) -> str:
    """The chore of telling people of it."""
    return f"{CHORE}: {lead.reference} {lead.deals}"
