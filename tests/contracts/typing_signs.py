"""Every adapter of `Typing`, with the means to see to whom it is shown and to keep the messenger from showing it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from carquery.adapters.max.api.calls import MaxCalls
from carquery.adapters.max.api.methods import ShowTyping
from carquery.adapters.max.api.typing import MaxTyping
from carquery.adapters.max.known_chats import KnownChats
from carquery.adapters.memory.typing import MemoryTyping
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.typing import TelegramTyping
from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.typing import Typing
from carquery.domain.ids import CustomerId
from carquery_emulators.max import MaxEmulator
from carquery_emulators.telegram import How, TelegramEmulator
from tests.adapters.max.emulated import a_max_bot
from tests.builders import ANNA, BORIS

ACTIONS: Final = ShowTyping.name


@dataclass(frozen=True, slots=True)
class TypingInHand:
    """A sign that an answer is under way.

    Attributes:
        shown: to whom it was shown, in order.
        fails: the messenger shows nothing from now on; None: there is none.
    """

    typing: Typing
    shown: Callable[[], Sequence[CustomerId]]
    fails: Callable[[How], None] | None = None


@asynccontextmanager
async def memory() -> AsyncIterator[TypingInHand]:
    typing = MemoryTyping()
    yield TypingInHand(typing, lambda: typing.shown)


@asynccontextmanager
async def telegram() -> AsyncIterator[TypingInHand]:
    async with (
        TelegramEmulator(delay_scale=0) as emulator,
        connect(emulator.token, api_base=emulator.base_url, proxy=None) as bot,
    ):
        for customer in (ANNA, BORIS):
            await emulator.customer(int(customer.number), "<3").send_text("привет")

        def shown() -> Sequence[CustomerId]:
            return [customer_of_user(int(str(call.params["chat_id"]))) for call in emulator.calls_of("sendChatAction")]

        def fails(how: How) -> None:
            emulator.fail("sendChatAction", how=how, times=None, seconds=86_400)

        yield TypingInHand(TelegramTyping(Calls(bot, Outage("telegram"))), shown, fails)


@asynccontextmanager
async def max_messenger() -> AsyncIterator[TypingInHand]:
    async with MaxEmulator(delay_scale=0) as emulator, a_max_bot(emulator) as api:
        chats = KnownChats()
        whose = {}
        for customer in (ANNA, BORIS):  # whose numbers nobody mixes up here
            chat = emulator.customer(int(customer.number), "<3").chat
            chats.learn(customer, chat.id)
            whose[str(chat.id)] = customer

        def shown() -> Sequence[CustomerId]:
            return [whose[str(call.params["chat_id"])] for call in emulator.calls_of(ACTIONS)]

        def fails(how: How) -> None:
            emulator.fail(ACTIONS, how="suspended" if how == "blocked" else how, times=None, seconds=86_400)

        yield TypingInHand(MaxTyping(MaxCalls(api, Outage("max")), chats), shown, fails)


TYPING_SIGNS = [memory, telegram, max_messenger]
