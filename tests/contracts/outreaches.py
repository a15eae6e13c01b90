"""Every adapter of `Outreach`, with the means to see what was shown and to break it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from carquery.adapters.max.api.calls import MaxCalls
from carquery.adapters.max.channel import MAX, customer_of_user
from carquery.adapters.max.rendering.chats import MaxChats
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.outreach import MemoryOutreach
from carquery.adapters.messenger.outreach import ChannelsOutreach
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.channel import TELEGRAM
from carquery.adapters.telegram.rendering.chats import TelegramChats
from carquery.application.ports.outreach import CustomerGone, NotSent, Outreach, PerhapsSent
from carquery.application.screens import Reminder
from carquery.domain.ids import CustomerId
from carquery_emulators.max import MaxEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.adapters.max.emulated import a_max_bot
from tests.builders import ANNA, BORIS, NOW
from tests.toy_messenger import TOY, ToyChats


@dataclass(frozen=True, slots=True)
class OutreachInHand:
    """A way to customers.

    Attributes:
        customers: two who can be reached.
        texts: what was shown to a customer, in order.
        blocks: the first of them lets nothing come.
        waits: the messenger wants no message for so long, and says so.
        fails: it surely does nothing.
        loses: it does what it is asked for, and does not answer.
    """

    outreach: Outreach
    customers: tuple[CustomerId, CustomerId]
    texts: Callable[[CustomerId], Sequence[str]]
    blocks: Callable[[], Awaitable[object]]
    waits: Callable[[timedelta], object]
    fails: Callable[[], object]
    loses: Callable[[], object]


@asynccontextmanager
async def memory() -> AsyncIterator[OutreachInHand]:
    outreach = MemoryOutreach(TELEGRAM)

    def texts(customer: CustomerId) -> Sequence[str]:
        return [screen.text for whom, screen in outreach.shown if whom == customer and isinstance(screen, Reminder)]

    async def blocks() -> None:
        outreach.fail_next(CustomerGone())

    def loses() -> None:
        outreach.fail_next(PerhapsSent())

    yield OutreachInHand(
        outreach,
        (ANNA, BORIS),
        texts,
        blocks,
        lambda wait: outreach.fail_next(NotSent(wait)),
        lambda: outreach.fail_next(NotSent()),
        loses,
    )


@asynccontextmanager
async def telegram() -> AsyncIterator[OutreachInHand]:
    async with (
        TelegramEmulator(delay_scale=0) as emulator,
        connect(emulator.token, api_base=emulator.base_url, proxy=None) as bot,
    ):
        people = {who: emulator.customer(int(who.number), "<3") for who in (ANNA, BORIS)}
        for person in people.values():
            await person.send_text("привет")
        chats = TelegramChats(Calls(bot, Outage("telegram")))

        def fails() -> None:
            emulator.fail("sendMessage", how="500", times=None)

        yield OutreachInHand(
            ChannelsOutreach({TELEGRAM: chats, TOY: ToyChats()}, SettableClock(NOW)),
            (ANNA, BORIS),
            lambda who: [message.text for message in people[who].chat.bot_messages],
            people[ANNA].block,
            lambda wait: emulator.fail("sendMessage", how="429", retry_after=int(wait.total_seconds())),
            fails,
            lambda: emulator.fail("sendMessage", how="drop"),
        )


@asynccontextmanager
async def max_messenger() -> AsyncIterator[OutreachInHand]:
    async with MaxEmulator(delay_scale=0) as emulator, a_max_bot(emulator) as api:
        people = {customer_of_user(number): emulator.customer(number, "<3") for number in (7_001, 7_002)}
        anna, boris = people
        chats = MaxChats(MaxCalls(api, Outage("max")))

        def fails() -> None:
            emulator.fail("POST /messages", how="503", times=None)

        yield OutreachInHand(
            ChannelsOutreach({MAX: chats, TOY: ToyChats()}, SettableClock(NOW)),
            (anna, boris),
            lambda who: [message.text for message in people[who].chat.bot_messages],
            people[anna].block,
            lambda wait: emulator.fail("POST /messages", how="429", retry_after=int(wait.total_seconds())),
            fails,
            lambda: emulator.fail("POST /messages", how="drop"),
        )


OUTREACHES = [memory, telegram, max_messenger]
