"""What people have been told lately, in the process."""

from datetime import datetime, timedelta

from carquery.adapters.memory.failures import Failures
from carquery.application.ports.environment import Clock


class MemoryTold(Failures):
    """Remembers when each cause was told last."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[str, datetime] = {}

    async def is_news(self, cause: str, *, for_: timedelta) -> bool:
        self.check()
        now = self._clock.now()
        told_at = self._told.get(cause)
        if told_at is not None and told_at > now - for_:
            return False
        self._told[cause] = now
        return True
