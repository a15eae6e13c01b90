"""A Telegram of its own for each test, and the bot on its embedded default."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.running_bot import RunningBot, running_bot


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(delay_scale=0) as telegram:
        yield telegram


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/carquery.db"


@pytest.fixture
async def bot(telegram: TelegramEmulator, database_url: str) -> AsyncIterator[RunningBot]:
    async with running_bot(telegram, database_url=database_url) as bot:
        yield bot


@pytest.fixture
def anna(telegram: TelegramEmulator) -> Customer:
    """A customer whose profile name is no name, so that nothing is suggested."""
    return telegram.customer(7_001, "<3", phone="+79161234567")
