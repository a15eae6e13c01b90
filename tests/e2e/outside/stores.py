"""Redis, PostgreSQL and the SQLite file."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from dishka import Provider, Scope, provide
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import open_engine
from carquery.entrypoints.settings.settings import Settings
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import SEND, give, walk_to_summary
from tests.e2e.outside.thing import Network, OutsideThing
from tests.e2e.outside.ways import LOCKED, READ_ONLY, Way
from tests.e2e.running_bot import RunningBot
from tests.patience import eventually
from tests.postgres_databases import a_postgres_database
from tests.switch import a_switch


@asynccontextmanager
async def redis(telegram: TelegramEmulator, request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    address = urlsplit(request.getfixturevalue("redis_url"))
    async with a_switch(address.port or 6379) as switch:
        there = f"redis://127.0.0.1:{switch.port}{address.path}"
        thing = OutsideThing("redis", Network(switch), telegram, {"redis_url": there})
        thing.asks = thing.greets
        yield thing


@asynccontextmanager
async def postgres(telegram: TelegramEmulator, request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    async with a_postgres_database(request.getfixturevalue("postgres_url")) as url:
        address = urlsplit(url)
        async with a_switch(address.port or 5432) as switch:
            there = url.replace(f":{address.port}/", f":{switch.port}/") + "?sslmode=disable"
            thing = OutsideThing("database", Network(switch), telegram, {"database_url": there})
            thing.asks = thing.greets
            yield thing


class SqliteFile(Provider):
    """A file that another program holds, or that may not be written."""

    scope = Scope.APP

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._other = sqlite3.connect(path, isolation_level=None, timeout=0)
        self._is_read_only = False

    async def fail(self, way: Way) -> None:
        if way is LOCKED:
            await eventually(self._is_locked)  # the bot, in this thread, must be able to finish what it writes
        self._is_read_only = way is READ_ONLY

    def _is_locked(self) -> bool:
        with suppress(sqlite3.OperationalError):
            self._other.execute("BEGIN IMMEDIATE")
        return self._other.in_transaction

    async def heal(self) -> None:
        if self._other.in_transaction:
            self._other.rollback()
        self._is_read_only = False

    def close(self) -> None:
        self._other.close()

    @provide(override=True)
    async def engine(self, settings: Settings) -> AsyncIterator[AsyncEngine]:
        async with open_engine(settings.database_url.get_secret_value()) as engine:
            event.listen(engine.sync_engine, "checkout", self._prepare)
            yield engine

    def _prepare(self, connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 100")
        cursor.execute(f"PRAGMA query_only = {int(self._is_read_only)}")
        cursor.close()


@asynccontextmanager
async def sqlite(telegram: TelegramEmulator, request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    url: str = request.getfixturevalue("database_url")
    file = SqliteFile(Path(url.removeprefix("sqlite:///")))
    thing = OutsideThing("database", file, telegram, providers=(file,), asks_first=True)
    sending: list[Customer] = []

    async def asks(_bot: RunningBot) -> None:
        sending.append(customer := thing.newcomer())
        await walk_to_summary(customer, "callback")
        await customer.press(SEND)
        assert "Ваши ответы сохранены" in (await customer.reply()).text

    async def works(bot: RunningBot) -> None:
        while sending:
            sent = await give(sending.pop(), f"[{SEND}]")
            assert (await bot.leads())[0].reference in sent.message.text

    thing.asks, thing.works = asks, works
    yield thing
    file.close()
