"""Every adapter of `Typing`, with the means to see to whom it is shown and to keep the messenger from showing it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from carquery.adapters.memory.typing import MemoryTyping
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.typing import TelegramTyping
from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.typing import Typing
from carquery.domain.ids import CustomerId
from carquery_emulators.telegram import How, TelegramEmulator
from tests.builders import ANNA, BORIS


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


TYPING_SIGNS = [memory, telegram]
