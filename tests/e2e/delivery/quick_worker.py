"""`carquery worker`, which looks for leads twice a second. Run as a program.

It holds them as long as the real one does: a test lets that time pass in the database, and no machine is too slow.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dishka import Provider, Scope, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import CrmGate
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.application.leads.held_leads import REAL_TIMES, DeliveryTimes
from carquery.application.ports.environment import Clock
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.processes.running import stop_on_signals
from carquery.entrypoints.processes.worker import serve_worker
from carquery.entrypoints.settings.reading import read_settings
from carquery.entrypoints.settings.settings import BotSettings

OFTEN: Final = timedelta(seconds=0.5)


class Quick(Provider):
    """Frequent looks, and turns that lie close together: the emulator's limit is as high."""

    scope = Scope.APP

    @provide(override=True)
    def times(self) -> DeliveryTimes:
        return replace(REAL_TIMES, look=OFTEN)

    @provide(override=True)
    def gate(self, engine: AsyncEngine, clock: Clock) -> CrmGate:
        return SqlCrmGate(engine, clock, spacing=timedelta(milliseconds=1))


async def main() -> None:
    """Deliver until SIGTERM."""
    settings = read_settings(BotSettings)
    configure_logs(level=settings.log_level, as_json=True)
    container = make_bot_container(settings, Quick())
    try:
        await serve_worker(container, stop_on_signals())
    finally:
        await container.close()


if __name__ == "__main__":
    asyncio.run(main())
