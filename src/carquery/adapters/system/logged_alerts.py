"""Every alert leaves a line in the log, whatever becomes of it."""

from dataclasses import dataclass

import structlog

from carquery.application.ports.alerts import Alert, Alerts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoggedAlerts:
    """Logs its kind, and passes it on."""

    alerts: Alerts

    async def tell(self, alert: Alert) -> None:
        log.warning("alert", kind=type(alert).__name__)
        await self.alerts.tell(alert)
