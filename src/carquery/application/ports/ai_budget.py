"""The money that classifiers may spend in a day, shared by all processes."""

from datetime import date
from decimal import Decimal
from typing import Protocol


class AiBudget(Protocol):
    """Counts what was spent on each day, in US dollars, exact to a millionth."""

    async def reserve(self, day: date, cost: Decimal, *, limit: Decimal) -> bool:
        """Book a cost before it arises; False: with it, the day's sum would exceed the limit, and nothing is booked.

        However many processes reserve at once, the sum of what was granted never exceeds the limit.

        Raises:
            StoreUnavailable: it may be booked.
        """
        ...

    async def settle(self, day: date, *, reserved: Decimal, spent: Decimal) -> None:
        """Put what was really spent in the place of what was reserved. Raises StoreUnavailable."""
        ...

    async def spent(self, day: date) -> Decimal:
        """What is booked on that day. Raises StoreUnavailable."""
        ...
