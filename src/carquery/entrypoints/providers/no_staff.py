"""No chat of the staff: it is in Telegram, and there is no Telegram."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from dishka import Provider, Scope, provide

from carquery.adapters.checks import Check, Finding, State
from carquery.adapters.system.logged_alerts import LoggedAlerts
from carquery.application.ports.alert_outbox import AlertOutbox, ChatRefuses, StaffChat
from carquery.application.ports.alerts import Alert, AlertBell, Alerts
from carquery.application.staff.kept_alerts import KeptAlerts
from carquery.entrypoints.checks.kinds import BeforeStart
from carquery.entrypoints.processes.alert_sender import StaffRoom

REMEDY: Final = (
    "TELEGRAM_BOT_TOKEN, ADMIN_CHAT_ID: the staff chat is there; until they are set, alerts go to this log alone"
)


class NoStaffRoom:
    """Nobody is there."""

    is_there: Final = False
    remedy: Final = REMEDY

    async def refresh(self) -> None:
        return


class NoStaffChat:
    """Takes nothing."""

    async def say(self, alert: Alert, *, since: datetime | None = None, times: int = 1) -> None:
        del alert, since, times
        raise ChatRefuses("there is no staff chat without Telegram")

    async def tell(self, alert: Alert) -> None:
        """Now or never: never."""


class NoStaffProvider(Provider):
    """What somebody was promised is kept until there is one, and /ready says that it waits; all else is in the log."""

    scope = Scope.APP

    room = provide(NoStaffRoom, provides=StaffRoom)
    chat = provide(NoStaffChat, provides=StaffChat)

    @provide
    def alerts(self, outbox: AlertOutbox, bell: AlertBell) -> Alerts:
        return LoggedAlerts(KeptAlerts(outbox=outbox, bell=bell, at_once=NoStaffChat(), only_owed=True))

    @provide
    def nobody_is_told(self) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            says = "none: it is in Telegram, so nobody is told of trouble"
            yield Finding("admin chat", says, State.NOTE, "TELEGRAM_BOT_TOKEN, ADMIN_CHAT_ID")

        return BeforeStart(Check("admin chat", examine), hangs_on=("telegram_bot_token", "admin_"))
