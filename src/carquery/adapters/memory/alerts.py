"""Alerts that stay in the process, to be read by tests."""

from carquery.application.ports.alerts import Alert


class MemoryAlerts:
    """Remembers what was told, oldest first."""

    def __init__(self) -> None:
        self.told: list[Alert] = []

    async def tell(self, alert: Alert) -> None:
        self.told.append(alert)
