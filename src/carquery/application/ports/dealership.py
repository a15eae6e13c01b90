"""The port to what the dealership tells of itself."""

from typing import Protocol

from carquery.domain.dealership.dealership import NEUTRAL, Dealership


class ToldOfDealership(Protocol):
    """What is told may change while the program runs; so it is asked for each time."""

    def __call__(self) -> Dealership:
        """As it is told now. Never fails, and waits for nothing."""
        ...


def nothing_told() -> Dealership:
    """When there is no file."""
    return NEUTRAL
