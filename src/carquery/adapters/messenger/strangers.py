"""Who comes without the secret, and what comes with it and is no update: counted, and said once a minute."""

from typing import Final

import structlog

from carquery.application.ports.environment import Clock

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 60.0


class Strangers:
    """Anybody may knock as often as they like; the log does not grow with it.

    Args:
        messenger: whose updates are awaited.
        prefix: what the name of the secret's setting begins with, before `WEBHOOK_`.
    """

    def __init__(self, clock: Clock, *, messenger: str, prefix: str = "") -> None:
        secret = f"{prefix}WEBHOOK_SECRET"
        who = f"{secret}: do all replicas have the same? Else somebody tries the address"
        what = f"what brings it knows {secret}: does a proxy between {messenger} and us cut what it passes on?"
        self._without_secret = _ToldAtTimes("webhook_strangers", who, clock)
        self._nonsense = _ToldAtTimes("webhook_nonsense", what, clock)

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
