"""Alerts that people go on reading: the same cause is told once in a while, by whichever process comes first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    Alerts,
    ClassifierClosed,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    LeadsNotDelivered,
    LeftOut,
    StoreUnavailable,
    Told,
)

QUIET: Final = timedelta(minutes=15)
QUIET_ABOUT_FIELDS: Final = timedelta(days=1)
"""A field that is gone costs no lead, and every lead meets it."""

QUIET_ABOUT_CLASSIFIERS: Final = timedelta(hours=1)
"""As long as a closed one is left alone."""
QUIET_ABOUT_THE_BUDGET: Final = timedelta(hours=12)
"""Customers are answered all the same, and the next day has a new one."""


@dataclass(frozen=True, slots=True)
class RationedAlerts:
    """Passes on what is news."""

    alerts: Alerts
    told: Told

    async def tell(self, alert: Alert) -> None:
        rationed = _cause(alert)
        if rationed is None or await self._is_news(*rationed):
            await self.alerts.tell(alert)

    async def _is_news(self, cause: str, quiet: timedelta) -> bool:
        try:
            return await self.told.is_news(cause, for_=quiet)
        except StoreUnavailable:
            return True  # told twice is better than never


def _cause(alert: Alert) -> tuple[str, timedelta] | None:
    """What it is about, and how long that is no news; None: each is about other leads or people."""
    match alert:
        case LeadsNotDelivered() | ContactToErase() | CustomerNotUnderstood():
            return None
        case LeftOut(what=what):
            return f"left out: {what}", QUIET_ABOUT_FIELDS
        case CrmAway():
            return "away", QUIET
        case CrmClosed(reason):
            return f"closed: {reason}", QUIET
        case ClassifierClosed(name):
            return f"classifier closed: {name}", QUIET_ABOUT_CLASSIFIERS
        case AiBudgetSpent():
            return "AI budget spent", QUIET_ABOUT_THE_BUDGET
        case _:
            assert_never(alert)
