"""A process that says one alert of the database it is told of, by printing it, and stops where it is told to.

Arguments: the database, the moment, and `taken`, `said` or `noted`. There it prints `here` and waits to be killed.
"""

import asyncio
import sys
from datetime import datetime

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.alert_outbox import SqlAlertOutbox
from carquery.adapters.sql.engine import open_engine
from carquery.application.ports.alerts import Alert
from carquery.application.staff.deliver_alerts import DeliverAlerts


class Printed:
    """A chat."""

    def __init__(self, stop_at: str) -> None:
        self._stop_at = stop_at

    async def say(self, alert: Alert, *, since: datetime | None = None, times: int = 1) -> None:
        del since, times
        if self._stop_at == "taken":
            await stop()
        sys.stdout.write(f"{alert}\n")
        if self._stop_at == "said":
            await stop()


async def stop() -> None:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def main(url: str, now: datetime, stop_at: str) -> None:
    async with open_engine(url) as engine:
        clock = SettableClock(now)
        await DeliverAlerts(outbox=SqlAlertOutbox(engine, clock), chat=Printed(stop_at), clock=clock)()
        await stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3]))
