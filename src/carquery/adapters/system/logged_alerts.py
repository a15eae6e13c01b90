"""Every alert leaves a line in the log, whatever becomes of it; of what is away, the adapter has said it already."""

from dataclasses import dataclass

import structlog

from carquery.application.ports.alerts import Alert, Alerts, CrmAway, CrmClosed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoggedAlerts:
    """Logs its kind, and passes it on; whatever fails then, the caller goes on."""

    alerts: Alerts

    async def tell(self, alert: Alert) -> None:
        say = log.debug if isinstance(alert, CrmAway | CrmClosed) else log.warning
        say("alert", kind=type(alert).__name__)
        try:
            await self.alerts.tell(alert)
        except Exception:
            log.exception("alert_lost", kind=type(alert).__name__)
