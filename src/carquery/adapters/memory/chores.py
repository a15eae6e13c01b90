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
        is_due = await self.is_due(chore, every=every)
        if is_due:
            self._taken[chore] = self._clock.now()
        return is_due

    async def is_due(self, chore: str, *, every: timedelta) -> bool:
        self.check()
        taken = self._taken.get(chore)
        return taken is None or taken <= self._clock.now() - every

    async def give_back(self, chore: str) -> None:
        self.check()
        self._taken.pop(chore, None)
