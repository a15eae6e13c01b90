"""What the log says of an outside thing that is away: one line when that begins, and one when it is back."""

from time import monotonic

import structlog

log = structlog.get_logger(__name__)


class Outage:
    """Whether a thing is away. Whoever goes on trying says how that went; only the first and the last are news.

    Several may try side by side, each under a name of its own (`of`): the thing is back when it works for all of them.
    """

    def __init__(self, thing: str) -> None:
        self._away, self._back = f"{thing}_away", f"{thing}_back"
        self._failing: set[str] = set()
        self._began_at = 0.0

    def failed(self, reason: str, remedy: str, *, of: str = "") -> None:
        """It did not work. `reason`, `remedy`: in words for the log, without addresses and secrets."""
        if not self._failing:
            self._began_at = monotonic()
            log.warning(self._away, reason=reason, remedy=remedy)
        self._failing.add(of)

    def worked(self, *, of: str = "") -> None:
        """It worked."""
        if not self._failing:
            return
        self._failing.discard(of)
        if not self._failing:
            log.info(self._back, away_seconds=round(monotonic() - self._began_at, 1))
