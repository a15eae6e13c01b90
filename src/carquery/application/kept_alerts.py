"""Alerts that outlast whatever happens between telling and reading them."""

from dataclasses import dataclass

from carquery.application.ports.alert_outbox import AlertOutbox, StoreUnavailable
from carquery.application.ports.alerts import Alert, AlertBell, Alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAlerts:
    """Keeps what is told in the outbox. `at_once`: says it now, for when the store is away."""

    outbox: AlertOutbox
    bell: AlertBell
    at_once: Alerts

    async def tell(self, alert: Alert) -> None:
        try:
            await self.outbox.add(alert)
        except StoreUnavailable:  # said perhaps twice, perhaps not at all: the best that is left
            await self.at_once.tell(alert)
        else:
            self.bell.ring()
