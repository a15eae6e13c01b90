"""Customers to whom something was written, in the process."""

from collections.abc import Collection

from carquery.adapters.memory.failures import Failures
from carquery.application.screens import Screen
from carquery.domain.ids import Channel, CustomerId


class MemoryOutreach(Failures):
    """Keeps what was shown to whom, in order."""

    def __init__(self, *channels: Channel) -> None:
        super().__init__()
        self._channels = channels
        self.shown: list[tuple[CustomerId, Screen]] = []

    @property
    def channels(self) -> Collection[Channel]:
        return self._channels

    async def show(self, customer: CustomerId, screen: Screen) -> None:
        self.check()
        self.shown.append((customer, screen))
