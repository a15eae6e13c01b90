"""Telegram: the connection, the way in, the way out."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Final, NewType

from dishka import AsyncContainer, Provider, Scope, provide

from carquery.adapters.checks import Check
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.album_replies import AlbumReplies
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.strangers import Strangers
from carquery.adapters.messenger.watch import UpdateWatch
from carquery.adapters.messenger.way_in import WayIn
from carquery.adapters.messenger.ways_out import WayOut
from carquery.adapters.messenger.webhook_door import WebhookRoute
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.methods import DeleteWebhook
from carquery.adapters.telegram.api.sent_files import TelegramSentFiles
from carquery.adapters.telegram.api.typing import TelegramTyping
from carquery.adapters.telegram.channel import MESSENGER, TELEGRAM, chat_link
from carquery.adapters.telegram.checks import ADDRESSES, UPDATES, BeforeUpdates, knowing_us, updates_coming_in
from carquery.adapters.telegram.rendering.chats import TelegramChats
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.bot_commands import register_commands
from carquery.adapters.telegram.staff.staff_updates import StaffUpdates
from carquery.adapters.telegram.updates.intake import Intake
from carquery.adapters.telegram.updates.polling import ALBUM_PAUSE, Polling, PollTimes
from carquery.adapters.telegram.updates.webhook import AnswerTimes, Webhook
from carquery.adapters.telegram.way_in import telling, with_known_token
from carquery.application.inbound import Inbound
from carquery.application.ports.environment import Clock
from carquery.entrypoints.checks.kinds import BOT_ALONE, NEITHER, BeforeStart, WhileRunning, on
from carquery.entrypoints.providers.channels import BooksOf
from carquery.entrypoints.settings.telegram import TelegramSettings

TELEGRAM_KEPT_SECONDS: Final = 30.0
TELEGRAM_TRIES: Final = 3
"""It is the same Telegram for all replicas: one answer that was late must not take all of them out at once."""

TelegramBooks = NewType("TelegramBooks", Bookkeeping)
TelegramOutage = NewType("TelegramOutage", Outage)


class TelegramProvider(Provider):
    """Everything that speaks the Bot API, but for the chat of the staff."""

    scope = Scope.APP

    def __init__(self, *, is_alone: bool) -> None:
        """`is_alone`: there is no other messenger to take customers' updates from while this one is away."""
        super().__init__()
        self._is_alone = is_alone

    @provide
    async def bot_api(self, settings: TelegramSettings) -> AsyncIterator[BotApi]:
        if settings.telegram_bot_token is None:
            raise AssertionError("without a token, there is none of this")
        token = settings.telegram_bot_token.get_secret_value()
        async with connect(token, api_base=settings.telegram_api_base, proxy=settings.telegram_proxy) as api:
            yield api

    @provide
    def outage(self) -> TelegramOutage:
        return TelegramOutage(Outage("telegram"))

    @provide
    def calls(self, api: BotApi, outage: TelegramOutage) -> Calls:
        return Calls(api, outage)

    @provide
    def way_out(self, api: BotApi, calls: Calls, chats: TelegramChats) -> WayOut:
        return WayOut(
            channel=TELEGRAM,
            name=MESSENGER,
            chats=chats,
            typing=TelegramTyping(calls),
            sent_files=TelegramSentFiles(api),
            chat_link=chat_link,
        )

    chats = provide(TelegramChats)

    @provide
    def books(self, chats: TelegramChats, books_of: BooksOf) -> TelegramBooks:
        return TelegramBooks(books_of(chats))

    @provide
    def album_pause(self) -> AlbumPause:
        return ALBUM_PAUSE

    @provide
    async def album_replies(
        self, books: TelegramBooks, inbound: Inbound, pause: AlbumPause
    ) -> AsyncIterator[AlbumReplies]:
        waiting = AlbumReplies(books.replies, inbound, pause)
        yield waiting
        await waiting.drain()

    @provide
    def intake(
        self,
        inbound: Inbound,
        staff: StaffUpdates,
        books: TelegramBooks,
        album_replies: AlbumReplies,
        watch: UpdateWatch,
    ) -> Intake:
        return Intake(inbound, staff, books.replies, album_replies, watch)

    @provide
    def poll_times(self) -> PollTimes:
        return PollTimes()

    @provide
    def polling(
        self,
        api: BotApi,
        intake: Intake,
        books: TelegramBooks,
        clock: Clock,
        outage: TelegramOutage,
        pause: AlbumPause,
        times: PollTimes,
    ) -> Polling:
        return Polling(api, intake, books, clock, outage, pause, times)

    @provide
    def answer_times(self) -> AnswerTimes:
        return AnswerTimes()

    @provide
    def webhook(
        self,
        api: BotApi,
        intake: Intake,
        books: TelegramBooks,
        settings: TelegramSettings,
        clock: Clock,
        times: AnswerTimes,
    ) -> Webhook:
        if settings.webhook_url is None or settings.webhook_secret is None:
            raise AssertionError("BOT_MODE=webhook has both; nothing else asks for this")
        secret = settings.webhook_secret.get_secret_value()
        route = WebhookRoute(settings.webhook_url, secret, settings.webhook_host, settings.webhook_port)
        strangers = Strangers(clock, messenger=MESSENGER)
        return Webhook(api, intake, books, route, strangers, times)

    @provide
    def way_in(
        self,
        settings: TelegramSettings,
        api: BotApi,
        outage: TelegramOutage,
        admin_chat: AdminChat,
        container: AsyncContainer,
    ) -> WayIn:
        """`container`: of the two ways, only the one that is chosen is made, and not before it is needed."""

        async def poll(stop: asyncio.Event) -> None:
            await (await container.get(Polling)).run(stop)

        async def listen(stop: asyncio.Event) -> None:
            await (await container.get(Webhook)).run(stop)

        async def register() -> None:
            await (await container.get(Webhook)).register()

        listens = settings.bot_mode == "webhook"
        return WayIn(
            channel=TELEGRAM,
            outage=outage,
            run=with_known_token(listen if listens else poll),
            end_webhook=None if listens else telling(partial(api, DeleteWebhook()), "webhook_not_deleted"),
            register=telling(register, "webhook_not_registered") if listens else None,
            introduce=telling(partial(register_commands, api, admin_chat=admin_chat), "commands_not_registered"),
        )

    @provide
    def telegram_before_start(self, settings: TelegramSettings, container: AsyncContainer) -> BeforeStart:
        before = BeforeUpdates(
            mode=settings.bot_mode, webhook_url=settings.webhook_url, admin_chat=settings.admin_chat_id
        )
        check = Check("Telegram", on(container, BotApi, before.examine), ADDRESSES)
        return BeforeStart(check, hangs_on=("telegram_", "admin_", "bot_", "webhook_"))

    @provide
    def telegram_answers(self, api: BotApi) -> WhileRunning:
        return WhileRunning(
            check=Check("telegram", partial(knowing_us, api), ADDRESSES),
            needed_by=BOT_ALONE if self._is_alone else NEITHER,
            kept_seconds=TELEGRAM_KEPT_SECONDS,
            tries=TELEGRAM_TRIES,
        )

    @provide
    def updates_come_in(self, settings: TelegramSettings, container: AsyncContainer) -> WhileRunning:
        """No restart and no other replica would change that they don't."""
        if settings.bot_mode == "webhook":
            examine = on(container, Webhook, lambda webhook: updates_coming_in(webhook.look))
        else:
            examine = on(container, Polling, lambda polling: updates_coming_in(polling.look))
        return WhileRunning(
            check=Check("updates", examine, UPDATES),
            made_by=BOT_ALONE,
            needed_by=NEITHER,
            kept_seconds=TELEGRAM_KEPT_SECONDS,
        )
