"""A long-running process: it prepares, works until it is told to stop, and finishes what is in hand."""

import asyncio
import signal
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.pausing import paused
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.repeating import outage_of
from carquery.adapters.sql.restoration import after_a_restoration
from carquery.adapters.sql.schema import Tables, tables, usable
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.stores import StoreRefused, StoreUnavailable

log = structlog.get_logger(__name__)

DRAIN_SECONDS: Final = 25.0
"""How long what is in hand may take to finish after SIGTERM."""

SHORTEST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
"""Seconds between two looks for a database that is away at the start."""
TABLES: Final = "tables"
AWAY_AT_START: Final = "DATABASE_URL: is it running, and is this its address? The work begins as soon as it answers"


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def prepare_database(engine: AsyncEngine, *, only_looks: bool = False) -> None:
    """Upgrade the embedded database; a PostgreSQL is upgraded by a person. Newer tables are worked beside.

    Leads of a database that was restored are put in doubt, so that nothing of them is made again.

    Args:
        only_looks: for what delivers nothing.

    Raises:
        SchemaOutdated: run `carquery db upgrade` first, or a newer version.
        StoreUnavailable: the database can't be used.
    """
    found = await tables(engine)
    if found is Tables.OLDER and engine.dialect.name == "sqlite":
        from carquery.adapters.sql.migrating import upgrade  # imported here: alembic is 10 MB, and seldom needed

        await upgrade(engine)
    elif await usable(engine) is Tables.NEWER:
        log.warning("tables_are_newer", remedy="they only have more than this version knows; replace it soon")
    if only_looks:
        return
    doubted = await after_a_restoration(engine, lambda: _doubt(engine))
    if doubted is not None:
        log.warning("database_was_restored", count=doubted, remedy="each is looked for in the CRM before it is made")


async def _doubt(engine: AsyncEngine) -> int:
    clock = SystemClock()
    return await SqlLeads(engine, clock).put_in_doubt(at=clock.now())


async def database_is_prepared(engine: AsyncEngine, stop: asyncio.Event) -> bool:
    """Prepare it as soon as it is there. False: it was not, before `stop`.

    Raises:
        SchemaOutdated: run `carquery db upgrade` first.
        StoreRefused: it does not let us in, and waiting would change nothing.
    """
    outage, pause = outage_of(engine), SHORTEST_PAUSE
    while not stop.is_set():
        try:
            await prepare_database(engine)
        except StoreRefused:
            raise
        except StoreUnavailable as away:
            outage.failed(str(away), AWAY_AT_START, of=TABLES)
        else:
            outage.worked(of=TABLES)
            return True
        await paused(stop, at_most=timedelta(seconds=pause))
        pause = min(pause * 2, LONGEST_PAUSE)
    return False


async def work_until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Work; from `stop` on, the work has `DRAIN_SECONDS` to end by itself, then it is cut short."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        async with asyncio.timeout(DRAIN_SECONDS):
            await working
    except TimeoutError:
        log.warning("drain_cut_short", seconds=DRAIN_SECONDS)
    finally:
        stopping.cancel()
