"""Alerts that people go on reading: the same cause is told once in a while, by whichever process comes first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from carquery.application.ports.alerts import (
    Alert,
    Alerts,
    ContactToErase,
    CrmAway,
    CrmClosed,
    LeadsNotDelivered,
    LeftOut,
    StoreUnavailable,
    Told,
)

QUIET: Final = timedelta(minutes=15)
QUIET_ABOUT_FIELDS: Final = timedelta(days=1)
"""A field that is gone costs no lead, and every lead meets it."""


@dataclass(frozen=True, slots=True)
class RationedAlerts:
    """Passes on what is news."""

    alerts: Alerts
    told: Told

    async def tell(self, alert: Alert) -> None:
        match alert:
            case LeadsNotDelivered() | ContactToErase():
                pass  # each is about other leads or people
            case LeftOut(what=what):
                if not await self._is_news(f"left out: {what}", QUIET_ABOUT_FIELDS):
                    return
            case CrmAway():
                if not await self._is_news("away", QUIET):
                    return
            case CrmClosed(reason):
                if not await self._is_news(f"closed: {reason}", QUIET):
                    return
            case _:
                assert_never(alert)
        await self.alerts.tell(alert)

    async def _is_news(self, cause: str, quiet: timedelta) -> bool:
        try:
            return await self.told.is_news(cause, for_=quiet)
        except StoreUnavailable:
            return True  # told twice is better than never
