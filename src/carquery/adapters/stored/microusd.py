"""Money as it is stored: whole millionths of a US dollar, so that sums are exact in every store."""

from decimal import Decimal
from math import ceil, floor

_PLACES = 6


def microusd(cost: Decimal) -> int:
    """A cost in US dollars, rounded up: never less than what it is."""
    return ceil(cost.scaleb(_PLACES))


def microusd_at_most(limit: Decimal) -> int:
    """A limit in US dollars, rounded down: never more than what it is."""
    return floor(limit.scaleb(_PLACES))


def dollars(stored: int) -> Decimal:
    """What was stored, in US dollars."""
    return Decimal(stored).scaleb(-_PLACES)
