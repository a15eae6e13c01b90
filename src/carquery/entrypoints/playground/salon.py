"""The dealership on the other side of the chat: its clock, and the chat of its staff."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from carquery.application.follow_up.remind_customers import RemindCustomers
from carquery.application.follow_up.send_unfinished import SendUnfinished
from carquery.application.ports.alerts import AlertBell
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Bell
from carquery.entrypoints.playground.lead_cards import SalonState, StaffButton, StaffMessage
from carquery.entrypoints.playground.moved_clock import MovedClock, When, wait_until
from carquery_emulators.telegram import ButtonNotShown, Customer, Group, TelegramEmulator

SELLER: Final = 8_000_000_001
"""Who presses buttons in the staff chat; the dealership's file says which user of the CRM that is."""
MOST_SHOWN: Final = 12
"""Messages, the newest of them."""

_DAYS: Final = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


@dataclass(frozen=True, slots=True)
class SalonChat:
    """A group of the emulated Telegram, and a salesman in it, whose private chat nobody sees."""

    group: Group
    seller: Customer

    @classmethod
    def of(cls, telegram: TelegramEmulator) -> "SalonChat":
        """Made in it."""
        seller = telegram.customer(SELLER, "Олег", "Продавец")
        del telegram.customers[SELLER]
        return cls(telegram.group(), seller)

    def messages(self) -> tuple[StaffMessage, ...]:
        """The newest of what the bot says there, oldest first."""
        said = [message for message in self.group.chat.messages if message.from_bot][-MOST_SHOWN:]
        return tuple(
            StaffMessage(
                id=message.id,
                text=message.text,
                buttons=tuple(StaffButton(one.text, one.data) for row in message.rows for one in row if one.data),
            )
            for message in said
        )

    def press(self, message: int, data: str) -> bool:
        """False: there is no such button any more."""
        try:
            self.seller.press_in_group(data, self.group, message)
        except ButtonNotShown:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Salon:
    """What the page shows of it, and does there."""

    clock: MovedClock
    dealership: ToldOfDealership
    chat: SalonChat
    remind: RemindCustomers
    send_unfinished: SendUnfinished
    bells: tuple[Bell, AlertBell]

    def showing(self) -> SalonState:
        hours, now = self.dealership().hours, self.clock.now()
        if hours is None:
            return SalonState(messages=self.chat.messages())
        here = now.astimezone(hours.zone)
        shown = f"{_DAYS[here.weekday()]} {here:%d.%m}, {here:%H:%M}"
        return SalonState(clock=shown, is_open=hours.is_open(now), messages=self.chat.messages())

    async def move_clock(self, when: str) -> bool:
        """Let time pass at once, and whatever waited for it happen. False: there is no such time."""
        hours = self.dealership().hours
        if hours is None or when not in set(When):
            return False
        self.clock.move(wait_until(When(when), hours, now=self.clock.now()) + timedelta(seconds=1))
        await self.remind()
        await self.send_unfinished()
        for bell in self.bells:
            bell.ring()
        return True

    def press(self, message: int, data: str) -> bool:
        return self.chat.press(message, data)
