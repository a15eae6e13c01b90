"""Telegram: the connection, the way in, the way out."""

from collections.abc import AsyncIterator

from aiogram import Bot, Dispatcher
from dishka import AnyOf, Provider, Scope, provide, provide_all
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.outage import Outage
from carquery.adapters.sql.chat_moves import SqlChatMoves
from carquery.adapters.system.logged_alerts import LoggedAlerts
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.sent_files import TelegramSentFiles
from carquery.adapters.telegram.api.typing import TelegramTyping
from carquery.adapters.telegram.rendering.chat import Chat
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.admin_commands import AdminCommands, admin_router
from carquery.adapters.telegram.staff.staff_chat import SaidAtOnce, TelegramStaffChat
from carquery.adapters.telegram.updates.album_pause import ALBUM_PAUSE, AlbumPause
from carquery.adapters.telegram.updates.album_replies import AlbumReplies
from carquery.adapters.telegram.updates.connection import connect
from carquery.adapters.telegram.updates.handlers import Handlers, customer_router
from carquery.adapters.telegram.updates.intake import Intake
from carquery.adapters.telegram.updates.messages import Messages
from carquery.adapters.telegram.updates.polling import Polling, PollTimes
from carquery.adapters.telegram.updates.presses import Presses
from carquery.adapters.telegram.updates.strangers import Strangers
from carquery.adapters.telegram.updates.use_cases import UseCases
from carquery.adapters.telegram.updates.webhook import Webhook, WebhookRoute
from carquery.application.conversation.answer_consent import AnswerConsent
from carquery.application.conversation.answer_offer import AnswerOffer
from carquery.application.conversation.collect_lead_step import CollectLeadStep
from carquery.application.conversation.erase_customer import EraseCustomer
from carquery.application.conversation.go_to import GoTo
from carquery.application.conversation.leave_dialog import LeaveDialog
from carquery.application.conversation.reception import Reception
from carquery.application.conversation.review_dialog import ReviewDialog
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.conversation.take_message import TakeMessage
from carquery.application.ports.alert_outbox import AlertOutbox, StaffChat
from carquery.application.ports.alerts import AlertBell, Alerts
from carquery.application.ports.environment import Clock
from carquery.application.ports.sent_files import SentFiles
from carquery.application.ports.typing import Typing
from carquery.application.ports.visits import Visits
from carquery.application.staff.deliver_alerts import DeliverAlerts
from carquery.application.staff.kept_alerts import KeptAlerts
from carquery.entrypoints.settings.personal_data import PersonalDataSettings
from carquery.entrypoints.settings.telegram import TelegramSettings


class TelegramProvider(Provider):
    """Everything that speaks the Bot API."""

    scope = Scope.APP

    parts = provide_all(Calls, Chat, Messages, Presses, Handlers, AdminCommands, Intake, Polling)

    @provide
    async def bot(self, settings: TelegramSettings) -> AsyncIterator[Bot]:
        token = settings.telegram_bot_token.get_secret_value()
        async with connect(token, api_base=settings.telegram_api_base, proxy=settings.telegram_proxy) as bot:
            yield bot

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
    async def album_replies(self, chat: Chat, visits: Visits, pause: AlbumPause) -> AsyncIterator[AlbumReplies]:
        replies = AlbumReplies(chat, visits, pause)
        yield replies
        await replies.drain()

    @provide
    def webhook(self, bot: Bot, intake: Intake, settings: TelegramSettings, clock: Clock) -> Webhook:
        if settings.webhook_url is None or settings.webhook_secret is None:
            raise AssertionError("BOT_MODE=webhook has both; nothing else asks for this")
        secret = settings.webhook_secret.get_secret_value()
        door = WebhookRoute(settings.webhook_url, secret, settings.webhook_host, settings.webhook_port)
        return Webhook(bot, intake, door, Strangers(clock))

    typing = provide(TelegramTyping, provides=Typing)
    sent_files = provide(TelegramSentFiles, provides=SentFiles)

    staff_chat = provide(TelegramStaffChat, provides=AnyOf[StaffChat, TelegramStaffChat])
    said_at_once = provide(SaidAtOnce)
    deliver_alerts = provide(DeliverAlerts)

    @provide
    def admin_chat(self, settings: TelegramSettings, engine: AsyncEngine) -> AdminChat:
        return AdminChat(settings.admin_chat_id, SqlChatMoves(engine))

    @provide
    def alerts(self, at_once: SaidAtOnce, outbox: AlertOutbox, bell: AlertBell, admin_chat: AdminChat) -> Alerts:
        is_nobody_there = admin_chat.id is None
        return LoggedAlerts(KeptAlerts(outbox=outbox, bell=bell, at_once=at_once, only_owed=is_nobody_there))

    @provide
    def dispatcher(self, handlers: Handlers, admin: AdminCommands, admin_chat: AdminChat) -> Dispatcher:
        dispatcher = Dispatcher(disable_fsm=True)
        if admin_chat.id is not None:
            dispatcher.include_router(admin_router(admin, admin_chat))
        dispatcher.include_router(customer_router(handlers))
        return dispatcher

    @provide
    def use_cases(  # one of each
        self,
        settings: PersonalDataSettings,
        reception: Reception,
        go_to: GoTo,
        take_message: TakeMessage,
        answer_offer: AnswerOffer,
        collect_lead_step: CollectLeadStep,
        review_dialog: ReviewDialog,
        leave_dialog: LeaveDialog,
        answer_consent: AnswerConsent,
        submit_lead: SubmitLead,
        erase_customer: EraseCustomer,
    ) -> UseCases:
        return UseCases(
            reception=reception,
            go_to=go_to,
            take_message=take_message,
            answer_offer=answer_offer,
            collect_lead_step=collect_lead_step,
            review_dialog=review_dialog,
            leave_dialog=leave_dialog,
            answer_consent=answer_consent,
            submit_lead=submit_lead,
            erase_customer=erase_customer,
            policy_url=settings.privacy_policy_url,
        )
