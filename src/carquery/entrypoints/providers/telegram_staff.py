"""The chat of the staff, in Telegram."""

from dishka import AnyOf, Provider, Scope, provide, provide_all
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.chat_moves import SqlChatMoves
from carquery.adapters.system.logged_alerts import LoggedAlerts
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.admin_commands import AdminCommands
from carquery.adapters.telegram.staff.staff_chat import SaidAtOnce, TelegramStaffChat
from carquery.adapters.telegram.staff.staff_presses import StaffPresses
from carquery.adapters.telegram.staff.staff_updates import StaffUpdates
from carquery.application.ports.alert_outbox import AlertOutbox, StaffChat
from carquery.application.ports.alerts import AlertBell, Alerts
from carquery.application.staff.kept_alerts import KeptAlerts
from carquery.entrypoints.processes.alert_sender import StaffRoom
from carquery.entrypoints.settings.telegram import TelegramSettings


class TelegramStaffProvider(Provider):
    """What is said there, and what is done about it."""

    scope = Scope.APP

    parts = provide_all(AdminCommands, StaffPresses, StaffUpdates, SaidAtOnce)
    staff_chat = provide(TelegramStaffChat, provides=AnyOf[StaffChat, TelegramStaffChat])

    @provide
    def admin_chat(self, settings: TelegramSettings, engine: AsyncEngine) -> AnyOf[AdminChat, StaffRoom]:
        return AdminChat(settings.admin_chat_id, SqlChatMoves(engine))

    @provide
    def alerts(self, at_once: SaidAtOnce, outbox: AlertOutbox, bell: AlertBell, room: StaffRoom) -> Alerts:
        return LoggedAlerts(KeptAlerts(outbox=outbox, bell=bell, at_once=at_once, only_owed=not room.is_there))
