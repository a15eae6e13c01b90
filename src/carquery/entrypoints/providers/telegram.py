"""Telegram: the connection, the way in, the way out."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Final

from dishka import AnyOf, AsyncContainer, Provider, Scope, provide, provide_all
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.checks import Check
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.album_replies import AlbumReplies
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.chats import Chats
from carquery.adapters.messenger.outreach import ChannelsOutreach
from carquery.adapters.messenger.replies import Replies
from carquery.adapters.messenger.reply_ledger import ReplyLedger
from carquery.adapters.messenger.strangers import Strangers
from carquery.adapters.messenger.webhook_door import WebhookRoute
from carquery.adapters.outage import Outage
from carquery.adapters.sql.chat_moves import SqlChatMoves
from carquery.adapters.system.logged_alerts import LoggedAlerts
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.sent_files import TelegramSentFiles
from carquery.adapters.telegram.api.typing import TelegramTyping
from carquery.adapters.telegram.channel import MESSENGER, TELEGRAM, chat_link
from carquery.adapters.telegram.checks import ADDRESSES, UPDATES, BeforeUpdates, knowing_us, updates_coming_in
from carquery.adapters.telegram.rendering.chats import TelegramChats
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.admin_commands import AdminCommands
from carquery.adapters.telegram.staff.staff_chat import SaidAtOnce, TelegramStaffChat
from carquery.adapters.telegram.staff.staff_presses import StaffPresses
from carquery.adapters.telegram.staff.staff_updates import StaffUpdates
from carquery.adapters.telegram.updates.intake import Intake
from carquery.adapters.telegram.updates.polling import ALBUM_PAUSE, Polling, PollTimes
from carquery.adapters.telegram.updates.webhook import AnswerTimes, Webhook
from carquery.application.conversation.navigator import Messengers
from carquery.application.inbound import Inbound
from carquery.application.ports.alert_outbox import AlertOutbox, StaffChat
from carquery.application.ports.alerts import AlertBell, Alerts
from carquery.application.ports.chat_links import ChatLinks
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.outreach import Outreach
from carquery.application.ports.sent_files import SentFiles
from carquery.application.ports.typing import Typing
from carquery.application.staff.announcing import Announcing
from carquery.application.staff.deliver_alerts import DeliverAlerts
from carquery.application.staff.kept_alerts import KeptAlerts
from carquery.entrypoints.checks.kinds import BOT_ALONE, NEITHER, BeforeStart, WhileRunning, on
from carquery.entrypoints.settings.telegram import TelegramSettings

TELEGRAM_KEPT_SECONDS: Final = 30.0
TELEGRAM_TRIES: Final = 3
"""It is the same Telegram for all replicas: one answer that was late must not take all of them out at once."""


class TelegramProvider(Provider):
    """Everything that speaks the Bot API."""

    scope = Scope.APP

    parts = provide_all(
        Calls, ReplyLedger, Replies, Bookkeeping, AdminCommands, StaffPresses, StaffUpdates, Intake, Polling
    )

    @provide
    async def bot_api(self, settings: TelegramSettings) -> AsyncIterator[BotApi]:
        token = settings.telegram_bot_token.get_secret_value()
        async with connect(token, api_base=settings.telegram_api_base, proxy=settings.telegram_proxy) as api:
            yield api

    @provide
    def messengers(self) -> Messengers:
        return Messengers({TELEGRAM: MESSENGER})

    @provide
    def outreach(self, chats: Chats, clock: Clock, dealership: ToldOfDealership) -> Outreach:
        return ChannelsOutreach({TELEGRAM: chats}, clock, dealership)

    @provide
    def chat_links(self) -> ChatLinks:
        return chat_link

    @provide
    def outage(self) -> Outage:
        return Outage("telegram")

    @provide
    def album_pause(self) -> AlbumPause:
        return ALBUM_PAUSE

    @provide
    def poll_times(self) -> PollTimes:
        return PollTimes()

    @provide
    async def album_replies(self, replies: Replies, inbound: Inbound, pause: AlbumPause) -> AsyncIterator[AlbumReplies]:
        waiting = AlbumReplies(replies, inbound, pause)
        yield waiting
        await waiting.drain()

    @provide
    def answer_times(self) -> AnswerTimes:
        return AnswerTimes()

    @provide
    def webhook(
        self,
        api: BotApi,
        intake: Intake,
        books: Bookkeeping,
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

    chats = provide(TelegramChats, provides=Chats)
    typing = provide(TelegramTyping, provides=Typing)
    sent_files = provide(TelegramSentFiles, provides=SentFiles)

    staff_chat = provide(TelegramStaffChat, provides=AnyOf[StaffChat, TelegramStaffChat])
    said_at_once = provide(SaidAtOnce)
    deliver_alerts = provide(DeliverAlerts)

    @provide
    def admin_chat(self, settings: TelegramSettings, engine: AsyncEngine) -> AdminChat:
        return AdminChat(settings.admin_chat_id, SqlChatMoves(engine))

    @provide
    def announcing(
        self, dealership: ToldOfDealership, messengers: Messengers, bell: AlertBell, admin_chat: AdminChat
    ) -> Announcing:
        is_anybody_there = admin_chat.id is not None
        return Announcing(dealership=dealership, messengers=messengers, bell=bell, is_anybody_there=is_anybody_there)

    @provide
    def alerts(self, at_once: SaidAtOnce, outbox: AlertOutbox, bell: AlertBell, admin_chat: AdminChat) -> Alerts:
        is_nobody_there = admin_chat.id is None
        return LoggedAlerts(KeptAlerts(outbox=outbox, bell=bell, at_once=at_once, only_owed=is_nobody_there))

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
            needed_by=BOT_ALONE,
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
