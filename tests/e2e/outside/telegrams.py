"""Telegram, as it is reached."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from dishka import Provider, Scope

from carquery.adapters.telegram.updates.polling import PollTimes
from carquery_emulators.telegram import TelegramEmulator
from tests.e2e.outside.thing import Network, OutsideThing
from tests.patience import slowness
from tests.proxies import Kind, a_proxy
from tests.switch import a_switch


def _impatient() -> Provider:
    """Asks Telegram for updates for a second, not for half a minute."""
    provider = Provider(scope=Scope.APP)
    times = PollTimes(wait=1, answer=math.ceil(slowness()))
    provider.provide(lambda: times, provides=PollTimes, override=True)
    return provider


@asynccontextmanager
async def direct(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    async with a_switch(urlsplit(telegram.base_url).port or 0) as switch:
        there = {"telegram_api_base": f"http://127.0.0.1:{switch.port}"}
        yield OutsideThing("telegram", Network(switch), telegram, there, (_impatient(),))


@asynccontextmanager
async def _proxied(telegram: TelegramEmulator, kind: Kind) -> AsyncIterator[OutsideThing]:
    async with a_proxy(kind, asks_password=True) as proxy, a_switch(proxy.port) as switch:
        there = {"telegram_proxy": proxy.url(switch.port)}
        yield OutsideThing("telegram", Network(switch), telegram, there, (_impatient(),))


@asynccontextmanager
async def socks5(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    async with _proxied(telegram, "socks5") as thing:
        yield thing


@asynccontextmanager
async def http(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    async with _proxied(telegram, "http") as thing:
        yield thing
