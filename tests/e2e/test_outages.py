"""Each outside thing × each way to fail × at the start and in mid-work.

The process lives, says one line when the thing goes and one when it is back, and works again by itself; or it ends with
one line, where waiting would change nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Final

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from carquery.adapters.messenger.way_in import TokenRefused
from carquery.adapters.redis.refused import RedisRefused
from carquery.application.ports.stores import StoreRefused
from carquery_emulators.telegram import TelegramEmulator
from tests.e2e.outside import services, stores, telegrams
from tests.e2e.outside import ways as fails
from tests.e2e.outside.thing import Opened, OutsideThing
from tests.e2e.outside.ways import MID_WORK, START, Way
from tests.e2e.running_bot import RunningBot, running_bot
from tests.e2e.webhooks import post, webhook_bot, written
from tests.patience import eventually, waiting_for
from tests.ports import free_port

TABLE: Final = "Outside things × ways to fail: what the log says / does it work again by itself"
LIVES: Final = "1 line/yes"
ENDS: Final = "ends, 1 line"
SLOW: Final = "in time"
"""What stands in the line of a store that answers late, as a busy machine's may once it is back."""

Record = Callable[[str, object], None]

THINGS: Final = (
    pytest.param("Telegram", telegrams.direct, (*fails.HTTP, fails.NO_TOKEN), id="Telegram"),
    pytest.param("Telegram via socks5", telegrams.socks5, (fails.REFUSES, fails.NO_SOCKS), id="socks5"),
    pytest.param("Telegram via http", telegrams.http, (fails.REFUSES, fails.NO_PROXY), id="http"),
    pytest.param("Redis", stores.redis, (*fails.STORE, fails.NO_REDIS), id="Redis", marks=pytest.mark.redis),
    pytest.param(
        "PostgreSQL",
        stores.postgres,
        (*fails.STORE, fails.NO_POSTGRES),
        id="PostgreSQL",
        marks=pytest.mark.postgres,
    ),
    pytest.param("SQLite file", stores.sqlite, (fails.LOCKED, fails.READ_ONLY), id="SQLite"),
    pytest.param(
        "amoCRM",
        services.amocrm,
        (*fails.HTTP, fails.NO_LOGIN, fails.BLOCKED, fails.UNPAID),
        id="amoCRM",
    ),
    pytest.param(
        "OpenAI",
        services.openai,
        (*fails.HTTP, fails.NO_KEY, fails.BLOCKED, fails.UNPAID),
        id="OpenAI",
    ),
)
"""Whatever else a proxy does is Telegram that is away: `tests/adapters/telegram/test_transport.py`."""


@pytest.mark.parametrize(("name", "opened", "ways"), THINGS)
async def test_whatever_fails_outside_the_bot_lives_and_works_again(
    request: pytest.FixtureRequest,
    telegram: TelegramEmulator,
    database_url: str,
    record_property: Record,
    name: str,
    opened: Opened,
    ways: tuple[Way, ...],
) -> None:
    seen: dict[tuple[str, str], str] = {}

    async with opened(telegram, request) as thing:
        settings = {"database_url": database_url, **thing.settings}
        for way in ways:
            for when in sorted(way.ends):
                seen[way.name, when] = await _ended(thing, way, when, settings)
            if MID_WORK in way.ends:
                continue
            async with AsyncExitStack() as running:
                with capture_logs() as logs:
                    if START not in way.ends:
                        await thing.between.fail(way)
                    bot = await running.enter_async_context(running_bot(thing.telegram, *thing.providers, **settings))
                    if START not in way.ends:
                        seen[way.name, START] = await _healed(
                            thing, bot, logs, thing.asks if thing.asks_first else None
                        )
                await thing.is_used_well(bot)
                with capture_logs() as logs:
                    await thing.between.fail(way)
                    seen[way.name, MID_WORK] = await _healed(thing, bot, logs, thing.asks)
        if thing.ended_well is not None:
            await thing.ended_well()

    _record(record_property, name, seen)
    expected = {(way.name, when): ENDS if when in way.ends else LIVES for way in ways for when in (START, MID_WORK)}
    assert seen == expected


async def test_whatever_comes_to_the_webhook_it_takes_updates(
    telegram: TelegramEmulator, database_url: str, record_property: Record
) -> None:
    """Twenty at a time. That a caller hangs up, or never ends, is no news."""
    seen: dict[tuple[str, str], str] = {}
    updates = iter(range(1, 100))

    async def is_served(port: int) -> bool:
        return await post(port, written("/help", update_id=next(updates))) == 200

    telegram.customer(7_100, "<3")
    for when in (START, MID_WORK):
        port = free_port()
        async with AsyncExitStack() as running:
            await running.enter_async_context(webhook_bot(telegram, database_url, port))
            if when is MID_WORK:
                assert await is_served(port)
            for way, (come, event) in CALLERS.items():
                with capture_logs() as logs:
                    for _ in range(20):
                        await come(port, running)
                    is_well = await is_served(port)
                count = [line["event"] for line in logs].count(event)
                bad = [line for line in logs if line["log_level"] in {"error", "critical"}]
                seen[way, when] = f"{count} line{'s' if count != 1 else ''}/{'yes' if is_well and not bad else bad}"

    _record(record_property, "Webhook's caller", seen)
    expected = {way: "0 lines/yes" if way == "half requests" else LIVES for way in CALLERS}
    assert seen == {(way, when): outcome for way, outcome in expected.items() for when in (START, MID_WORK)}


async def _nonsense(port: int, _running: AsyncExitStack) -> None:
    assert await post(port, b"{") == 400


async def _stranger(port: int, _running: AsyncExitStack) -> None:
    assert await post(port, written("/start", update_id=1_000), {}) == 401


async def _half(port: int, running: AsyncExitStack) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    running.callback(writer.close)
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Le")
    await writer.drain()


CALLERS: Final[dict[str, tuple[Callable[[int, AsyncExitStack], Awaitable[None]], str]]] = {
    "nonsense": (_nonsense, "webhook_nonsense"),
    "wrong secret": (_stranger, "webhook_strangers"),
    "half requests": (_half, "webhook_nonsense"),
}


async def _ended(thing: OutsideThing, way: Way, when: str, settings: dict[str, Any]) -> str:
    """Wait until the process has ended for it, and see what that says."""
    with capture_logs() as logs, pytest.raises((TokenRefused, StoreRefused, RedisRefused)) as refused:
        await _runs(thing, way, when, settings)
    await thing.between.heal()
    lines = str(refused.value).splitlines()
    wrong = [line for line in logs if line["log_level"] in {"error", "critical"}]
    return ENDS if len(lines) == 1 and not wrong else f"{lines} {wrong}"


async def _runs(thing: OutsideThing, way: Way, when: str, settings: dict[str, Any]) -> None:
    if when == START:
        await thing.between.fail(way)
    async with running_bot(thing.telegram, *thing.providers, **settings) as bot:
        if when == MID_WORK:
            await thing.is_used_well(bot)
            await thing.between.fail(way)
        async with waiting_for("the process to end"):
            await asyncio.wait([bot.serving])


async def _healed(
    thing: OutsideThing,
    bot: RunningBot,
    logs: list[EventDict],
    asks: Callable[[RunningBot], Awaitable[object]] | None,
) -> str:
    """Wait until the fault was said, end it, and see what the log has in all."""
    if asks is not None:
        await asks(bot)

    def is_away() -> bool:
        return _lines(thing, logs) != []

    await eventually(is_away, instead=lambda: str(logs))
    await thing.between.heal()
    await thing.is_used_well(bot)

    def is_back() -> bool:
        return _lines(thing, logs)[-1] == f"{thing.event}_back"

    await eventually(is_back, instead=lambda: str(logs))
    wrong = [line for line in logs if line["log_level"] in {"error", "critical"}]
    outages = [str(line["reason"]) for line in logs if line["event"] == f"{thing.event}_away"]
    again = [reason for reason in outages[1:] if SLOW not in reason]
    return LIVES if not again and not wrong else f"{len(outages)} lines, {outages} {wrong}"


def _lines(thing: OutsideThing, logs: list[EventDict]) -> list[str]:
    return [line["event"] for line in logs if line["event"] in {f"{thing.event}_away", f"{thing.event}_back"}]


def _record(record_property: Record, name: str, seen: dict[tuple[str, str], str]) -> None:
    for (way, when), outcome in seen.items():
        record_property("cell", (TABLE, f"{name}, {when}", way, outcome))
