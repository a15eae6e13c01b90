"""`carquery worker`: delivery alone, in a process of its own; any number of them may run beside the bot."""

import asyncio

import structlog
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.health.serving import health_server_of_worker
from carquery.entrypoints.processes.alert_sender import AlertSender
from carquery.entrypoints.processes.delivery_worker import DeliveryWorker
from carquery.entrypoints.processes.running import database_is_prepared, stop_on_signals, work_until
from carquery.entrypoints.processes.sending_unfinished import SendingUnfinished
from carquery.entrypoints.processes.watching_people import WatchingPeople
from carquery.entrypoints.settings.settings import BotSettings

log = structlog.get_logger(__name__)


async def run_worker(settings: BotSettings) -> None:
    """Deliver leads until SIGTERM or SIGINT; a pass that has begun is finished.

    Raises:
        NoCrm: there is nowhere to deliver to.
        SchemaOutdated, StoreRefused: as `database_is_prepared` says.
    """
    container = make_bot_container(settings)
    try:
        await serve_worker(container, stop_on_signals())
    finally:
        await container.close()


async def serve_worker(container: AsyncContainer, stop: asyncio.Event) -> None:
    """Deliver leads until `stop` is set. Raises as `run_worker`."""
    worker = await container.get(DeliveryWorker)
    health = await health_server_of_worker(container)
    async with health.answering(stop):
        if await database_is_prepared(await container.get(AsyncEngine), stop):
            log.info("worker_started")
            people = await container.get(WatchingPeople)
            unfinished = await container.get(SendingUnfinished)
            await work_until(stop, _work(worker, await container.get(AlertSender), people, unfinished, stop))
    log.info("worker_stopped")


async def _work(
    worker: DeliveryWorker,
    sender: AlertSender,
    people: WatchingPeople,
    unfinished: SendingUnfinished,
    stop: asyncio.Event,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run(stop))
        tasks.create_task(unfinished.run(stop))
        tasks.create_task(sender.run(stop))
        tasks.create_task(people.run(stop))
