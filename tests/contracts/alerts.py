"""Every way to tell the people who run the bot, with what they have read of it, and the means to break it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.chat_moves import MemoryChatMoves
from carquery.adapters.memory.crm import MEMORY
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.system.logged_alerts import LoggedAlerts
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.staff_chat import SaidAtOnce, TelegramStaffChat
from carquery.application.ports.alerts import Alert, Alerts
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.texts import StaffTexts
from carquery_emulators.telegram import TelegramEmulator
from tests.application.staff import Staff
from tests.builders import NOW
from tests.contracts.staff_chats import CHAT


@dataclass(frozen=True, slots=True)
class AlertsInHand:
    """A way to tell people.

    Attributes:
        read: how many messages people have read, once they had the time.
        breaks: what it needs is away for the next call; None: it needs nothing.
    """

    alerts: Alerts
    read: Callable[[], Awaitable[int]]
    breaks: Callable[[], None] | None = None


@asynccontextmanager
async def memory() -> AsyncIterator[AlertsInHand]:
    alerts = MemoryAlerts()

    async def read() -> int:
        return len(alerts.told)

    yield AlertsInHand(alerts, read)


@asynccontextmanager
async def kept() -> AsyncIterator[AlertsInHand]:
    """Kept in an outbox, from which they are said."""
    staff = Staff()

    async def read() -> int:
        await staff.live_until_all_is_said()
        return len(staff.said) + len(staff.at_once.told)

    yield AlertsInHand(staff.alerts, read, lambda: staff.database.fail_next(StoreUnavailable("away")))


@asynccontextmanager
async def at_once_on_telegram() -> AsyncIterator[AlertsInHand]:
    async with (
        TelegramEmulator(delay_scale=0) as emulator,
        connect(emulator.token, api_base=emulator.base_url, proxy=None) as bot,
    ):
        group, admin_chat = emulator.group(CHAT), AdminChat(CHAT, MemoryChatMoves())

        async def read() -> int:
            return len(group.chat.bot_messages)

        def breaks() -> None:
            emulator.fail("sendMessage", how="refuse")

        alerts = SaidAtOnce(TelegramStaffChat(bot, admin_chat, StaffTexts(MEMORY), SettableClock(NOW)), admin_chat)
        yield AlertsInHand(alerts, read, breaks)


class _Breakable(MemoryAlerts):
    """Raises when it should not."""

    is_broken = False

    async def tell(self, alert: Alert) -> None:
        if self.is_broken:
            self.is_broken = False
            raise RuntimeError("a bug of ours")
        await super().tell(alert)


@asynccontextmanager
async def logged() -> AsyncIterator[AlertsInHand]:
    """Logged, and passed on."""
    inner = _Breakable()

    async def read() -> int:
        return len(inner.told)

    def breaks() -> None:
        inner.is_broken = True

    yield AlertsInHand(LoggedAlerts(inner), read, breaks)


ALL_ALERTS = [memory, kept, at_once_on_telegram, logged]
