"""A Telegram of its own for each test, the bot on its embedded default, and stores that a test may stop."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.running_bot import RunningBot, running_bot
from tests.servers import PostgresServer, RedisServer
from tests.sqlite_files import a_sqlite_database


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(delay_scale=0) as telegram:
        yield telegram


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Of a bot that was there before; one that begins with nothing is for `test_process.py`."""
    return a_sqlite_database(tmp_path)


@pytest.fixture
async def bot(telegram: TelegramEmulator, database_url: str) -> AsyncIterator[RunningBot]:
    async with running_bot(telegram, database_url=database_url) as bot:
        yield bot


@pytest.fixture
def anna(telegram: TelegramEmulator) -> Customer:
    """A customer whose profile name is no name, so that nothing is suggested."""
    return telegram.customer(7_001, "<3", phone="+79161234567")


@pytest.fixture
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that a test may stop and start."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis that a test may stop and start, and that keeps what it was told meanwhile."""
    server = RedisServer(persistent=True)
    server.start()
    yield server
    server.remove()
