"""Who writes too much is not listened to: inputs beyond the allowance are dropped before anything is done about them.

The figures are those of the visit's own allowance, which counts over all processes; this one costs nothing but memory.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from carquery.adapters.messenger.lanes import LARGEST_ALBUM
from carquery.application.ports.environment import Clock
from carquery.domain.ids import CustomerId
from carquery.domain.visit import BURST, REGAINED_PER_SECOND, Admission, Allowance

SAID_AGAIN_AFTER: Final = timedelta(minutes=1)
"""Of silence, or of fewer inputs: then it is another flood."""
WHOLE_AGAIN_AFTER: Final = timedelta(seconds=BURST / REGAINED_PER_SECOND)
FORGET_EVERY: Final = 1000
"""Inputs between two times that those are forgotten whose allowance is whole again."""


@dataclass(slots=True)
class _Account:
    allowance: Allowance
    refused_at: datetime | None = None
    album: str | None = None
    parts: int = 0

    def is_part_of_the_last(self, album: str | None) -> bool:
        """Whether it counts with the input before it: an album's pictures may come one by one."""
        if album is None or album != self.album or self.parts >= LARGEST_ALBUM:
            self.album, self.parts = album, 1
            return False
        self.parts += 1
        return True

    def matters(self, now: datetime) -> bool:
        """Whether anything would be different if it began anew."""
        is_whole = now - self.allowance.at >= WHOLE_AGAIN_AFTER
        return not is_whole or (self.refused_at is not None and now - self.refused_at <= SAID_AGAIN_AFTER)


class Allowances:
    """One for each process and channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accounts: dict[CustomerId, _Account] = {}
        self._inputs = 0

    def admit(self, customer: CustomerId, album: str | None = None) -> Admission:
        """Whether to take one more input; if not, whether that has still to be said. `album`: that it is a part of."""
        now = self._clock.now()
        self._forget(now)
        account = self._accounts.get(customer)
        if account is None:
            account = self._accounts[customer] = _Account(Allowance(float(BURST), now))
        if account.is_part_of_the_last(album):
            return Admission.TAKEN
        account.allowance = account.allowance.spend(now)
        if account.allowance.left >= 0:
            return Admission.TAKEN
        refused_before, account.refused_at = account.refused_at, now
        is_news = refused_before is None or now - refused_before > SAID_AGAIN_AFTER
        return Admission.TOO_MANY if is_news else Admission.IGNORED

    @property
    def remembered(self) -> int:
        """How many customers take up memory."""
        return len(self._accounts)

    def _forget(self, now: datetime) -> None:
        self._inputs += 1
        if self._inputs % FORGET_EVERY == 0:
            self._accounts = {who: one for who, one in self._accounts.items() if one.matters(now)}
