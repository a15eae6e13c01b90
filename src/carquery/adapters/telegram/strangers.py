"""Who comes without the secret: counted, and said once a minute."""

from typing import Final

import structlog

from carquery.application.ports.environment import Clock

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 60.0
REMEDY: Final = "WEBHOOK_SECRET: do all replicas have the same? Else somebody tries the address"


class Strangers:
    """Anybody may knock as often as they like; the log does not grow with it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._unsaid = 0
        self._said_at = float("-inf")

    def came(self) -> None:
        """One more."""
        self._unsaid += 1
        now = self._clock.monotonic()
        if now - self._said_at >= EVERY_SECONDS:
            log.warning("webhook_strangers", count=self._unsaid, remedy=REMEDY)
            self._unsaid, self._said_at = 0, now
