"""`carquery config check`: what is set, from where, and whether it works."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.alert_outbox import SqlAlertOutbox
from carquery.adapters.sql.engine import open_engine
from carquery.application.ports.alerts import ContactToErase, CrmClosed
from carquery.domain.effects import CrmId
from carquery.domain.reason import Reason
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.builders import NOW
from tests.e2e.admin_chat import ADMIN_CHAT
from tests.entrypoints.command_line import Ended, carquery, carquery_afresh
from tests.keyword_brain import keyword_brain
from tests.servers import RedisServer
from tests.sqlite_files import a_sqlite_database

NOWHERE = "http://127.0.0.1:1"
KEYS = {"what", "says", "is_ok", "remedy", "latency_ms"}


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(delay_scale=0) as telegram:
        telegram.group(ADMIN_CHAT)
        yield telegram


async def checked(folder: Path, telegram: TelegramEmulator, *arguments: str, **environment: str) -> Ended:
    """With a token and an address that are right, and what the test sets."""
    given = known(telegram) | environment
    return await asyncio.to_thread(carquery, folder, "config", "check", *arguments, **given)


def known(telegram: TelegramEmulator) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE": telegram.base_url, "AMOCRM_MOCK_MODE": "true"}


def found(ended: Ended) -> dict[str, Any]:
    """The findings, by what was tried."""
    return {finding["what"]: finding for finding in json.loads(ended.stdout)["findings"]}


def settings(ended: Ended) -> dict[str, tuple[str, str]]:
    """Value and origin of each variable."""
    return {one["name"]: (one["value"], one["origin"]) for one in json.loads(ended.stdout)["settings"]}


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_bot_that_could_start_is_fine(tmp_path: Path, telegram: TelegramEmulator) -> None:
    ended = await checked(tmp_path, telegram, "--json", ADMIN_CHAT_ID=str(ADMIN_CHAT))

    assert ended.returncode == 0
    assert found(ended)["Telegram"]["is_ok"]
    assert found(ended)["admin chat"]["is_ok"]
    assert not any(finding["is_ok"] is False for finding in found(ended).values())
    assert all(finding.keys() == KEYS and finding["latency_ms"] >= 0 for finding in found(ended).values())


async def test_only_problems_are_shown_if_that_is_wanted(tmp_path: Path, telegram: TelegramEmulator) -> None:
    fine = await checked(tmp_path, telegram, "--only-problems")
    wrong = await checked(tmp_path, telegram, "--only-problems", DIALOG_TTL="soon")

    assert (fine.returncode, fine.stdout, fine.stderr) == (0, "", "Nothing is wrong.\n")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("DIALOG_TTL: ")
    assert wrong.stderr.count("\n") == 1


async def test_alerts_that_nobody_has_read_are_named_with_since_when_and_why(
    tmp_path: Path, telegram: TelegramEmulator
) -> None:
    async with open_engine(a_sqlite_database(tmp_path)) as engine:
        outbox = SqlAlertOutbox(engine, SettableClock(NOW))
        for alert in (ContactToErase((CrmId(77),)), CrmClosed(Reason("HTTP 402")), CrmClosed(Reason("HTTP 403"))):
            await outbox.add(alert)
        taken = await outbox.take(lease_for=timedelta(seconds=30))
        assert taken is not None
        await outbox.pause(taken, for_=timedelta(minutes=1), because="Telegram: bot was kicked")

    ended = await checked(
        tmp_path, telegram, "--json", ADMIN_CHAT_ID=str(ADMIN_CHAT), DATABASE_URL=f"sqlite:///{tmp_path}/carquery.db"
    )

    waiting = found(ended)["alerts"]
    assert (ended.returncode, waiting["is_ok"]) == (0, None)
    assert waiting["says"] == (
        f"3 alerts wait since {NOW:%Y-%m-%d %H:%M} UTC because Telegram: bot was kicked: "
        "contact to erase, crm closed (2)"
    )
    assert "ADMIN_CHAT_ID" in waiting["remedy"]


async def test_a_group_that_became_a_supergroup_is_said_with_its_new_id(
    tmp_path: Path, telegram: TelegramEmulator
) -> None:
    group = telegram.group(-1_000)
    group.becomes(telegram.group(ADMIN_CHAT))

    ended = await checked(tmp_path, telegram, "--json", ADMIN_CHAT_ID=str(group.id))

    assert (found(ended)["admin chat"]["is_ok"], found(ended)["admin chat"]["remedy"]) == (
        None,
        f"ADMIN_CHAT_ID={ADMIN_CHAT}",
    )


@pytest.mark.parametrize(
    ("environment", "what", "remedy"),
    [
        ({"TELEGRAM_API_BASE": NOWHERE}, "Telegram", "TELEGRAM_API_BASE"),
        ({"TELEGRAM_BOT_TOKEN": "1:wrong"}, "Telegram", "TELEGRAM_BOT_TOKEN"),
        ({"DATABASE_URL": "postgresql://cq:s3cret@127.0.0.1:1/x"}, "database", "DATABASE_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "Redis", "REDIS_URL"),
        ({"OPENAI_API_KEY": "sk-1234567890", "OPENAI_BASE_URL": f"{NOWHERE}/v1"}, "OpenAI: gpt-4o", "OPENAI_BASE_URL"),
        (
            {"AMOCRM_MOCK_MODE": "", "AMOCRM_BASE_URL": NOWHERE, "AMOCRM_LONG_LIVED_TOKEN": "eyJ0.e.x"},
            "amoCRM",
            "carquery amocrm check",
        ),
    ],
    ids=["Telegram away", "wrong token", "database", "Redis", "OpenAI", "amoCRM"],
)
async def test_what_does_not_work_is_named_with_what_to_do(
    tmp_path: Path, telegram: TelegramEmulator, environment: dict[str, str], what: str, remedy: str
) -> None:
    ended = await checked(tmp_path, telegram, "--json", **environment)

    assert ended.returncode == 1
    assert found(ended)[what]["is_ok"] is False
    assert remedy in found(ended)[what]["remedy"]
    for secret in ("s3cret", "sk-1234567890", "eyJ0.e.x"):
        assert secret not in ended.stdout + ended.stderr


@pytest.mark.redis
async def test_a_redis_that_forbids_questions_is_no_fault(
    tmp_path: Path, telegram: TelegramEmulator, redis_url: str
) -> None:
    """As hosted ones do."""
    async with Redis.from_url(redis_url) as redis:
        await redis.acl_setuser(
            "hosted", enabled=True, passwords=["+pass"], keys=["*"], categories=["+@all"], commands=["-config", "-info"]
        )
    hosted = redis_url.replace("redis://", "redis://hosted:pass@")

    ended = await checked(tmp_path, telegram, "--json", REDIS_URL=hosted)

    assert (ended.returncode, found(ended)["Redis"]["is_ok"]) == (0, None)


@pytest.mark.redis
async def test_a_redis_that_throws_dialogs_away_is_wrong(tmp_path: Path, telegram: TelegramEmulator) -> None:
    server = RedisServer()
    try:
        server.start()
        async with Redis.from_url(server.url) as redis:
            await redis.config_set("maxmemory-policy", "allkeys-lru")

        ended = await checked(tmp_path, telegram, "--json", REDIS_URL=server.url)
    finally:
        server.remove()

    assert (ended.returncode, found(ended)["Redis"]["is_ok"]) == (1, False)
    assert "maxmemory-policy noeviction" in found(ended)["Redis"]["remedy"]


async def test_an_empty_file_gives_no_value(tmp_path: Path, telegram: TelegramEmulator) -> None:
    (tmp_path / "key").write_text("\n")

    ended = await checked(tmp_path, telegram, "--json", OPENAI_API_KEY_FILE=str(tmp_path / "key"))

    assert settings(ended)["OPENAI_API_KEY"] == ("", "default")


async def test_each_value_is_shown_with_where_it_came_from(tmp_path: Path, telegram: TelegramEmulator) -> None:
    (tmp_path / ".env").write_text("DIALOG_TTL=60\n")
    (tmp_path / "key").write_text("sk-from-a-file\n")
    async with OpenAiEmulator(keyword_brain, api_key="sk-from-a-file") as openai:
        ended = await checked(
            tmp_path,
            telegram,
            "--json",
            OPENAI_API_KEY_FILE=str(tmp_path / "key"),
            OPENAI_BASE_URL=openai.base_url,
        )

    known = settings(ended)
    assert known["DIALOG_TTL"] == ("60", ".env")
    assert known["OPENAI_API_KEY"] == ("••••", "file")
    assert known["TELEGRAM_BOT_TOKEN"] == ("••••", "environment")
    assert known["LOG_LEVEL"] == ("INFO", "default")
    assert found(ended)["OpenAI: gpt-4o-mini"]["is_ok"]


async def test_what_is_wrong_is_said_once_more_at_the_end(tmp_path: Path, telegram: TelegramEmulator) -> None:
    ended = await checked(tmp_path, telegram, DIALOG_TTL="soon", LOG_LEVEL="LOUD", REDIS_URL="redis://127.0.0.1:1/0")

    assert ended.returncode == 1
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()] == ["DIALOG_TTL", "LOG_LEVEL", "Redis"]


async def test_what_is_wrong_hides_nothing_else(tmp_path: Path, telegram: TelegramEmulator) -> None:
    wrong = {"TELEGRAM_BOT_TOKEN": "", "BOT_MODE": "webhook", "OPENAI_BASE_URL": "http://llm.dealer.ru/s3cret"}

    ended = await checked(tmp_path, telegram, "--json", **wrong, LOG_LEVEL="DEBUG")

    assert ended.returncode == 1
    assert settings(ended)["LOG_LEVEL"] == ("DEBUG", "environment")
    assert settings(ended)["OPENAI_BASE_URL"] == ("", "environment")
    known = found(ended)
    for name in ("TELEGRAM_BOT_TOKEN, MAX_BOT_TOKEN", "WEBHOOK_URL, WEBHOOK_SECRET", "OPENAI_BASE_URL"):
        assert known[name]["is_ok"] is False
    assert "Telegram" not in known
    assert known["amoCRM"]["says"] == "the in-memory one"
    assert "s3cret" not in ended.stdout


async def test_a_bot_that_can_deliver_nothing_is_wrong(tmp_path: Path, telegram: TelegramEmulator) -> None:
    ended = await checked(tmp_path, telegram, "--json", AMOCRM_MOCK_MODE="")

    assert ended.returncode == 1
    assert found(ended)["amoCRM"]["is_ok"] is False
    assert "AMOCRM_LONG_LIVED_TOKEN" in found(ended)["amoCRM"]["remedy"]


async def test_looking_leaves_nothing_behind(tmp_path: Path, telegram: TelegramEmulator) -> None:
    ended = await checked(tmp_path, telegram, "--json")

    assert ended.returncode == 0
    assert found(ended)["database"]["is_ok"] is None
    assert f"no database yet at {tmp_path}/carquery.db" in found(ended)["database"]["says"]
    assert files_in(tmp_path) == {}


async def test_a_database_that_is_there_is_only_looked_at(tmp_path: Path, telegram: TelegramEmulator) -> None:
    await asyncio.to_thread(carquery, tmp_path, "db", "upgrade")
    before = files_in(tmp_path)

    ended = await checked(tmp_path, telegram, "--json")

    assert found(ended)["database"]["says"] == "sqlite, tables of this version"
    assert list(before) == ["carquery.db"]
    assert files_in(tmp_path) == before


async def test_a_person_reads_tables(tmp_path: Path, telegram: TelegramEmulator) -> None:
    ended = await asyncio.to_thread(carquery_afresh, tmp_path, "config", "check", **known(telegram))

    assert ended.returncode == 0
    for word in ("Settings", "Tried", "Telegram", "note", "the in-memory one"):
        assert word in ended.stdout


async def test_polling_where_a_webhook_is_set_is_wrong(tmp_path: Path, telegram: TelegramEmulator) -> None:
    address = f"{telegram.base_url}/bot{telegram.token}/setWebhook"
    async with aiohttp.ClientSession() as http, http.post(address, json={"url": f"{NOWHERE}/"}) as answer:
        assert answer.status == 200

    ended = await checked(tmp_path, telegram, "--json")

    assert ended.returncode == 1
    assert "--delete-webhook" in found(ended)["webhook"]["remedy"]


async def test_a_webhook_that_is_not_set_yet_is_no_fault(tmp_path: Path, telegram: TelegramEmulator) -> None:
    door = {"BOT_MODE": "webhook", "WEBHOOK_URL": "https://bot.dealer.ru/", "WEBHOOK_SECRET": "0123456789abcdef"}

    ended = await checked(tmp_path, telegram, "--json", **door)

    assert ended.returncode == 0
    assert found(ended)["webhook"]["is_ok"] is None
    assert settings(ended)["WEBHOOK_SECRET"][0] != door["WEBHOOK_SECRET"]


async def test_reminders_want_hours(telegram: TelegramEmulator, tmp_path: Path) -> None:
    file = tmp_path / "dealership.toml"
    file.write_text("[follow_up]\nreminder_after = 60\n", "utf-8")

    without = found(await checked(tmp_path, telegram, "--json"))
    file.write_text('[dealership]\nhours = "пн-пт 9:00-20:00"\n\n[follow_up]\nreminder_after = 60\n', "utf-8")
    with_hours = found(await checked(tmp_path, telegram, "--json"))

    assert without["reminders"]["remedy"] == "[dealership] hours"
    assert "reminders" not in with_hours
