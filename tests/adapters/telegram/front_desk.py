"""Where Telegram's updates come in, without the way they come: an intake, and the Telegram that it answers to."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from carquery.adapters.memory.chat_moves import MemoryChatMoves
from carquery.adapters.memory.crm import MEMORY, CrmDeal, MemoryCrm
from carquery.adapters.memory.takes import MemoryTakes
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.album_replies import AlbumReplies
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.channel import MESSENGER, TELEGRAM
from carquery.adapters.telegram.rendering.chats import TelegramChats
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.admin_commands import AdminCommands
from carquery.adapters.telegram.staff.staff_presses import StaffPresses
from carquery.adapters.telegram.staff.staff_updates import StaffUpdates
from carquery.adapters.telegram.updates.intake import Intake
from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.dealership import nothing_told
from carquery.application.ports.owed_replies import OwedTimes
from carquery.application.staff.admin_desk import AdminDesk
from carquery.application.staff.announcing import Announcing
from carquery.application.staff.answer_staff import AnswerStaff
from carquery.application.staff.take_lead import TakeLead
from carquery.application.staff.texts import StaffTexts
from carquery.domain.effects import CrmId
from carquery.domain.ids import Channel
from carquery.domain.lead import Lead
from carquery_emulators.telegram import TelegramEmulator
from tests.application.in_memory import Dealership
from tests.toy_messenger import replies_of

ADMIN_CHAT = -1_002_000_000_000
PAGED = replace(MEMORY, deal_page="https://crm.example/deals/{deal}")


class CountedUpdates:
    """Which kinds of updates were handled, and which failed."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.failed: list[str] = []

    def handled(self, channel: Channel, kind: str, *, seconds: float, is_failed: bool) -> None:
        (self.failed if is_failed else self.ended).append(kind)


class FrontDesk:
    """Takes what stands in Telegram's queue, one update after another."""

    def __init__(self, telegram: TelegramEmulator, api: BotApi, dealership: Dealership, admin_chat: int | None) -> None:
        self.telegram = telegram
        self.api = api
        self.dealership = dealership
        self.updates = CountedUpdates()
        calls = Calls(api, Outage("telegram"))
        replies = replies_of(dealership, TelegramChats(calls))
        self.books = Bookkeeping(
            owed=dealership.visits,
            replies=replies,
            inbound=dealership.inbound,
            clock=dealership.clock,
            times=OwedTimes(),
        )
        staff_chat = AdminChat(admin_chat, MemoryChatMoves())
        desk = AdminDesk(
            leads=dealership.leads,
            amendments=dealership.amendments,
            counts=dealership.leads,
            bell=dealership.bell,
            clock=dealership.clock,
        )
        commands = AdminCommands(AnswerStaff(desk=desk, texts=StaffTexts(PAGED), clock=dealership.clock), calls)
        self.album_replies = AlbumReplies(replies, dealership.inbound, AlbumPause(0))
        announcing = Announcing(
            dealership=nothing_told,
            messengers=Messengers({TELEGRAM: MESSENGER}),
            bell=dealership.staff.bell,
            is_anybody_there=True,
        )
        self.crm = MemoryCrm(dealership.clock)
        take_lead = TakeLead(
            leads=dealership.leads,
            takes=MemoryTakes(dealership.database, dealership.clock),
            deals=self.crm,
            dealership=nothing_told,
            bell=dealership.bell,
            clock=dealership.clock,
        )
        presses = StaffPresses(take_lead, announcing, PAGED, calls, staff_chat)
        self.staff = StaffUpdates(api, commands, presses, staff_chat)
        self.intake = Intake(
            dealership.inbound,
            self.staff,
            replies,
            self.album_replies,
            self.updates,
        )
        self._taken = 0

    def a_deal_stands(self, number: CrmId, lead: Lead) -> None:
        """In the CRM, which nobody delivers to here."""
        self.crm.deals[number] = CrmDeal(number, CrmId(1), lead.reference, lead.title, None, lead.created_at)

    async def take(self, *, behind: int = 0) -> None:
        """Handle what came since, each update alone; and wait for what is shown a moment later."""
        for raw in self._new():
            await self._answer([raw], behind)
        await self.album_replies.drain()

    async def take_as_one(self) -> None:
        """Handle what came since as the parts of one album."""
        await self._answer(self._new(), 0)

    async def _answer(self, raw: list[bytes], behind: int) -> None:
        showing = await self.intake.take([self.intake.parse(one) for one in raw])
        if showing is not None:
            await showing(None, behind)

    def _new(self) -> list[bytes]:
        new = [raw for raw in self.telegram.queue if raw["update_id"] > self._taken]
        self._taken = max((raw["update_id"] for raw in new), default=self._taken)
        return [json.dumps(raw).encode() for raw in new]


@asynccontextmanager
async def front_desk(admin_chat: int | None = ADMIN_CHAT) -> AsyncIterator[FrontDesk]:
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as api,
    ):
        yield FrontDesk(telegram, api, Dealership(), admin_chat)
