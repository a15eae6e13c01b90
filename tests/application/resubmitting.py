"""Resubmitting on memory adapters, and what others do meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import CountingRandomness, SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.held_leads import REAL_TIMES
from carquery.application.leads.resubmit_leads import Ended, Ending, Pausing, Progress, ResubmitLeads
from carquery.application.ports.alerts import Alert
from carquery.domain.backoff import Backoff
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from tests.builders import NOW


class SlowAlerts(MemoryAlerts):
    """Telling takes time."""

    def __init__(self, clock: SettableClock) -> None:
        super().__init__()
        self._clock = clock
        self.takes = timedelta()

    async def tell(self, alert: Alert) -> None:
        self._clock.pass_time(self.takes)
        await super().tell(alert)


class OperatorsOffice:
    """Stored leads, a CRM, and somebody who resubmits; time passes only while they wait."""

    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        self.database = MemoryDatabase()
        self.leads = MemoryLeads(self.database, self.clock)
        self.crm = MemoryCrm(self.clock)
        self.randomness = CountingRandomness()
        self.alerts = SlowAlerts(self.clock)
        self.deliver = DeliverLeads(
            leads=self.leads,
            crm=self.crm,
            alerts=self.alerts,
            clock=self.clock,
            randomness=self.randomness,
            backoff=Backoff(timedelta(minutes=5), 4),
            times=REAL_TIMES,
        )
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []
        """What others do, one thing each time somebody waits."""

    async def has(self, *leads: Lead) -> None:
        for lead in leads:
            await self.leads.add(lead)

    def resubmission(self) -> ResubmitLeads:
        return ResubmitLeads(
            leads=self.leads, crm=self.crm, deliver=self.deliver, clock=self.clock, sleep=self._time_passes
        )

    async def resubmit(self, *leads: Lead) -> list[Progress]:
        return [step async for step in self.resubmission()([lead.id for lead in leads])]

    async def stored(self, lead: Lead) -> Lead:
        stored = await self.leads.load(lead.id)
        assert stored is not None, "leads are never deleted"
        return stored

    async def _time_passes(self, time: timedelta) -> None:
        assert time > timedelta(), "to wait no time at all is to wait for ever"
        self.clock.pass_time(time)
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        await asyncio.sleep(0)


def endings(steps: Sequence[Progress]) -> dict[Reference, Ending]:
    """By reference; each lead ends once."""
    ended = [step for step in steps if isinstance(step, Ended)]
    by_reference = {step.lead.reference: step.ending for step in ended}
    assert len(by_reference) == len(ended), "an ending was told twice"
    return by_reference


def the_ending(steps: Sequence[Progress]) -> Ended:
    """Of the only lead there is."""
    (ended,) = (step for step in steps if isinstance(step, Ended))
    return ended


def pauses(steps: Sequence[Progress]) -> list[Pausing]:
    return [step for step in steps if isinstance(step, Pausing)]
