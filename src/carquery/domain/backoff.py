"""How long a failed delivery waits."""

from datetime import timedelta

from carquery.domain.values import dataclass

LONGEST_WAIT = timedelta(hours=6)
SHORTEST_WAIT = timedelta(seconds=1)

_MOST_DOUBLINGS = 16
"""From one second on, so many reach `LONGEST_WAIT`."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after a failed attempt, and how often to try.

    Attributes:
        interval: the longest wait after the first; it doubles with each further one, up to 6 hours.
        most_attempts: after so many a lead is dead until someone resubmits it.
    """

    interval: timedelta
    most_attempts: int

    def wait(self, attempts: int, *, chance: float) -> timedelta:
        """Anywhere up to the longest («full jitter»), so that leads that failed together don't come back together.

        Args:
            chance: 0 … 1, drawn by the caller.
        """
        longest = min(self.interval * (1 << min(attempts - 1, _MOST_DOUBLINGS)), LONGEST_WAIT)
        return max(SHORTEST_WAIT, longest * chance)
