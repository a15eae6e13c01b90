"""How deals stand, for customers who ask: nobody waits long for a CRM, and it is not asked again and again."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.crm_deals import CrmDeals, DealState
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import CrmId

PATIENCE: Final = timedelta(seconds=2)
FRESH_FOR: Final = timedelta(minutes=1)
"""So long a deal is not asked for again, and so long a CRM that did not answer is left alone."""
MOST_REMEMBERED: Final = 2_000


class RememberedDeals:
    """In this process. What was seen last holds while the CRM is away."""

    def __init__(self, deals: CrmDeals, clock: Clock, *, patience: timedelta = PATIENCE) -> None:
        self._deals = deals
        self._clock = clock
        self._patience = patience
        self._seen: dict[CrmId, tuple[datetime, DealState | None]] = {}
        self._leave_alone_until: datetime | None = None

    async def states(self, deals: Collection[CrmId]) -> Mapping[CrmId, DealState]:
        """Those that are known; all that are not are asked for in one request. Never raises."""
        now = self._clock.now()
        stale = [deal for deal in deals if deal not in self._seen or self._seen[deal][0] + FRESH_FOR <= now]
        if stale and (self._leave_alone_until is None or self._leave_alone_until <= now):
            await self._ask(stale, now)
        return {deal: state for deal in deals if (state := self._seen.get(deal, (now, None))[1]) is not None}

    async def _ask(self, deals: Collection[CrmId], now: datetime) -> None:
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                found = await self._deals.states(deals)
        except (CrmFailure, StoreUnavailable, TimeoutError):
            self._leave_alone_until = now + FRESH_FOR
            return
        if len(self._seen) + len(deals) > MOST_REMEMBERED:
            self._seen.clear()
        self._seen |= {deal: (now, found.get(deal)) for deal in deals}
