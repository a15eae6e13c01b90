"""`carquery bot`, which looks often: for leads to deliver, and for what others have left owed. Run as a program."""

import asyncio
from datetime import timedelta

from dishka import Provider, Scope, provide

from carquery.application.ports.owed_replies import OwedTimes
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.processes.bot import serve
from carquery.entrypoints.processes.running import stop_on_signals
from carquery.entrypoints.settings.reading import read_settings
from carquery.entrypoints.settings.settings import BotSettings
from tests.e2e.delivery.quick_worker import Quick


class Watchful(Provider):
    """Whoever is silent for five seconds counts as gone."""

    scope = Scope.APP

    @provide(override=True)
    def times(self) -> OwedTimes:
        return OwedTimes(grace=timedelta(seconds=5), look_every=timedelta(seconds=0.5))


async def main() -> None:
    """Take updates and deliver until SIGTERM."""
    settings = read_settings(BotSettings)
    configure_logs(level=settings.log_level, as_json=True)
    container = make_bot_container(settings, Quick(), Watchful())
    try:
        await serve(container, stop_on_signals())
    finally:
        await container.close()


if __name__ == "__main__":
    asyncio.run(main())
