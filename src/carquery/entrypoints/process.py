"""A long-running process: it prepares, works until it is told to stop, and finishes what is in hand."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.schema import Tables, tables, upgrade, usable

log = structlog.get_logger(__name__)

DRAIN_SECONDS: Final = 25.0
"""How long what is in hand may take to finish after SIGTERM."""


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def prepare_database(engine: AsyncEngine) -> None:
    """Upgrade the embedded database; a PostgreSQL is upgraded by a person. Newer tables are worked beside.

    Raises:
        SchemaOutdated: run `carquery db upgrade` first, or a newer version.
        StoreUnavailable: the database can't be used.
    """
    found = await tables(engine)
    if found is Tables.OLDER and engine.dialect.name == "sqlite":
        await upgrade(engine)
    elif await usable(engine) is Tables.NEWER:
        log.warning("tables_are_newer", remedy="they only have more than this version knows; replace it soon")


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
