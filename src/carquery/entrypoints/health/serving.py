"""The health server of a process, from its container."""

from typing import Final

from dishka import AsyncContainer

from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.environment import Clock
from carquery.application.ports.first_touches import FirstTouches
from carquery.application.ports.takes import Takes
from carquery.application.ports.visits import Visits
from carquery.entrypoints.checks.kinds import Process, WhileRunning
from carquery.entrypoints.health.checkup import Checkup
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.health.remembered_figures import RememberedFigures
from carquery.entrypoints.health.server import HealthServer
from carquery.entrypoints.report_page.serving import report_page
from carquery.entrypoints.settings.health import HealthSettings

KEPT_SECONDS: Final = 30.0
REFRESH_SECONDS: Final = 60
"""Of the report: whoever looks at it looks at days."""


async def health_server_of_bot(container: AsyncContainer) -> HealthServer:
    """Raises RedisRefused."""
    await container.get(Visits)
    return await _health_server(container, Process.BOT)


async def health_server_of_worker(container: AsyncContainer) -> HealthServer:
    """It has no dialogs, so it needs no Redis."""
    return await _health_server(container, Process.WORKER)


async def _health_server(container: AsyncContainer, process: Process) -> HealthServer:
    settings, clock = await container.get(HealthSettings), await container.get(Clock)
    return HealthServer(
        Checkup(await container.get(list[WhileRunning]), process, clock),
        await container.get(Metrics),
        await container.get(RememberedFigures),
        await container.get(AlertOutbox),
        await container.get(FirstTouches),
        await container.get(Takes),
        await report_page(container, kept_seconds=KEPT_SECONDS, refresh_seconds=REFRESH_SECONDS),
        clock,
        host=settings.health_check_host,
        port=settings.health_check_port,
    )
