"""`carquery bot`: the bot and the delivery worker in one process."""

import asyncio

import structlog
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.messenger.way_in import WayIn, WayInRefused
from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.alerts import Alerts
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.health.serving import health_server_of_bot
from carquery.entrypoints.processes.alert_sender import AlertSender, StaffRoom
from carquery.entrypoints.processes.dealership_news import read_again_on_signal
from carquery.entrypoints.processes.delivery_worker import DeliveryWorker
from carquery.entrypoints.processes.digesting import Digesting
from carquery.entrypoints.processes.draft_writer import DraftWriter
from carquery.entrypoints.processes.housekeeping import Housekeeping
from carquery.entrypoints.processes.reminding import Reminding
from carquery.entrypoints.processes.running import database_is_prepared, stop_on_signals, work_until
from carquery.entrypoints.processes.sending_unfinished import SendingUnfinished
from carquery.entrypoints.processes.taking_updates import TakingUpdates, first_of
from carquery.entrypoints.processes.tally_writer import TallyWriter
from carquery.entrypoints.processes.watching_people import WatchingPeople
from carquery.entrypoints.providers.no_crm import NO_CRM
from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.settings import BotSettings

log = structlog.get_logger(__name__)


async def run_bot(settings: BotSettings, *, delete_webhook: bool = False) -> None:
    """Run until SIGTERM or SIGINT, then drain.

    Args:
        delete_webhook: before polling; what waits at the messenger is kept.

    Raises:
        WayInRefused: no messenger knows its token (any more), or a webhook can't be listened for.
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
        WayInRefused: as `run_bot`.
        SchemaOutdated: run `carquery db upgrade` first.
        StoreRefused, RedisRefused: a store does not let us in. One that is away is waited for.
    """
    health = await health_server_of_bot(container)
    try:
        async with health.answering(stop):
            if await database_is_prepared(await container.get(AsyncEngine), stop):
                await work_until(stop, _work(container, stop, delete_webhook=delete_webhook))
    except BaseExceptionGroup as failures:
        refused = first_of(WayInRefused, failures)
        if refused is not None:
            raise refused from failures
        raise
    log.info("bot_stopped")


async def _work(container: AsyncContainer, stop: asyncio.Event, *, delete_webhook: bool) -> None:
    settings = await container.get(BotSettings)
    room = await container.get(StaffRoom)
    await room.refresh()  # before the first command arrives
    ways_in = await container.get(list[WayIn])
    if settings.redis_url is None and any(way.end_webhook is None for way in ways_in):
        log.warning("dialogs_in_process", remedy="REDIS_URL: without it there may be no second replica")
    drafts = await container.get(DraftWriter)
    tally = await container.get(TallyWriter)
    async with drafts.writing(), tally.writing(), asyncio.TaskGroup() as tasks:
        taking = TakingUpdates(ways_in, await container.get(Messengers), await container.get(Alerts))
        tasks.create_task(taking.run(stop, delete_webhook=delete_webhook))
        tasks.create_task((await container.get(Housekeeping)).run(stop))
        if settings.crm is CrmChoice.NONE:
            log.warning("no_crm", remedy=f"leads are stored and wait: {NO_CRM}")
        else:
            worker = await container.get(DeliveryWorker)
            tasks.create_task(worker.run(stop))
            tasks.create_task((await container.get(WatchingPeople)).run(stop))
        tasks.create_task((await container.get(Reminding)).run(stop))
        tasks.create_task((await container.get(SendingUnfinished)).run(stop))
        tasks.create_task((await container.get(Digesting)).run(stop))
        tasks.create_task((await container.get(AlertSender)).run(stop))
