"""Who comes without the secret, and what comes with it and is no update: counted, and said once a minute."""

from typing import Final

import structlog

from carquery.application.ports.environment import Clock

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 60.0
STRANGERS: Final = "WEBHOOK_SECRET: do all replicas have the same? Else somebody tries the address"
NO_UPDATE: Final = "what brings it knows WEBHOOK_SECRET: does a proxy between Telegram and us cut what it passes on?"


class Strangers:
    """Anybody may knock as often as they like; the log does not grow with it."""

    def __init__(self, clock: Clock) -> None:
        self._without_secret = _ToldAtTimes("webhook_strangers", STRANGERS, clock)
        self._nonsense = _ToldAtTimes("webhook_nonsense", NO_UPDATE, clock)

    def came(self) -> None:
        """One more without the secret."""
        self._without_secret.is_due()

    def spoke_nonsense(self) -> None:
        """One more with the secret and without an update."""
        self._nonsense.is_due()


class _ToldAtTimes:
    def __init__(self, event: str, remedy: str, clock: Clock) -> None:
        self._event = event
        self._remedy = remedy
        self._clock = clock
        self._unsaid = 0
        self._said_at = float("-inf")

    def is_due(self) -> None:
        self._unsaid += 1
        now = self._clock.monotonic()
        if now - self._said_at >= EVERY_SECONDS:
            log.warning(self._event, count=self._unsaid, remedy=self._remedy)
            self._unsaid, self._said_at = 0, now
