"""Memory adapters can be told to fail as the real ones do."""

from collections import deque


class Failures:
    """The errors to raise at the next calls, one each."""

    def __init__(self) -> None:
        self._coming: deque[Exception] = deque()

    def fail_next(self, error: Exception, *, times: int = 1) -> None:
        """Let the next `times` calls raise that error, with nothing done."""
        self._coming.extend([error] * times)

    def heal(self) -> None:
        """Forget the errors that are still to come."""
        self._coming.clear()

    def check(self) -> None:
        """Raise what was ordered, if anything was."""
        if self._coming:
            raise self._coming.popleft()
