"""Rings the bells when any process has stored a lead or an alert (PostgreSQL's LISTEN and NOTIFY)."""

import asyncio
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.application.ports.alerts import AlertBell
from carquery.application.ports.environment import Bell

log = structlog.get_logger(__name__)

LEADS: Final = "carquery_leads"
ALERTS: Final = "carquery_alerts"
CHECK_SECONDS: Final = 10.0
"""A connection that a firewall forgot stays silent for ever: it is asked now and then."""
SHORTEST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0


class Demoted(Exception):
    """What we listen to takes no more writes: leads are stored elsewhere."""


def ringing(channel: str) -> ColumnElement[str]:
    """As a column of PostgreSQL: `ring`, for each row."""
    return func.pg_notify(channel, "")


async def ring(connection: AsyncConnection, channel: str) -> None:
    """Ring wherever somebody listens, as soon as this transaction is committed."""
    if connection.dialect.name != "sqlite":
        await connection.execute(select(ringing(channel)))


class LeadListener:
    """Keeps one connection of the pool to listen on. SQLite has no such thing; there, the clock alone wakes."""

    def __init__(self, engine: AsyncEngine, bell: Bell, alert_bell: AlertBell) -> None:
        self._engine = engine
        self._bells: dict[str, Bell] = {LEADS: bell, ALERTS: alert_bell}

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set; a lost connection is opened again."""
        if self._engine.dialect.name == "sqlite":
            return
        losses = _losses()
        pause = SHORTEST_PAUSE
        while not stop.is_set():
            try:
                async with self._engine.connect() as connection:
                    pause = SHORTEST_PAUSE
                    await self._listen(connection, stop)
            except losses as lost:
                log.debug("lead_listener_lost", cause=type(lost).__name__, again_in_seconds=pause)
                await _first_of(stop, seconds=pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self, connection: AsyncConnection, stop: asyncio.Event) -> None:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        lost = asyncio.Event()
        driver.add_termination_listener(lambda _: lost.set())
        try:
            await _takes_writes(driver)
            for channel, bell in self._bells.items():
                await driver.add_listener(channel, self._ring)
                bell.ring()  # something may have been stored before
            while not stop.is_set():
                await _first_of(stop, lost, seconds=CHECK_SECONDS)
                await _takes_writes(driver)
        finally:
            await connection.invalidate()  # the pool must not hand out a connection that listens

    def _ring(self, _connection: object, _process: int, channel: str, _words: object) -> None:
        self._bells[channel].ring()


def _losses() -> tuple[type[Exception], ...]:
    """How a connection is lost; the driver's errors come both through SQLAlchemy and past it."""
    from asyncpg import InterfaceError, InternalClientError, PostgresError  # imported here: SQLite does without it

    return Demoted, OSError, SQLAlchemyError, PostgresError, InterfaceError, InternalClientError


async def _takes_writes(driver: Any) -> None:  # noqa: ANN401  # SQLAlchemy does not know its type
    """Raises Demoted."""
    if await driver.fetchval("SHOW transaction_read_only", timeout=CHECK_SECONDS) == "on":
        raise Demoted


async def _first_of(*events: asyncio.Event, seconds: float) -> None:
    """Return when one of them is set, or after that time."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waiting:
            wait.cancel()
