"""Every alert leaves a line in the log, whatever becomes of it."""

from dataclasses import dataclass

import structlog

from carquery.application.ports.alerts import Alert, Alerts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoggedAlerts:
    """Logs its kind, and passes it on; whatever fails then, the caller goes on."""

    alerts: Alerts

    async def tell(self, alert: Alert) -> None:
        log.warning("alert", kind=type(alert).__name__)
        try:
            await self.alerts.tell(alert)
        except Exception:
            log.exception("alert_lost", kind=type(alert).__name__)
