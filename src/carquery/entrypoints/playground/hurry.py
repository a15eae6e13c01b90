"""What takes minutes with the real amoCRM takes seconds here, so that one can watch it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from dishka import Provider, Scope, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.crm import LIMITS
from carquery.adapters.amocrm.ports import CrmGate, Turn
from carquery.adapters.amocrm.turns import SPACING
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.application.leads.held_leads import REAL_TIMES, DeliveryTimes
from carquery.application.ports.crm import Closure, CrmLimits
from carquery.application.ports.environment import Clock
from carquery.domain.reason import Reason
from carquery.entrypoints.playground.moved_clock import MovedClock

TIMES: Final = replace(REAL_TIMES, patience=timedelta(seconds=7), look=timedelta(seconds=1))
LANDS_WITHIN: Final = timedelta(seconds=3)
"""Here no call lands later than that; with the real amoCRM nobody knows before two minutes have passed."""

LONGEST_CLOSURE: Final = timedelta(seconds=15)
"""How long the bot leaves a CRM alone that has locked it out; the real one is left alone for 5 to 60 minutes."""

BACKOFF: Final[dict[str, object]] = {"delivery_interval": 2, "delivery_max_attempts": 7}
"""A CRM that is down makes its leads wait for a person after about a minute of it."""


class FastGate:
    """A gate that closes for seconds."""

    def __init__(self, gate: CrmGate, longest: timedelta = LONGEST_CLOSURE) -> None:
        self._gate = gate
        self._longest = longest

    async def take_turn(self, *, ahead: int = 0) -> Turn:
        return await self._gate.take_turn(ahead=ahead)

    async def pause(self, time: timedelta) -> None:
        await self._gate.pause(time)

    async def close(self, reason: Reason, *, shortest: timedelta, longest: timedelta) -> None:
        await self._gate.close(reason, shortest=min(shortest, self._longest), longest=min(longest, self._longest))

    async def open(self) -> None:
        await self._gate.open()

    async def closure(self) -> Closure | None:
        return await self._gate.closure()


class HurryProvider(Provider):
    """Goes before the bot's own times, clock and gate."""

    scope = Scope.APP

    def __init__(self, clock: MovedClock) -> None:
        super().__init__()
        self._clock = clock

    @provide(override=True)
    def clock(self) -> Clock:
        return self._clock

    @provide(override=True)
    def times(self) -> DeliveryTimes:
        return TIMES

    @provide(override=True)
    def limits(self) -> CrmLimits:
        return replace(LIMITS, lands_within=LANDS_WITHIN)

    @provide(override=True)
    def gate(self, engine: AsyncEngine, clock: Clock) -> CrmGate:
        return FastGate(SqlCrmGate(engine, clock, spacing=SPACING))
