"""Misfortunes on order: the next calls of a method go wrong in a chosen way."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from carquery_emulators.kit.faults import Countdown, FaultQueue, one_of

How: TypeAlias = Literal[
    "401", "429", "500", "502 html", "blocked", "no rights", "bad markup", "drop", "refuse", "delay", "hang"
]
"""
- `401`, `429` (with `retry_after`), `500`, `502 html` (a proxy's page), `blocked` (403), `no rights` and `bad markup`
  (400): answered instead of acting
- `refuse`: the connection is cut before the effect; `drop`: after it
- `delay`: `seconds` pass before the effect; `hang`: between the effect and the answer
"""
ANY_METHOD = "*"
DOWNLOAD = "download"
"""The name under which downloading a file (`/file/bot…`) can be made to fail."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`method`: any, if it is «*»."""

    method: str
    how: How
    countdown: Countdown
    retry_after: int = 1
    seconds: float = 1.0

    def fits(self, method: str) -> bool:
        """Names are read without regard to case."""
        return self.method.lower() in {method.lower(), ANY_METHOD}


class Faults(FaultQueue[Fault]):
    """Faults in the order in which they were asked for; the first one that fits a call is used up by it."""

    def add(
        self,
        method: str,
        how: str,
        *,
        times: int | None = 1,
        skip: int = 0,
        retry_after: int = 1,
        seconds: float = 1.0,
    ) -> Fault:
        """Let the next calls of a method go wrong.

        Args:
            times: how many; None: all, until `clear`.
            skip: how many go well before.

        Raises:
            ValueError: `how` is not one of `How`, or a number is out of range.
        """
        known: How = one_of(get_args(How), how, name="how")
        return self.put(Fault(method, known, Countdown(times, skip), retry_after, seconds))

    def take(self, method: str) -> Fault | None:
        """The fault that a call of this method meets."""
        return self.first(lambda fault: fault.fits(method))
