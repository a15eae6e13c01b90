"""The real adapter on the emulator, with stores in the process, so that hours pass in no time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from carquery.adapters.amocrm.access import Access, LongLivedAccess, OAuthAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.crm import AmoCrm
from carquery.adapters.amocrm.oauth import Integration, OAuth
from carquery.adapters.amocrm.ports import CrmGrant
from carquery.adapters.amocrm.turns import Turns
from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.crm_tokens import MemoryCrmTokens
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import CountingRandomness, SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.sent_files import MemorySentFiles
from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.held_leads import REAL_TIMES
from carquery.domain.backoff import Backoff
from carquery.domain.contact import Phone
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.forms.form import Service
from carquery.domain.lead import Lead, LeadStatus
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.account import UNLIMITED, a_picture
from tests.adapters.amocrm.connecting import patient_http
from tests.builders import NOW, a_full_lead
from tests.e2e.delivery.once import Tally

MOST_PASSES = 20


@dataclass(frozen=True, slots=True)
class AmoCrmDelivery:
    """Leads on their way. `tokens`: of the integration, where it is authorised by OAuth."""

    amocrm: AmoCrmEmulator
    leads: MemoryLeads
    deliver: DeliverLeads
    clock: SettableClock
    alerts: MemoryAlerts
    tokens: MemoryCrmTokens

    async def queue(self, number: int, phone: str, *, service: Service = Service.SELL) -> Lead:
        """Store a lead that needs every effect, due now."""
        lead, now = a_full_lead(number, phone=Phone(phone)), self.clock.now()
        return await self.leads.add(replace(lead, service=service, created_at=now, next_attempt_at=now))

    async def queue_three(self) -> None:
        """Of two people."""
        for number, phone in ((1, "+79160000001"), (2, "+79160000001"), (3, "+79160000003")):
            await self.queue(number, phone)

    async def log_in(self) -> None:
        """As `carquery amocrm login` does."""
        access, refresh = self.amocrm.grant()
        expires_at = self.clock.now() + timedelta(days=1)
        await self.tokens.store(CrmGrant(self.amocrm.base_url, access, refresh, expires_at))

    async def pass_once(self) -> None:
        """One pass, and two hours."""
        await self.deliver()
        await self.amocrm.settled()
        self.clock.pass_time(timedelta(hours=2))

    async def until_delivered(self) -> int:
        """How many passes it takes."""
        for number in range(1, MOST_PASSES + 1):
            await self.pass_once()
            if not await self.undelivered():
                return number
        raise TimeoutError(f"not delivered after {MOST_PASSES} passes")

    async def undelivered(self) -> list[Lead]:
        return [lead for lead in await self.leads.newest(limit=100) if lead.status is not LeadStatus.DELIVERED]

    async def tally(self) -> Tally:
        """What stands in amoCRM for the stored leads."""
        return Tally.of(await self.leads.newest(limit=100), self.amocrm.world)


@asynccontextmanager
async def an_amocrm_delivery(*, by_oauth: bool = False, join_open_deal_days: int = 0) -> AsyncIterator[AmoCrmDelivery]:
    """Everything empty; by OAuth, somebody has logged in."""
    told = Dealership(follow_up=FollowUp(join_open_deal_days=join_open_deal_days))
    clock = SettableClock(NOW)

    async def pass_time(seconds: float) -> None:
        clock.pass_time(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    gate = MemoryCrmGate(clock, spacing=timedelta(milliseconds=150))
    turns = Turns(gate, sleep=pass_time)
    leads, alerts, tokens = MemoryLeads(MemoryDatabase(), clock), MemoryAlerts(), MemoryCrmTokens(clock)
    async with AmoCrmEmulator(requests_per_second=UNLIMITED) as amocrm, patient_http() as http:
        access: Access = LongLivedAccess(amocrm.base_url, amocrm.long_lived_token())
        if by_oauth:
            integration = Integration("client-id", "client-secret", "https://example.org/amocrm")
            access = OAuthAccess(tokens, OAuth(http, integration, turns, clock), clock, sleep=pass_time)
        config = AmoCrmConfig(task_after=timedelta(minutes=30))
        client, files = AmoCrmClient(http, access, turns), MemorySentFiles(a_picture)
        deliver = DeliverLeads(
            leads=leads,
            crm=AmoCrm(client, gate, config, leads, files, clock, dealership=lambda: told),
            alerts=alerts,
            clock=clock,
            randomness=CountingRandomness(),
            backoff=Backoff(timedelta(minutes=5), 30),
            times=REAL_TIMES,
            dealership=lambda: told,
        )
        delivery = AmoCrmDelivery(amocrm, leads, deliver, clock, alerts, tokens)
        if by_oauth:
            await delivery.log_in()
        yield delivery
