"""A staff chat in the process, to be read by tests."""

from datetime import datetime

from carquery.adapters.memory.failures import Failures
from carquery.application.ports.alerts import Alert


class MemoryStaffChat(Failures):
    """Remembers what was said, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Alert] = []

    async def say(self, alert: Alert, *, since: datetime | None = None, times: int = 1) -> None:
        del since, times
        self.check()
        self.said.append(alert)
