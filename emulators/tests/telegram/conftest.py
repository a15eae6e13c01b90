"""One Telegram and one bot per test; the bot is aiogram's, over a real socket."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiohttp import ClientSession

from carquery_emulators.telegram import Customer, TelegramEmulator
from emulators.tests.telegram.doubles import ManualClock, connected_bot


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def telegram(clock: ManualClock) -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(clock=clock, delay_scale=0.0) as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    async with connected_bot(telegram) as bot:
        yield bot


@pytest.fixture
async def http(telegram: TelegramEmulator) -> AsyncIterator[ClientSession]:
    """A plain client, for what aiogram would not send."""
    async with ClientSession(telegram.base_url) as http:
        yield http


@pytest.fixture
def anna(telegram: TelegramEmulator) -> Customer:
    return telegram.customer(501, "Анна", "Смирнова", "anna_s", phone="+79161234567")
