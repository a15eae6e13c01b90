"""The health server of a process, from its container."""

from collections.abc import Sequence

from aiogram import Bot
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.access import Access
from carquery.adapters.amocrm.ports import CrmGate
from carquery.adapters.telegram.updates.polling import Polling
from carquery.adapters.telegram.updates.webhook import Webhook
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.environment import Clock
from carquery.application.ports.lead_counts import LeadCounts
from carquery.application.ports.visits import Visits
from carquery.entrypoints.health.checks import Check, Checkup
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.health.readiness import Readiness
from carquery.entrypoints.health.server import HealthServer
from carquery.entrypoints.settings.amocrm import CrmChoice
from carquery.entrypoints.settings.settings import BotSettings


async def health_server_of_bot(container: AsyncContainer) -> HealthServer:
    """Raises RedisRefused."""
    settings = await container.get(BotSettings)
    way_in = await (container.get(Webhook) if settings.bot_mode == "webhook" else container.get(Polling))
    checks = (await _readiness(container)).of_bot(await container.get(Visits), way_in.look)
    return await _health_server(container, checks)


async def health_server_of_worker(container: AsyncContainer) -> HealthServer:
    """It has no dialogs, so it needs no Redis."""
    return await _health_server(container, (await _readiness(container)).of_worker())


async def _readiness(container: AsyncContainer) -> Readiness:
    settings = await container.get(BotSettings)
    return Readiness(
        settings=settings,
        engine=await container.get(AsyncEngine),
        bot=await container.get(Bot),
        access=await container.get(Access) if settings.crm is CrmChoice.AMOCRM else None,
        gate=await container.get(CrmGate),
        counts=await container.get(LeadCounts),
        outbox=await container.get(AlertOutbox),
        clock=await container.get(Clock),
    )


async def _health_server(container: AsyncContainer, checks: Sequence[Check]) -> HealthServer:
    settings, clock = await container.get(BotSettings), await container.get(Clock)
    return HealthServer(
        Checkup(checks, clock),
        await container.get(Metrics),
        await container.get(LeadCounts),
        await container.get(AlertOutbox),
        clock,
        host=settings.health_check_host,
        port=settings.health_check_port,
    )
