"""Alerts that outlast whatever happens between telling and reading them."""

from dataclasses import dataclass

from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.alerts import Alert, AlertBell, Alerts
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.alert_rules import rule_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAlerts:
    """Keeps what is told in the outbox.

    Attributes:
        at_once: says it now, for when the store is away.
        only_owed: there is nobody to read it yet: nothing is kept but what somebody was promised.
    """

    outbox: AlertOutbox
    bell: AlertBell
    at_once: Alerts
    only_owed: bool = False

    async def tell(self, alert: Alert) -> None:
        if self.only_owed and not rule_of(alert).is_owed:
            await self.at_once.tell(alert)
            return
        try:
            await self.outbox.add(alert)
        except StoreUnavailable:  # said perhaps twice, perhaps not at all: the best that is left
            await self.at_once.tell(alert)
        else:
            self.bell.ring()
