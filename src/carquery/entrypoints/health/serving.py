"""The health server of a process, from its container."""

from collections.abc import Callable, Sequence

from aiogram import Bot
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.access import Access
from carquery.application.ports.crm_access import CrmGate
from carquery.application.ports.environment import Clock
from carquery.application.ports.lead_counts import LeadCounts
from carquery.application.ports.visits import Visits
from carquery.entrypoints.health.checks import Check, Checkup
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.health.readiness import Readiness
from carquery.entrypoints.health.server import HealthServer
from carquery.entrypoints.settings import BotSettings, CrmChoice


async def health_server(container: AsyncContainer, needs: Callable[[Readiness], Sequence[Check]]) -> HealthServer:
    """The server. `needs`: which checks."""
    settings = await container.get(BotSettings)
    clock, counts = await container.get(Clock), await container.get(LeadCounts)
    readiness = Readiness(
        settings=settings,
        engine=await container.get(AsyncEngine),
        visits=await container.get(Visits),
        bot=await container.get(Bot),
        access=await container.get(Access) if settings.crm is CrmChoice.AMOCRM else None,
        gate=await container.get(CrmGate),
        counts=counts,
        clock=clock,
    )
    return HealthServer(
        Checkup(needs(readiness), clock),
        await container.get(Metrics),
        counts,
        clock,
        host=settings.health_check_host,
        port=settings.health_check_port,
    )
