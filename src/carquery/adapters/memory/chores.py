"""Who does what, in the process."""

from datetime import datetime, timedelta

from carquery.adapters.memory.failures import Failures
from carquery.application.ports.environment import Clock


class MemoryChores(Failures):
    """When each chore was taken."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._taken: dict[str, datetime] = {}

    async def take(self, chore: str, *, every: timedelta) -> bool:
        self.check()
        now, taken = self._clock.now(), self._taken.get(chore)
        if taken is not None and taken > now - every:
            return False
        self._taken[chore] = now
        return True

    async def give_back(self, chore: str) -> None:
        self.check()
        self._taken.pop(chore, None)
