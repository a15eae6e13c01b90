"""Every input of a customer leaves a line in the log that says what it led to."""

from dataclasses import dataclass

import structlog

from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.watch import Watch
from carquery.application.screens import Receipt, Screen

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoggedReplies:
    """Logs the screen, and passes it on to whoever counts."""

    watch: Watch

    def replied(self, screen: Screen, *, away: StoreUnavailable | None = None) -> None:
        if away is not None:
            log.debug("store_unavailable", cause=str(away))
        self.watch.replied(screen, away=away)
        said = log.bind(reference=screen.reference) if isinstance(screen, Receipt) else log
        said.info("update_handled", screen=type(screen).__name__)
