"""Every way amoCRM can fail, at every request of a delivery: in the end everything stands there once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from carquery.adapters.amocrm.access import LongLivedAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.crm import AmoCrm
from carquery.adapters.amocrm.doors import Doors
from carquery.adapters.amocrm.transport import open_http
from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import CountingLots, SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.photos import MemoryPhotos
from carquery.application.deliver_leads import DeliverLeads
from carquery.application.held_leads import REAL_TIMES
from carquery.domain.contact import Phone
from carquery.domain.lead import Backoff, LeadStatus
from carquery.emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.account import a_full_lead, a_picture
from tests.builders import NOW
from tests.e2e.delivery.once import Tally

HOWS = (
    "refuse",
    "drop",
    "late",
    "500",
    "502",
    "504",
    "500 after",
    "502 after",
    "504 after",
    "429",
    "403 html",
    "402",
    "401",
    "html 200",
    "empty 200",
    "404 html",
    "redirect",
)
REQUESTS = {
    "search": ("GET", r"/contacts$"),
    "contact": ("POST", r"/contacts$"),
    "lead": ("POST", r"/leads$"),
    "note": ("POST", r"/notes$"),
    "task": ("POST", r"/tasks$"),
    "session": ("POST", r"/sessions$"),
    "attach": ("PUT", r"/files$"),
}
LATE_SECONDS = 0.05
MOST_PASSES = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """The real adapter on the emulator; the stores in the process, so that time can be made to pass."""

    amocrm: AmoCrmEmulator
    leads: MemoryLeads
    deliver: DeliverLeads
    clock: SettableClock
    alerts: MemoryAlerts

    async def until_delivered(self) -> int:
        """How many passes it takes, with two hours between them."""
        for number in range(1, MOST_PASSES + 1):
            await self.deliver()
            if all(lead.status is LeadStatus.DELIVERED for lead in await self.leads.newest(limit=100)):
                return number
            await self.amocrm.settled()
            self.clock.pass_time(timedelta(hours=2))
        raise TimeoutError(f"not delivered after {MOST_PASSES} passes")


@asynccontextmanager
async def a_delivery() -> AsyncIterator[Delivery]:
    clock = SettableClock(NOW)

    async def pass_time(seconds: float) -> None:
        clock.pass_time(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    gate = MemoryCrmGate(clock, spacing=timedelta(milliseconds=150))
    leads, alerts = MemoryLeads(MemoryDatabase(), clock), MemoryAlerts()
    async with AmoCrmEmulator(requests_per_second=100_000) as amocrm, open_http() as http:
        client = AmoCrmClient(
            http, LongLivedAccess(amocrm.base_url, amocrm.long_lived_token()), Doors(gate, sleep=pass_time)
        )
        config = AmoCrmConfig(task_after=timedelta(minutes=30))
        deliver = DeliverLeads(
            leads=leads,
            crm=AmoCrm(client, gate, config, leads, MemoryPhotos(a_picture), clock),
            alerts=alerts,
            clock=clock,
            lots=CountingLots(),
            backoff=Backoff(timedelta(minutes=5), 30),
            times=REAL_TIMES,
        )
        yield Delivery(amocrm, leads, deliver, clock, alerts)


@pytest.mark.parametrize("request_name", list(REQUESTS))
@pytest.mark.parametrize("how", HOWS)
async def test_everything_stands_there_once_in_the_end(
    how: str, request_name: str, record_property: Callable[[str, object], None]
) -> None:
    method, path = REQUESTS[request_name]
    async with a_delivery() as delivery:
        for number, phone in ((1, "+79160000001"), (2, "+79160000001"), (3, "+79160000003")):
            lead = replace(a_full_lead(number, phone=Phone(phone)), created_at=NOW, next_attempt_at=NOW)
            await delivery.leads.add(lead)
        delivery.amocrm.faults.add(how, method=method, path=path, seconds=LATE_SECONDS)

        passes = await delivery.until_delivered()
        tally = Tally.of(await delivery.leads.newest(limit=100), delivery.amocrm.world)

    outcome = f"once/{passes}" if tally.is_exactly_once else "WRONG"
    record_property(
        "cell", ("Faults × requests: how often everything stands there / passes", how, request_name, outcome)
    )
    assert tally.is_exactly_once, tally
