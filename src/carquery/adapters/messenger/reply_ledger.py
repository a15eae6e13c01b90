"""What this process noted of the replies that it owed, until that is written: many of them at once.

A reply that put up a new message is written off with the note of where that stands. Any other (an edit, a sentence over
the chat) needs no write of its own: it waits here for a moment. A process that is killed meanwhile leaves it marked as
owed, and whoever finds that shows again what stands there already.
"""

from datetime import timedelta

from carquery.application.ports.environment import Clock
from carquery.application.ports.owed_replies import OwedReplies
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import CustomerId
from carquery.domain.visit import Version


class ReplyLedger:
    """Notes are taken at once, and written by `write`; while the store is away they wait."""

    def __init__(self, owed: OwedReplies, clock: Clock) -> None:
        self._owed = owed
        self._clock = clock
        self._shown: dict[CustomerId, Version] = {}
        self._later: dict[CustomerId, float] = {}

    def shown(self, customer: CustomerId, version: Version | None) -> None:
        """That version's reply is owed no more; None: it was not owed."""
        if version is not None:
            self._shown[customer] = version

    def put_off(self, customer: CustomerId, seconds: float) -> None:
        """Nobody need try to reach the customer for so long."""
        self._later[customer] = seconds

    async def write(self) -> None:
        """Write what was noted since."""
        shown, self._shown = self._shown, {}
        later, self._later = self._later, {}
        try:
            if shown:
                await self._owed.settle(tuple(shown.items()))
        except StoreUnavailable:
            self._shown = shown | self._shown
        try:
            for customer, seconds in later.items():
                await self._owed.put_off((customer,), until=self._clock.now() + timedelta(seconds=seconds))
        except StoreUnavailable:
            return  # then somebody tries to no purpose
