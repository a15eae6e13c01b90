"""What this process noted of the replies that it owed, until that is written: many of them at once.

A reply that put up a new message is written off with the note of where that stands. Any other (an edit, a sentence over
the chat) needs no write of its own: it waits here for a moment. A process that is killed meanwhile leaves it marked as
owed, and whoever finds that shows again what stands there already.
"""

from collections import OrderedDict
from datetime import timedelta
from typing import Final

from carquery.application.ports.environment import Clock
from carquery.application.ports.owed_replies import OwedReplies
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import CustomerId
from carquery.domain.visit import Version

MOST_REMEMBERED: Final = 2_000
"""Customers of whom it is known here what they were shown last: what a store says of them may be older than that."""


class ReplyLedger:
    """Notes are taken at once, and written by `write`; while the store is away they wait."""

    def __init__(self, owed: OwedReplies, clock: Clock) -> None:
        self._owed = owed
        self._clock = clock
        self._shown: dict[CustomerId, Version] = {}
        self._latest: OrderedDict[CustomerId, Version] = OrderedDict()
        self._later: dict[CustomerId, float] = {}

    def shown(self, customer: CustomerId, version: Version | None, *, is_noted: bool = False) -> None:
        """That version's reply is owed no more; None: it was not owed. `is_noted`: the store knows it."""
        if version is None:
            return
        if not is_noted:
            self._shown[customer] = version
        self._latest[customer] = version
        self._latest.move_to_end(customer)
        if len(self._latest) > MOST_REMEMBERED:
            self._latest.popitem(last=False)

    def has_shown(self, customer: CustomerId, version: Version) -> bool:
        """Whether this process has shown that version's reply, or a later one, lately."""
        return self._latest.get(customer, Version(0)) >= version

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
