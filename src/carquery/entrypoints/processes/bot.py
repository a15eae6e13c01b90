"""`carquery bot`: the bot and the delivery worker in one process."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.messenger.webhook_door import ListenRefused
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import (
    BotApiFailure,
    NotBotApi,
    ServerError,
    TelegramAway,
    Unauthorized,
    in_words,
)
from carquery.adapters.telegram.api.methods import DeleteWebhook
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.bot_commands import register_commands
from carquery.adapters.telegram.updates.polling import Polling
from carquery.adapters.telegram.updates.webhook import Webhook
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.health.serving import health_server_of_bot
from carquery.entrypoints.processes.alert_sender import AlertSender
from carquery.entrypoints.processes.dealership_news import read_again_on_signal
from carquery.entrypoints.processes.delivery_worker import DeliveryWorker
from carquery.entrypoints.processes.draft_writer import DraftWriter
from carquery.entrypoints.processes.housekeeping import Housekeeping
from carquery.entrypoints.processes.pausing import paused
from carquery.entrypoints.processes.reminding import Reminding
from carquery.entrypoints.processes.running import database_is_prepared, stop_on_signals, work_until
from carquery.entrypoints.processes.sending_unfinished import SendingUnfinished
from carquery.entrypoints.processes.tally_writer import TallyWriter
from carquery.entrypoints.processes.watching_people import WatchingPeople
from carquery.entrypoints.providers.no_crm import NO_CRM
from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.settings import BotSettings

log = structlog.get_logger(__name__)

LONGEST_PAUSE: Final = 60.0
"""Seconds between two tries to reach Telegram at the start."""


class TokenRefused(Exception):
    """Telegram does not know the bot's token."""

    def __init__(self) -> None:
        super().__init__("TELEGRAM_BOT_TOKEN: Telegram refuses it; expected: the token that @BotFather gave")


async def run_bot(settings: BotSettings, *, delete_webhook: bool = False) -> None:
    """Run until SIGTERM or SIGINT, then drain.

    Args:
        delete_webhook: before polling; what waits at Telegram is kept.

    Raises:
        TokenRefused: the token is not valid (any more).
        ListenRefused: of the webhook.
    """
    stop = stop_on_signals()
    container = make_bot_container(settings)
    try:
        read_again_on_signal(await container.get(DealershipFile))
        await serve(container, stop, delete_webhook=delete_webhook)
    finally:
        await container.close()


async def serve(container: AsyncContainer, stop: asyncio.Event, *, delete_webhook: bool = False) -> None:
    """Take updates and deliver leads until `stop` is set; what is in hand then is finished.

    The embedded database is upgraded first; a PostgreSQL that is not up to date stops the start.

    Raises:
        TokenRefused: the token is not valid (any more).
        SchemaOutdated: run `carquery db upgrade` first.
        StoreRefused, RedisRefused: a store does not let us in. One that is away is waited for.
    """
    health = await health_server_of_bot(container)
    try:
        async with health.answering(stop):
            if await database_is_prepared(await container.get(AsyncEngine), stop):
                await work_until(stop, _work(container, stop, delete_webhook=delete_webhook))
    except BaseExceptionGroup as failures:
        if failures.split(Unauthorized)[1] is None:
            raise TokenRefused from failures
        taken = _first(ListenRefused, failures)
        if taken is not None:
            raise taken from failures
        raise
    log.info("bot_stopped")


def _first(kind: type[Exception], failures: BaseExceptionGroup) -> BaseException | None:
    found: BaseException | None = failures.subgroup(kind)
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


async def _work(container: AsyncContainer, stop: asyncio.Event, *, delete_webhook: bool) -> None:
    api = await container.get(BotApi)
    settings = await container.get(BotSettings)
    insist = _Insist(await container.get(Outage), stop)
    admin_chat = await container.get(AdminChat)
    await admin_chat.refresh()  # before the first command arrives
    drafts = await container.get(DraftWriter)
    tally = await container.get(TallyWriter)
    async with drafts.writing(), tally.writing(), asyncio.TaskGroup() as tasks:
        if settings.bot_mode == "webhook":
            if settings.redis_url is None:
                log.warning("dialogs_in_process", remedy="REDIS_URL: without it there may be no second replica")
            webhook = await container.get(Webhook)
            tasks.create_task(webhook.run(stop))
            tasks.create_task(insist(webhook.register, "webhook_not_registered"))
        else:
            polling = await container.get(Polling)
            if delete_webhook and not await insist(partial(api, DeleteWebhook()), "webhook_not_deleted"):
                return
            tasks.create_task(polling.run(stop))
        tasks.create_task((await container.get(Housekeeping)).run(stop))
        if settings.crm is CrmChoice.NONE:
            log.warning("no_crm", remedy=f"leads are stored and wait: {NO_CRM}")
        else:
            worker = await container.get(DeliveryWorker)
            tasks.create_task(worker.run(stop))
            tasks.create_task((await container.get(WatchingPeople)).run(stop))
        tasks.create_task((await container.get(Reminding)).run(stop))
        tasks.create_task((await container.get(SendingUnfinished)).run(stop))
        tasks.create_task((await container.get(AlertSender)).run(stop))
        tasks.create_task(_introduce(insist, api, admin_chat))


async def _introduce(insist: "_Insist", api: BotApi, admin_chat: AdminChat) -> None:
    """Register the commands."""
    if await insist(partial(register_commands, api, admin_chat=admin_chat), "commands_not_registered"):
        log.info("bot_started")


@dataclass(frozen=True, slots=True)
class _Insist:
    """Tells Telegram something as soon as it can be reached."""

    outage: Outage
    stop: asyncio.Event

    async def __call__(self, tell_telegram: Callable[[], Awaitable[object]], failed: str) -> bool:
        """False: not before `stop`. `failed`: what the log calls a refusal, which has one line however often it is."""
        pause, is_told = 1.0, False
        while not self.stop.is_set():
            try:
                await tell_telegram()
            except Unauthorized:
                raise
            except (TelegramAway, ServerError, NotBotApi) as away:
                self.outage.failed(*in_words(away), of=failed)
            except BotApiFailure as refusal:
                if not is_told:
                    log.warning(failed, reason=in_words(refusal)[0])
                is_told = True
            else:
                self.outage.worked(of=failed)
                return True
            await paused(self.stop, at_most=timedelta(seconds=pause))
            pause = min(pause * 2, LONGEST_PAUSE)
        return False
