"""The money for classifiers, counted in the process."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from carquery.adapters.memory.failures import Failures


class MemoryAiBudget(Failures):
    """A sum for each day."""

    def __init__(self) -> None:
        super().__init__()
        self._spent: defaultdict[date, Decimal] = defaultdict(Decimal)

    async def reserve(self, day: date, cost: Decimal, *, limit: Decimal) -> bool:
        self.check()
        if self._spent[day] + cost > limit:
            return False
        self._spent[day] += cost
        return True

    async def settle(self, day: date, *, reserved: Decimal, spent: Decimal) -> None:
        self.check()
        self._spent[day] = max(self._spent[day] - reserved + spent, Decimal(0))

    async def spent(self, day: date) -> Decimal:
        self.check()
        return self._spent[day]
