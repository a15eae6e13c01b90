"""Each outside thing × each way to fail × at the start and in mid-work.

The process lives, says one line when the thing goes and one when it is back, and works again by itself.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from carquery.emulators.telegram import Customer, TelegramEmulator
from tests.conftest import a_postgres_database
from tests.e2e.journeys import give
from tests.e2e.running_bot import running_bot
from tests.patience import eventually
from tests.proxies import Kind, a_proxy
from tests.switch import Line, Switch, a_switch

TABLE: Final = "Outside things × ways to fail: what the log says / does it work again by itself"
PAGE: Final = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<h1>nginx</h1>\r\n"
NONSENSE: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull"
SIGN_IN: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\n<html>\n"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to fail."""

    name: str
    line: Line
    words: bytes = b""


REFUSES: Final = Way("refuses", Line.REFUSES)
HANGS: Final = Way("hangs", Line.HANGS)
RESETS: Final = Way("resets", Line.CUTS)
HTTP: Final = (REFUSES, RESETS, Way("502 page", Line.SAYS, PAGE), Way("nonsense", Line.SAYS, NONSENSE))
STORE: Final = (REFUSES, HANGS, RESETS, Way("nonsense", Line.SAYS, SIGN_IN))


@dataclass(slots=True)
class Thing:
    """An outside thing behind a switch.

    Attributes:
        event: what its lines in the log begin with.
        settings: of a bot that reaches it through the switch.
        asks: what makes the bot use it; None: it does by itself.
    """

    event: str
    switch: Switch
    telegram: TelegramEmulator
    settings: dict[str, Any]
    asks: Callable[[], Awaitable[object]] | None = None
    database_url: str = ""
    _newcomer: int = field(default=30_000)

    def newcomer(self) -> Customer:
        """Somebody whom the bot has to look up."""
        self._newcomer += 1
        return self.telegram.customer(self._newcomer, "<3")

    async def is_used_well(self) -> None:
        """A customer gets what they came for."""

        async def is_answered() -> bool:
            return "Продать авто" in str((await give(self.newcomer(), "/start")).message.labels)

        await eventually(is_answered)


@asynccontextmanager
async def direct(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[Thing]:
    async with a_switch(urlsplit(telegram.base_url).port or 0) as switch:
        yield Thing("telegram", switch, telegram, {"telegram_api_base": f"http://127.0.0.1:{switch.port}"})


@asynccontextmanager
async def _proxied(telegram: TelegramEmulator, kind: Kind) -> AsyncIterator[Thing]:
    async with a_proxy(kind, asks_password=True) as proxy, a_switch(proxy.port) as switch:
        yield Thing("telegram", switch, telegram, {"telegram_proxy": proxy.url(switch.port)})


@asynccontextmanager
async def socks5(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[Thing]:
    async with _proxied(telegram, "socks5") as thing:
        yield thing


@asynccontextmanager
async def http(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[Thing]:
    async with _proxied(telegram, "http") as thing:
        yield thing


@asynccontextmanager
async def redis(telegram: TelegramEmulator, request: pytest.FixtureRequest) -> AsyncIterator[Thing]:
    address = urlsplit(request.getfixturevalue("redis_url"))
    async with a_switch(address.port or 6379) as switch:
        there = f"redis://127.0.0.1:{switch.port}{address.path}"
        thing = Thing("redis", switch, telegram, {"redis_url": there})
        thing.asks = lambda: give(thing.newcomer(), "/start")
        yield thing


@asynccontextmanager
async def postgres(telegram: TelegramEmulator, request: pytest.FixtureRequest) -> AsyncIterator[Thing]:
    async with a_postgres_database(request.getfixturevalue("postgres_url")) as url:
        address = urlsplit(url)
        async with a_switch(address.port or 5432) as switch:
            thing = Thing("database", switch, telegram, {})
            thing.database_url = url.replace(f":{address.port}/", f":{switch.port}/")
            thing.asks = lambda: give(thing.newcomer(), "/start")
            yield thing


DENIES_SOCKS: Final = Way("denied", Line.SAYS, b"\x05\xff")
DENIES_HTTP: Final = Way("denied", Line.SAYS, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")

THINGS: Final = (
    pytest.param("Telegram", direct, HTTP, id="Telegram"),
    pytest.param("Telegram via socks5", socks5, (*HTTP, DENIES_SOCKS), id="socks5"),
    pytest.param("Telegram via http", http, (*HTTP, DENIES_HTTP), id="http"),
    pytest.param("Redis", redis, STORE, id="Redis", marks=pytest.mark.redis),
    pytest.param("PostgreSQL", postgres, STORE, id="PostgreSQL", marks=pytest.mark.postgres),
)


@pytest.mark.parametrize(("name", "opened", "ways"), THINGS)
async def test_whatever_fails_outside_the_bot_lives_and_works_again(
    request: pytest.FixtureRequest,
    telegram: TelegramEmulator,
    database_url: str,
    record_property: Callable[[str, object], None],
    name: str,
    opened: Callable[..., Any],
    ways: tuple[Way, ...],
) -> None:
    seen: dict[tuple[str, str], str] = {}

    async with opened(telegram, request) as thing:
        settings = {"database_url": thing.database_url or database_url, **thing.settings}
        for way in ways:
            async with AsyncExitStack() as running:
                with capture_logs() as logs:
                    await thing.switch.set(way.line, way.words)
                    await running.enter_async_context(running_bot(telegram, **settings))
                    seen[way.name, "at the start"] = await _healed(thing, logs, None)
                with capture_logs() as logs:
                    await thing.switch.set(way.line, way.words)
                    seen[way.name, "in mid-work"] = await _healed(thing, logs, thing.asks)

    for (way_name, when), outcome in seen.items():
        record_property("cell", (TABLE, f"{name}, {when}", way_name, outcome))
    assert set(seen.values()) == {"1 line/yes"}, seen


async def _healed(thing: Thing, logs: list[EventDict], asks: Callable[[], Awaitable[object]] | None) -> str:
    """Wait until the fault was said, end it, and see what the log has in all."""
    if asks is not None:
        await asks()

    def is_away() -> bool:
        return _lines(thing, logs) != []

    await eventually(is_away, instead=lambda: str(logs))
    await thing.switch.set(Line.PASSES)
    await thing.is_used_well()

    def is_back() -> bool:
        return _lines(thing, logs)[-1] == f"{thing.event}_back"

    await eventually(is_back, instead=lambda: str(logs))
    lines = _lines(thing, logs)
    wrong = [line for line in logs if line["log_level"] in {"error", "critical"}]
    return "1 line/yes" if lines == [f"{thing.event}_away", f"{thing.event}_back"] and not wrong else f"{lines} {wrong}"


def _lines(thing: Thing, logs: list[EventDict]) -> list[str]:
    return [line["event"] for line in logs if line["event"] in {f"{thing.event}_away", f"{thing.event}_back"}]
