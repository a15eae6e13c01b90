"""`carquery bot`: the bot and the delivery worker in one process."""

import asyncio
import signal
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.schema import SchemaOutdated, is_current, upgrade
from carquery.adapters.telegram.bot_commands import register_commands
from carquery.adapters.telegram.polling import Polling
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.delivery_worker import DeliveryWorker
from carquery.entrypoints.settings import BotSettings

log = structlog.get_logger(__name__)

DRAIN_SECONDS: Final = 25.0
"""How long updates in hand may take to finish after SIGTERM."""


class TokenRefused(Exception):
    """Telegram does not know the bot's token."""

    def __init__(self) -> None:
        super().__init__("TELEGRAM_BOT_TOKEN: Telegram refuses it; expected: the token that @BotFather gave")


async def run_bot(settings: BotSettings) -> None:
    """Run until SIGTERM or SIGINT, then drain.

    Raises:
        TokenRefused: the token is not valid (any more).
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    container = make_bot_container(settings)
    try:
        await serve(container, stop)
    finally:
        await container.close()


async def serve(container: AsyncContainer, stop: asyncio.Event) -> None:
    """Take updates and deliver leads until `stop` is set; what is in hand then is finished.

    The embedded database is upgraded first; a PostgreSQL that is not up to date stops the start.

    Raises:
        TokenRefused: the token is not valid (any more).
        SchemaOutdated: run `carquery db upgrade` first.
        StoreUnavailable: the database can't be reached at the start.
    """
    await _prepare_database(await container.get(AsyncEngine))
    work = asyncio.ensure_future(_work(container, stop))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
        async with asyncio.timeout(DRAIN_SECONDS):
            await work
    except TimeoutError:
        log.warning("drain_cut_short", seconds=DRAIN_SECONDS)
    except BaseExceptionGroup as failures:
        refused, others = failures.split(TelegramUnauthorizedError)
        if refused is not None and others is None:
            raise TokenRefused from refused
        raise
    finally:
        stopping.cancel()
    log.info("bot_stopped")


async def _prepare_database(engine: AsyncEngine) -> None:
    if engine.dialect.name == "sqlite":
        await upgrade(engine)
    elif not await is_current(engine):
        raise SchemaOutdated


async def _work(container: AsyncContainer, stop: asyncio.Event) -> None:
    bot = await container.get(Bot)
    polling = await container.get(Polling)
    worker = await container.get(DeliveryWorker)
    settings = await container.get(BotSettings)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(polling.run(stop))
        if settings.amocrm_mock_mode:
            tasks.create_task(worker.run(stop))
        else:
            log.warning(
                "no_crm", remedy="leads are stored and wait; AMOCRM_MOCK_MODE=true delivers to an in-memory CRM"
            )
        tasks.create_task(_introduce(bot, stop))


async def _introduce(bot: Bot, stop: asyncio.Event) -> None:
    """Register the commands, as soon as Telegram can be reached."""
    pause = 1.0
    while not stop.is_set():
        try:
            await register_commands(bot)
        except TelegramUnauthorizedError:
            raise
        except AiogramError as failure:
            log.warning("commands_not_registered", reason=type(failure).__name__, again_in_seconds=pause)
        else:
            log.info("bot_started")
            return
        try:
            async with asyncio.timeout(pause):
                await stop.wait()
        except TimeoutError:
            pause = min(pause * 2, 60.0)
