"""The delivery worker: one pass after another, woken by a new lead and by the clock."""

import asyncio
from dataclasses import dataclass

import structlog

from carquery.adapters.sql.due_work import Due, DueWork
from carquery.adapters.sql.lead_listener import LeadListener
from carquery.application.leads.deliver_amendments import NOTHING_AMENDED, DeliverAmendments
from carquery.application.leads.deliver_leads import NOTHING_CLAIMED, DeliverLeads
from carquery.application.ports.environment import Bell
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.hand_over_deals import HandOverDeals
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.processes.first_touch_watch import FirstTouchWatch
from carquery.entrypoints.processes.reconciling import Reconciling

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryWorker:
    """Delivers leads, and what customers change of them, until it is told to stop.

    A pass that has begun is finished.
    """

    due_work: DueWork
    deliver: DeliverLeads
    deliver_amendments: DeliverAmendments
    bell: Bell
    listener: LeadListener
    metrics: Metrics
    reconciling: Reconciling
    hand_over: HandOverDeals
    first_touches: FirstTouchWatch

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. A store or CRM that is away stops nothing: the leads wait."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.listener.run(stop))
            tasks.create_task(self._deliver_until(stop))
            tasks.create_task(self.reconciling.run(stop))
            tasks.create_task(self.first_touches.run(stop))

    async def _deliver_until(self, stop: asyncio.Event) -> None:
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                if await self._work():
                    continue
                pause = asyncio.ensure_future(self.bell.wait(at_most=self.deliver.times.look))
                await asyncio.wait((stopping, pause), return_when=asyncio.FIRST_COMPLETED)
                pause.cancel()
        finally:
            stopping.cancel()

    async def _work(self) -> bool:
        """Do what is due. True: there may be more to do at once."""
        try:
            due = await self.due_work.look()
        except StoreUnavailable as away:
            log.debug("delivery_paused", cause=str(away))  # that the store is away is said once, by itself
            return False
        except Exception:
            log.exception("delivery_failed")
            return False
        there_is_more = await self._pass(due) if due.leads or due.amendments else False
        if due.takes:
            await self._hand_over()
        return there_is_more

    async def _hand_over(self) -> None:
        """Tell the CRM who has taken leads, as far as it can be told now."""
        try:
            while (end := await self.hand_over()) is not None:
                self.metrics.handed_over(end)
                log.info("lead_handed_over", outcome=end.value)
        except StoreUnavailable as away:
            log.debug("hand_overs_paused", cause=str(away))
        except Exception:  # leads are delivered all the same
            log.exception("hand_overs_failed")

    async def _pass(self, due: Due) -> bool:
        """One pass. True: there may be more to do at once."""
        try:
            report = await self.deliver() if due.leads else NOTHING_CLAIMED
            amended = await self.deliver_amendments() if due.amendments and report.is_crm_well else NOTHING_AMENDED
        except StoreUnavailable as away:
            log.debug("delivery_paused", cause=str(away))
            return False
        except Exception:
            log.exception("delivery_failed")
            return False
        if report.claimed:
            self.metrics.delivery_passed(claimed=report.claimed, delivered=report.delivered)
            for reference in report.references:
                log.info("lead_delivered", reference=reference)
            say = log.info if report.delivered else log.debug  # why none was is said where it is found, and once
            say("leads_delivered", claimed=report.claimed, delivered=report.delivered)
        for reference in amended.references:
            log.info("amendment_delivered", reference=reference)
        return (report.claimed > 0 or amended.claimed > 0) and report.is_crm_well and amended.is_crm_well
