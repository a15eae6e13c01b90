"""`/health`, `/ready` and `/metrics` of a bot that runs, over HTTP."""

import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from dishka import Provider, Scope
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.schema import is_current
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.methods import DeleteWebhook
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.alerts import Alerts, ContactToErase, CrmClosed
from carquery.application.ports.environment import Clock
from carquery.domain.effects import CrmId
from carquery.domain.reason import Reason
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.builders import NOW
from tests.e2e.admin_chat import ADMIN_CHAT
from tests.e2e.journeys import SEND, give, walk_to_summary
from tests.e2e.processes import a_process, environment, started
from tests.e2e.running_bot import RunningBot, running_bot
from tests.patience import eventually, waiting_for
from tests.ports import free_port, listening
from tests.servers import RedisServer
from tests.sqlite_files import a_sqlite_database

NOWHERE = "http://127.0.0.1:1"


class Observer:
    """An orchestrator, or Prometheus."""

    def __init__(self, http: aiohttp.ClientSession, port: int) -> None:
        self._http = http
        self._address = f"http://127.0.0.1:{port}"

    async def health(self) -> int:
        async with self._http.get(f"{self._address}/health") as answer:
            return answer.status

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """Asked again while the machine is so starved that a check ran out of its time."""
        async with waiting_for("/ready, with an answer of each check"):
            while True:
                async with self._http.get(f"{self._address}/ready") as answer:
                    status, body = answer.status, await answer.json()
                if "no answer within" not in str(body):
                    return status, body

    async def metrics(self) -> dict[str, float]:
        """Each sample, by name and labels."""
        async with self._http.get(f"{self._address}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        samples = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in samples}


def at(clock: Clock) -> Provider:
    """Whatever looks at the time looks at this clock."""
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: clock, provides=Clock, override=True)
    return provider


@asynccontextmanager
async def observed(
    telegram: TelegramEmulator, folder: Path, *providers: Provider, **settings: Any
) -> AsyncIterator[tuple[RunningBot, Observer]]:
    port = free_port()
    url = a_sqlite_database(folder)
    async with (
        aiohttp.ClientSession() as http,
        running_bot(telegram, *providers, database_url=url, health_check_port=port, **settings) as bot,
    ):
        await listening(port)
        engine = await bot.container.get(AsyncEngine)
        await eventually(lambda: is_current(engine))  # it answers before it has made its tables
        yield bot, Observer(http, port)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(delay_scale=0) as telegram:
        yield telegram


@pytest.fixture
def anna(telegram: TelegramEmulator) -> Customer:
    return telegram.customer(7_001, "<3", phone="+79161234567")


async def test_a_bot_that_has_all_it_needs_is_ready(telegram: TelegramEmulator, tmp_path: Path) -> None:
    async with observed(telegram, tmp_path) as (_, observer):
        status, body = await observer.ready()

        assert (status, body["status"]) == (200, "ok")
        assert set(body["checks"]) == {"database", "migrations", "telegram", "updates", "amocrm", "outbox", "alerts"}
        assert all(check["ok"] and check["latency_ms"] >= 0 for check in body["checks"].values())
        keys = {"what", "says", "is_ok", "remedy", "latency_ms", "ok", "needed"}
        assert all(check.keys() == keys for check in body["checks"].values())
        assert await observer.health() == 200


async def test_without_telegram_it_is_alive_and_after_three_looks_not_ready(
    telegram: TelegramEmulator, tmp_path: Path
) -> None:
    telegram.fail("getMe", how="500", times=None)
    clock = SettableClock(NOW)
    async with observed(telegram, tmp_path, at(clock)) as (_, observer):
        seen = []
        for _look in range(3):
            status, body = await observer.ready()
            seen.append((status, body["status"], body["checks"]["telegram"]["ok"]))
            clock.pass_time(timedelta(seconds=6))

        assert seen == [(200, "degraded", False), (200, "degraded", False), (503, "failed", False)]
        assert await observer.health() == 200


async def test_staff_that_cannot_be_told_is_shown_as_a_figure(telegram: TelegramEmulator, tmp_path: Path) -> None:
    telegram.group(ADMIN_CHAT)
    telegram.fail("sendMessage", how="blocked", times=None)
    clock = SettableClock(NOW)
    async with observed(telegram, tmp_path, at(clock), admin_chat_id=ADMIN_CHAT) as (bot, observer):
        await telegram.wait_for(lambda: bool(telegram.calls_of("setMyCommands")))  # it works, and its tables are there
        alerts: Alerts = await bot.container.get(Alerts)
        await alerts.tell(ContactToErase((CrmId(77),)))
        await alerts.tell(CrmClosed(Reason("HTTP 403")))
        outbox: AlertOutbox = await bot.container.get(AlertOutbox)

        async def is_noted_why() -> bool:
            return bool((await outbox.figures()).because)

        await eventually(is_noted_why)
        _, at_once = await observer.ready()
        clock.pass_time(timedelta(minutes=5, seconds=1))
        status, body = await observer.ready()
        metrics = await observer.metrics()

    assert at_once["checks"]["alerts"]["ok"]
    assert (status, body["status"], body["checks"]["alerts"]["needed"]) == (200, "degraded", False)
    assert body["checks"]["alerts"]["says"].startswith("2 not said yet, the oldest for 301 s: Telegram: Forbidden")
    assert (metrics["carquery_alerts_waiting"], metrics["carquery_alerts_oldest_seconds"]) == (2, 301)


async def test_who_polls_in_vain_is_degraded(telegram: TelegramEmulator, tmp_path: Path) -> None:
    telegram.fail("getUpdates", how="500", times=None)
    clock = SettableClock(NOW)
    async with observed(telegram, tmp_path, at(clock)) as (_, observer):
        _, before = await observer.ready()
        clock.pass_time(timedelta(seconds=91))
        status, body = await observer.ready()

        assert before["checks"]["updates"]["ok"]
        assert (status, body["status"]) == (200, "degraded")
        assert body["checks"]["updates"]["says"].startswith("Telegram gave none for 91 s")


async def test_whose_webhook_was_taken_away_is_degraded(telegram: TelegramEmulator, tmp_path: Path) -> None:
    port = free_port()
    door = {
        "webhook_url": f"http://127.0.0.1:{port}/telegram",
        "webhook_secret": "only-we-and-telegram-know",
        "webhook_port": port,
    }
    clock = SettableClock(NOW)
    async with observed(telegram, tmp_path, at(clock), bot_mode="webhook", **door) as (bot, observer):
        await telegram.wait_for(lambda: bool(telegram.calls_of("setWebhook")))
        clock.pass_time(timedelta(seconds=60))
        _, before = await observer.ready()
        api = await bot.container.get(BotApi)
        await api(DeleteWebhook())
        clock.pass_time(timedelta(seconds=60))
        _, body = await observer.ready()

        assert (before["checks"]["updates"]["says"], body["status"]) == (
            "Telegram brings them, 0 wait",
            "degraded",
        )
        assert "took the webhook away" in body["checks"]["updates"]["says"]


async def test_with_other_tables_it_is_not_ready(telegram: TelegramEmulator, tmp_path: Path) -> None:
    async with observed(telegram, tmp_path) as (bot, observer):
        engine = await bot.container.get(AsyncEngine)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

        status, body = await observer.ready()

        assert (status, body["checks"]["migrations"]["ok"]) == (503, False)
        assert "carquery db upgrade" in body["checks"]["migrations"]["says"]


async def test_newer_tables_take_no_replica_out_before_it_is_replaced(
    telegram: TelegramEmulator, tmp_path: Path
) -> None:
    async with observed(telegram, tmp_path) as (bot, observer):
        engine = await bot.container.get(AsyncEngine)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

        status, body = await observer.ready()

        assert (status, body["checks"]["migrations"]["ok"]) == (200, True)


async def test_with_amocrm_away_it_still_takes_leads(telegram: TelegramEmulator, tmp_path: Path) -> None:
    async with observed(telegram, tmp_path, amocrm_mock_mode=False) as (_, observer):
        status, body = await observer.ready()

        assert (status, body["status"], body["checks"]["amocrm"]["ok"]) == (200, "degraded", False)


@pytest.mark.redis
async def test_redis_is_looked_at_where_there_is_one(
    telegram: TelegramEmulator, tmp_path: Path, redis_url: str
) -> None:
    async with observed(telegram, tmp_path, redis_url=redis_url) as (_, observer):
        _, body = await observer.ready()

        assert body["checks"]["redis"]["ok"]


@pytest.mark.redis
@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [("maxmemory-policy", "allkeys-lru", "maxmemory-policy noeviction"), ("save", "", "appendonly yes")],
)
async def test_a_redis_that_may_forget_is_degraded(
    telegram: TelegramEmulator, tmp_path: Path, setting: str, value: str, says: str
) -> None:
    server = RedisServer()
    try:
        server.start()
        async with Redis.from_url(server.url) as redis:
            await redis.config_set(setting, value)
        async with observed(telegram, tmp_path, redis_url=server.url) as (_, observer):
            status, body = await observer.ready()
    finally:
        server.remove()

    assert (status, body["status"]) == (200, "degraded")
    assert says in body["checks"]["redis_keeps"]["says"]


async def test_what_is_said_shows_no_address_and_no_token(telegram: TelegramEmulator, tmp_path: Path) -> None:
    telegram.fail("getMe", how="401", times=None)
    async with observed(telegram, tmp_path) as (_, observer):
        _, body = await observer.ready()

        assert not re.search(r"://|\d{6,}:|sqlite:", str(body))


async def test_a_lead_is_counted_on_its_whole_way(telegram: TelegramEmulator, tmp_path: Path, anna: Customer) -> None:
    async with observed(telegram, tmp_path) as (bot, observer):
        await walk_to_summary(anna, "callback")
        await give(anna, f"[{SEND}]")
        await bot.delivered_lead()
        samples = await observer.metrics()

    assert samples['carquery_leads{service="callback",status="delivered"}'] == 1
    assert samples['carquery_deliveries_total{outcome="delivered"}'] == 1
    assert samples['carquery_dialog_steps_total{form="callback",step="phone"}'] == 1
    assert samples['carquery_screens_total{screen="Receipt"}'] == 1
    assert samples['carquery_updates_total{channel="telegram",kind="callback_query",outcome="handled"}'] >= 1
    assert samples['carquery_update_seconds_count{channel="telegram",kind="message"}'] >= 2
    assert samples["carquery_outbox_leads"] == 0
    assert samples['carquery_dependency_up{dependency="telegram"}'] == 1
    assert samples["process_resident_memory_bytes"] > 1_000_000


async def test_free_text_is_counted(telegram: TelegramEmulator, tmp_path: Path, anna: Customer) -> None:
    async with observed(telegram, tmp_path) as (_, observer):
        await anna.send_text("продаю камри 2018")
        await anna.reply()
        samples = await observer.metrics()

    assert samples['carquery_ai_calls_total{model="rules",outcome="answered"}'] == 1
    assert samples['carquery_ai_cost_usd_total{model="rules"}'] == 0


async def test_metrics_name_no_customer(telegram: TelegramEmulator, tmp_path: Path, anna: Customer) -> None:
    async with observed(telegram, tmp_path) as (_, observer):
        await walk_to_summary(anna, "callback")
        samples = await observer.metrics()

    assert not any(str(anna.id) in name or "Анна" in name or "7916" in name for name in samples)


async def test_a_port_that_is_taken_stops_no_customer(
    telegram: TelegramEmulator, tmp_path: Path, anna: Customer
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        async with running_bot(telegram, database_url=f"sqlite:///{tmp_path}/carquery.db", health_check_port=taken):
            await anna.send_text("/start sell")

            assert "Шаг 1 из 8" in (await anna.reply()).message.text


async def test_while_it_drains_it_is_alive_and_not_ready(
    telegram: TelegramEmulator, tmp_path: Path, anna: Customer
) -> None:
    port = free_port()
    env = environment(telegram, tmp_path, HEALTH_CHECK_PORT=str(port))
    async with aiohttp.ClientSession() as http, a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        await listening(port)
        telegram.fail("sendMessage", how="delay", seconds=86_400)
        await anna.send_text("/start sell")
        await telegram.wait_for(lambda: bool(telegram.calls_of("sendMessage")))

        process.send_signal(signal.SIGTERM)
        observer, status, body = Observer(http, port), 200, {"status": ""}
        async with waiting_for("/ready to say that it stops"):
            while status == 200:
                status, body = await observer.ready()

        assert (status, body["status"]) == (503, "stopping")
        assert await observer.health() == 200
        telegram.heal()
        assert await process.wait() == 0


async def test_the_first_failure_is_an_increase(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """What appears with a 1 is none for Prometheus."""
    async with observed(telegram, tmp_path) as (_, observer):
        samples = await observer.metrics()

    assert samples['carquery_updates_total{channel="telegram",kind="message",outcome="failed"}'] == 0
    assert samples['carquery_amocrm_requests_total{status="lost"}'] == 0
