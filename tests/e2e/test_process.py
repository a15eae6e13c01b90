"""The bot as a process: start, signals, and what it says when it can't."""

import json
import os
import re
import signal
from pathlib import Path

import aiohttp
import pytest

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import JOURNEYS, SEND, give, walk_to, walk_to_summary
from tests.e2e.processes import a_process, ended, environment, logged, started, terminated
from tests.patience import waiting_for


async def test_the_bot_registers_its_commands_and_drains_on_sigterm(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    async with a_process("bot", env=environment(telegram, tmp_path), folder=tmp_path, is_fresh=True) as process:
        await started(telegram)
        await walk_to_summary(anna, "callback")
        await give(anna, f"[{SEND}]")

        code, log = await terminated(process)

    assert code == 0
    assert "bot_stopped" in log
    assert telegram.queue == []
    commands = telegram.calls_of("setMyCommands")[0].params["commands"]
    assert [command["command"] for command in commands] == ["start", "menu", "cancel", "status", "help", "privacy"]


async def test_what_is_in_hand_at_sigterm_is_finished(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    async with a_process("bot", env=environment(telegram, tmp_path), folder=tmp_path) as process:
        await started(telegram)
        telegram.fail("sendMessage", how="delay", seconds=0.5)
        await anna.send_text("/start sell")
        await telegram.wait_for(lambda: any(call.method == "sendMessage" for call in telegram.calls))

        code, _ = await terminated(process)

    assert code == 0
    assert "Шаг 1 из 8" in anna.chat.last_message.text
    assert telegram.queue == []


@pytest.mark.redis
async def test_a_killed_bot_loses_no_update_and_no_dialog(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path, redis_url: str
) -> None:
    env = environment(telegram, tmp_path, REDIS_URL=redis_url)
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        await walk_to(anna, "legal", "name")
        process.kill()
        await process.wait()
    await anna.send_text("Анна")

    async with a_process("bot", env=env, folder=tmp_path) as process:
        assert "Шаг 4 из 5" in (await anna.reply()).message.text
        for _, answer in JOURNEYS["legal"][3:]:
            await give(anna, answer)
        assert "принята" in (await give(anna, f"[{SEND}]")).message.text
        await terminated(process)


async def test_a_lead_can_be_followed_through_the_log_and_looked_at_while_the_bot_runs(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    env = environment(telegram, tmp_path)
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        await walk_to_summary(anna, "callback")
        receipt = (await give(anna, f"[{SEND}]")).message.text
        lines = [json.loads(line) for line in await logged(process, "lead_delivered")]
        reference = receipt.split()[2]
        listed = await ended("leads", "list", env=env, folder=tmp_path)
        shown = await ended("leads", "show", reference.lower(), "--json", env=env, folder=tmp_path)
        await terminated(process)

    of_the_lead = [line for line in lines if "reference" in line]
    assert [line["event"] for line in of_the_lead] == ["update_handled", "lead_delivered"]
    assert all(line["reference"] == reference for line in of_the_lead)
    assert of_the_lead[0]["customer"] == f"telegram:{anna.id}"
    assert len({line["replica"] for line in lines}) == 1
    assert listed[0] == shown[0] == 0
    assert reference in listed[1]
    assert '"phone": "+79161234567"' in shown[1]


async def test_the_playground_is_served_until_ctrl_c(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"]}
    async with a_process("play", "--no-browser", "--port", "0", env=env, folder=tmp_path, is_fresh=True) as process:
        assert process.stdout is not None
        async with waiting_for("the address of the page"):
            said = (await process.stdout.readline()).decode()
        [address] = re.findall(r"http://\S+", said)
        async with aiohttp.ClientSession() as http, http.get(address) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        async with waiting_for("the playground to end"):
            _, log = await process.communicate()

    assert (process.returncode, log) == (0, b"")


async def test_a_second_bot_on_one_sqlite_file_is_refused(telegram: TelegramEmulator, tmp_path: Path) -> None:
    env = environment(telegram, tmp_path)
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)

        code, _, complaint = await ended("bot", env=env, folder=tmp_path)
        await terminated(process)

    assert code == 1
    assert "carquery.db is in use by another bot process" in complaint


async def test_wrong_settings_are_all_named(telegram: TelegramEmulator, tmp_path: Path) -> None:
    env = environment(telegram, tmp_path, TELEGRAM_BOT_TOKEN="nonsense", DIALOG_TTL="soon", REDIS_URL="localhost")

    code, _, complaints = await ended("bot", env=env, folder=tmp_path)

    assert code == 2
    assert [line.partition(":")[0] for line in complaints.splitlines()] == [
        "REDIS_URL",
        "DIALOG_TTL",
        "TELEGRAM_BOT_TOKEN",
    ]
    assert all("expected: " in line for line in complaints.splitlines())
    assert "nonsense" not in complaints


async def test_a_token_that_telegram_refuses_ends_the_bot(telegram: TelegramEmulator, tmp_path: Path) -> None:
    env = environment(telegram, tmp_path, TELEGRAM_BOT_TOKEN="123456:OTHER")

    code, _, complaint = await ended("bot", env=env, folder=tmp_path)

    assert code == 1
    assert "TELEGRAM_BOT_TOKEN: Telegram refuses it" in complaint


async def test_stores_that_are_away_at_the_start_are_waited_for(telegram: TelegramEmulator, tmp_path: Path) -> None:
    """One line each, and SIGTERM ends the waiting."""
    nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0", "DATABASE_URL": "postgresql://carquery@127.0.0.1:1/carquery"}
    env = environment(telegram, tmp_path, **nowhere)
    async with a_process("bot", env=env, folder=tmp_path) as process:
        assert process.stderr is not None
        lines: list[dict[str, str]] = []
        while {"redis_away", "database_away"} - {line["event"] for line in lines}:
            lines.append(json.loads(await process.stderr.readline()))
        code, _ = await terminated(process)

    assert code == 0
    assert all(
        line["remedy"].startswith(("REDIS_URL: ", "DATABASE_URL: ")) for line in lines if "away" in line["event"]
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("leads", "list"), 1, "carquery db upgrade"),
        (("leads", "show", "CQ-000000"), 1, "carquery db upgrade"),
        (("leads", "show", "nonsense"), 2, "«nonsense» is no reference"),
        (("leads", "list", "--status", "lost"), 2, "expected: pending"),
        (("nonsense",), 2, "No such command"),
        (("--help",), 0, "Commands"),
    ],
)
async def test_commands_end_with_their_codes(
    telegram: TelegramEmulator, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ended_with, out, err = await ended(*arguments, env=environment(telegram, tmp_path), folder=tmp_path)

    assert ended_with == code
    assert words in out + err


async def test_an_upgraded_database_has_no_leads_yet(telegram: TelegramEmulator, tmp_path: Path) -> None:
    env = environment(telegram, tmp_path)
    upgraded = await ended("db", "upgrade", env=env, folder=tmp_path, is_fresh=True)
    assert upgraded[0] == 0

    listed = await ended("leads", "list", env=env, folder=tmp_path, is_fresh=True)
    missing = await ended("leads", "show", "CQ-000000", env=env, folder=tmp_path, is_fresh=True)

    assert (listed[0], listed[2].strip()) == (0, "No leads.")
    assert (missing[0], "there is no such lead" in missing[2]) == (1, True)
