"""How many requests amoCRM stands before it refuses them, and before it shuts out who does not stop."""

from collections import deque
from collections.abc import Callable

from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.requests.answers import front_page, too_many
from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.changes import Changes

WINDOW_SECONDS = 1.0
REFUSED_BEFORE_BLOCK = 20
REFUSED_WITHIN_SECONDS = 5.0
"""How often and how fast one must insist to be blocked is not documented; these are severe guesses."""
_FORBIDDEN = 403


class Limits:
    """A sliding second over all requests, to whichever host; refused ones do not count in it."""

    def __init__(
        self, faults: Faults, changes: Changes, *, requests_per_second: float, stopwatch: Callable[[], float]
    ) -> None:
        self._faults = faults
        self._changes = changes
        self._most = requests_per_second
        self._stopwatch = stopwatch
        self._taken: deque[float] = deque()
        self._refused: deque[float] = deque()

    def refusal(self) -> Answer | None:
        """What a request is answered with that comes now, if it comes too early or is not welcome at all."""
        if self._faults.blocked:
            return front_page(_FORBIDDEN)
        now = self._stopwatch()
        _forget(self._taken, now - WINDOW_SECONDS)
        if len(self._taken) + 1 <= self._most:
            self._taken.append(now)
            return None
        _forget(self._refused, now - REFUSED_WITHIN_SECONDS)
        self._refused.append(now)
        if len(self._refused) >= REFUSED_BEFORE_BLOCK:
            self._refused.clear()
            self._faults.block()
            self._changes.tell("switches")
        retry_after = None if self._faults.limit_says == "nothing" else self._faults.limit_retry_after
        return too_many(retry_after=retry_after, in_header=self._faults.limit_says == "header")


def _forget(moments: deque[float], before: float) -> None:
    while moments and moments[0] <= before:
        moments.popleft()
