"""Every adapter of `StaffChat`, with the means to read along and to keep it from being reached."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from carquery.adapters.memory.chat_moves import MemoryChatMoves
from carquery.adapters.memory.crm import MEMORY
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.staff_chat import MemoryStaffChat
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.staff_chat import TelegramStaffChat
from carquery.application.ports.alert_outbox import AlertRefused, ChatAway, ChatBusy, ChatRefuses, NotSaid, StaffChat
from carquery.application.staff.texts import StaffTexts
from carquery_emulators.telegram import How, TelegramEmulator
from tests.builders import NOW

PAUSE = timedelta(seconds=37)
CHAT = -1_002_000_000_000


@dataclass(frozen=True, slots=True)
class StaffChatInHand:
    """The chat of the people who run the bot.

    Attributes:
        read: how many messages people have read there.
        fails_next: the next try ends so.
    """

    chat: StaffChat
    read: Callable[[], int]
    fails_next: Callable[[type[NotSaid]], None]


@asynccontextmanager
async def memory() -> AsyncIterator[StaffChatInHand]:
    chat = MemoryStaffChat()

    def fails_next(failure: type[NotSaid]) -> None:
        chat.fail_next(ChatBusy(PAUSE) if failure is ChatBusy else failure("so it was ordered"))

    yield StaffChatInHand(chat, lambda: len(chat.said), fails_next)


@asynccontextmanager
async def telegram() -> AsyncIterator[StaffChatInHand]:
    ways: dict[type[NotSaid], How] = {
        ChatBusy: "429",
        ChatAway: "refuse",
        ChatRefuses: "no rights",
        AlertRefused: "bad markup",
    }
    async with (
        TelegramEmulator(delay_scale=0) as emulator,
        connect(emulator.token, api_base=emulator.base_url, proxy=None) as bot,
    ):
        group = emulator.group(CHAT)
        chat = TelegramStaffChat(bot, AdminChat(CHAT, MemoryChatMoves()), StaffTexts(MEMORY), SettableClock(NOW))

        def fails_next(failure: type[NotSaid]) -> None:
            emulator.fail("sendMessage", how=ways[failure], retry_after=round(PAUSE.total_seconds()))

        yield StaffChatInHand(chat, lambda: len(group.chat.bot_messages), fails_next)


STAFF_CHATS = [memory, telegram]
