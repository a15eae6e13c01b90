"""The money for classifiers, counted in the process."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from carquery.adapters.memory.failures import Failures
from carquery.adapters.stored.microusd import dollars, microusd, microusd_at_most


class MemoryAiBudget(Failures):
    """A sum for each day, in millionths of a dollar."""

    def __init__(self) -> None:
        super().__init__()
        self._spent: defaultdict[date, int] = defaultdict(int)

    async def reserve(self, day: date, cost: Decimal, *, limit: Decimal) -> bool:
        self.check()
        booked = self._spent[day] + microusd(cost)
        if booked > microusd_at_most(limit):
            return False
        self._spent[day] = booked
        return True

    async def settle(self, day: date, *, reserved: Decimal, spent: Decimal) -> None:
        self.check()
        self._spent[day] = max(self._spent[day] - microusd(reserved) + microusd(spent), 0)

    async def spent(self, day: date) -> Decimal:
        self.check()
        return dollars(self._spent[day])
