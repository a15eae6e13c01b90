"""Every input of a customer leaves a line in the log that says what it led to."""

from dataclasses import dataclass, field

import structlog
from structlog.typing import FilteringBoundLogger

from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.watch import Watch
from carquery.application.screens import Receipt, Screen


def _bound() -> FilteringBoundLogger:
    logger: FilteringBoundLogger = structlog.get_logger(__name__).bind()
    return logger


@dataclass(frozen=True, slots=True)
class LoggedReplies:
    """Logs the screen, and passes it on to whoever counts. `log`: bound once, not for each line."""

    watch: Watch
    log: FilteringBoundLogger = field(default_factory=_bound)

    def replied(self, screen: Screen, *, away: StoreUnavailable | None = None) -> None:
        log = self.log
        if away is not None:
            log.debug("store_unavailable", cause=str(away))
        self.watch.replied(screen, away=away)
        if isinstance(screen, Receipt):
            log = log.bind(reference=screen.reference)
        log.info("update_handled", screen=type(screen).__name__)
