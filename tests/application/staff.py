"""People who run the bot: what is kept for them, and what they have read."""

from datetime import timedelta

from carquery.adapters.memory.alert_outbox import MemoryAlertOutbox
from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.staff_chat import MemoryStaffChat
from carquery.adapters.stored.alert_json import alert_from_json
from carquery.application.ports.alerts import Alert
from carquery.application.staff.deliver_alerts import AlertsPass, DeliverAlerts
from carquery.application.staff.kept_alerts import KeptAlerts
from carquery.domain.dealership.dealership import NEUTRAL
from tests.builders import NOW

LONG = timedelta(days=1)


class Staff:
    """A chat, and the processes that write to it."""

    def __init__(self, database: MemoryDatabase | None = None, clock: SettableClock | None = None) -> None:
        self.clock = clock or SettableClock(NOW)
        self.database = database or MemoryDatabase()
        self.told = NEUTRAL
        self.chat = MemoryStaffChat()
        self.outbox = MemoryAlertOutbox(self.database, self.clock)
        self.bell = MemoryBell()
        self.at_once = MemoryAlerts()
        self.alerts = KeptAlerts(outbox=self.outbox, bell=self.bell, at_once=self.at_once)
        self.turn = DeliverAlerts(outbox=self.outbox, chat=self.chat, clock=self.clock, dealership=lambda: self.told)

    @property
    def said(self) -> list[Alert]:
        """What people have read."""
        return self.chat.said

    @property
    def waiting(self) -> list[Alert]:
        """What is kept for them, oldest first."""
        return [alert_from_json(row.kind, row.body) for row in self.database.alerts]

    async def catch_up(self) -> AlertsPass:
        """Let everything be said that may be said now; the last turn."""
        while (turn := await self.turn()).again_in == timedelta():
            continue
        return turn

    async def live_until_all_is_said(self) -> None:
        """Let time pass until nothing waits any more."""
        while self.waiting:
            self.clock.pass_time((await self.turn()).again_in)

    async def live_through(self, time: timedelta) -> list[Alert]:
        """Let time pass, with turns as often as each wants the next one. Returns what was said."""
        before, until = len(self.said), self.clock.now() + time
        while (left := until - self.clock.now()) > timedelta():
            self.clock.pass_time(min((await self.catch_up()).again_in, left))
        await self.catch_up()
        return self.said[before:]
