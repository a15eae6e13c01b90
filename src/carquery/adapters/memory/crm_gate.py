"""Whose turn it is to call the CRM, in the process."""

from datetime import datetime, timedelta

from carquery.adapters.amocrm.ports import GateClosed, Turn
from carquery.adapters.memory.database import LONG_AGO
from carquery.adapters.memory.failures import Failures
from carquery.application.ports.crm import Closure
from carquery.application.ports.environment import Clock
from carquery.domain.reason import Reason

_NO_TIME = timedelta()


class MemoryCrmGate(Failures):
    """Turns that lie `spacing` apart."""

    def __init__(self, clock: Clock, *, spacing: timedelta) -> None:
        super().__init__()
        self._clock = clock
        self._spacing = spacing
        self._next_at = LONG_AGO
        self._closed_until: datetime | None = None
        self._reason = Reason("")
        self._strikes = 0

    async def take_turn(self, *, ahead: int = 0) -> Turn:
        self.check()
        closure = self._closure()
        if closure is not None:
            raise GateClosed(closure)
        now = self._clock.now()
        if self._next_at > now:
            return Turn(is_ours=False, next_in=self._next_at - now)
        self._next_at = now + self._spacing * (1 + ahead)
        return Turn(is_ours=True, next_in=self._spacing)

    async def pause(self, time: timedelta) -> None:
        self.check()
        self._next_at = max(self._next_at, self._clock.now() + time)

    async def close(self, reason: Reason, *, shortest: timedelta, longest: timedelta) -> None:
        self.check()
        if self._closure() is None:
            closed_for = min(shortest * (1 << min(self._strikes, 16)), longest)
            self._closed_until = self._clock.now() + closed_for
            self._reason = reason
            self._strikes += 1

    async def open(self) -> None:
        self.check()
        self._closed_until, self._strikes = None, 0

    async def closure(self) -> Closure | None:
        self.check()
        return self._closure()

    def _closure(self) -> Closure | None:
        if self._closed_until is None:
            return None
        left = self._closed_until - self._clock.now()
        return Closure(self._reason, left) if left > _NO_TIME else None
