"""From the chat into amoCRM, and back to the admin chat when something is wrong there."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.admin_chat import told
from tests.e2e.journeys import SEND, give, walk_to, walk_to_summary
from tests.e2e.processes import a_process, ended, environment, environment_with, logged, started, terminated
from tests.patience import eventually


@pytest.fixture
async def amocrm() -> AsyncIterator[AmoCrmEmulator]:
    async with AmoCrmEmulator() as amocrm:
        yield amocrm


def with_oauth(telegram: TelegramEmulator, amocrm: AmoCrmEmulator, folder: Path) -> dict[str, str]:
    env = environment_with(
        telegram,
        amocrm,
        folder,
        AMOCRM_CLIENT_ID="client-id",
        AMOCRM_CLIENT_SECRET="client-secret",
        AMOCRM_REDIRECT_URI="https://example.org/amocrm",
        SECRET_KEY="a key that nobody guesses",
    )
    del env["AMOCRM_LONG_LIVED_TOKEN"]
    return env


async def send_lead(anna: Customer, service: str = "callback") -> str:
    """Fill the form; the reference."""
    await walk_to_summary(anna, service)
    return (await give(anna, f"[{SEND}]")).message.text.split()[2]


async def test_a_form_with_photos_stands_in_amocrm_moments_later(
    telegram: TelegramEmulator, amocrm: AmoCrmEmulator, anna: Customer, tmp_path: Path
) -> None:
    async with a_process("bot", env=environment_with(telegram, amocrm, tmp_path), folder=tmp_path) as process:
        await started(telegram)
        await walk_to(anna, "sell", "photos")
        for _ in range(2):
            await anna.send_photo()
            await anna.reply()
        for answer in ("[Готово (2)]", "Анна", "+7 916 123-45-67", "[Пропустить]"):
            await give(anna, answer)
        reference = (await give(anna, f"[{SEND}]")).message.text.split()[2]
        await eventually(lambda: amocrm.world.counts()["files"] == 2)
        await eventually(lambda: bool(told(telegram)))
        await terminated(process)

    assert amocrm.world.counts() == {"contacts": 1, "leads": 1, "notes": 1, "tasks": 1, "files": 2}
    (deal,) = amocrm.world.leads.values()
    assert reference in deal.name
    [announced] = told(telegram)
    assert reference in announced


async def test_a_sent_request_is_corrected_and_cancelled_and_its_manager_sees_it(
    telegram: TelegramEmulator, amocrm: AmoCrmEmulator, anna: Customer, tmp_path: Path
) -> None:
    async with a_process("bot", env=environment_with(telegram, amocrm, tmp_path), folder=tmp_path) as process:
        await started(telegram)
        reference = await send_lead(anna)
        await eventually(lambda: amocrm.world.counts()["tasks"] == 1)

        assert reference in (await give(anna, "/status")).message.text
        await give(anna, f"[{reference} · Обратный звонок]")
        await give(anna, "[✏️ Исправить]")
        await give(anna, "[Телефон]")
        await give(anna, "8 903 555-01-01")
        assert reference in (await give(anna, "[✅ Сохранить]")).message.text
        await eventually(lambda: amocrm.world.counts()["notes"] == 2)

        await give(anna, "отмените заявку")
        await give(anna, "[Да, отменить]")
        await eventually(lambda: amocrm.world.counts()["tasks"] == 2)
        assert "отменена" in (await give(anna, "мои заявки")).message.text
        await terminated(process)

    assert amocrm.world.counts() == {"contacts": 1, "leads": 1, "notes": 3, "tasks": 2, "files": 0}
    (contact,) = amocrm.world.contacts.values()
    assert contact.phones[-1] == "+79035550101"
    assert len(contact.phones) == 2
    assert [note.text.split("\n")[0].split()[1] for note in amocrm.world.notes.values()][1:] == ["исправил", "отменил"]


async def test_the_log_holds_no_token_and_no_personal_data(
    telegram: TelegramEmulator, amocrm: AmoCrmEmulator, anna: Customer, tmp_path: Path
) -> None:
    env = environment_with(telegram, amocrm, tmp_path, LOG_LEVEL="DEBUG")
    amocrm.faults.add("500", method="GET", path="/contacts$")
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        await send_lead(anna)
        await eventually(lambda: bool(told(telegram)))
        _, log = await terminated(process)

    for secret in ("9161234567", "916 123", "Анна", telegram.token, env["AMOCRM_LONG_LIVED_TOKEN"]):
        assert secret not in log


async def test_what_amocrm_refuses_is_told_with_a_command_that_delivers_once_it_is_set_right(
    telegram: TelegramEmulator, amocrm: AmoCrmEmulator, anna: Customer, tmp_path: Path
) -> None:
    amocrm.faults.poison("Позвонить", "400 plain")
    env = environment_with(telegram, amocrm, tmp_path)
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        reference = await send_lead(anna)
        await eventually(lambda: bool(told(telegram)))
        await terminated(process)

    (alert,) = told(telegram)
    assert reference in alert
    assert f"carquery leads resubmit {reference}" in alert
    assert amocrm.world.counts()["tasks"] == 0

    amocrm.faults.clear()
    code, out, _ = await ended("leads", "resubmit", reference, "--yes", "--json", env=env, folder=tmp_path)

    assert code == 0, out
    json.loads(out)
    assert amocrm.world.counts() == {"contacts": 1, "leads": 1, "notes": 1, "tasks": 1, "files": 0}


async def test_leads_wait_for_a_lost_authorisation_and_a_login_delivers_them(
    telegram: TelegramEmulator, amocrm: AmoCrmEmulator, anna: Customer, tmp_path: Path
) -> None:
    env = with_oauth(telegram, amocrm, tmp_path)
    first = await ended("amocrm", "login", "--code", amocrm.code(), env=env, folder=tmp_path, is_fresh=True)
    assert first[0] == 0, first
    amocrm.revoke_tokens()
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        reference = await send_lead(anna)
        await eventually(lambda: bool(told(telegram)))

        (alert,) = told(telegram)
        assert "carquery amocrm login --code" in alert
        shown = await ended("leads", "show", reference, "--json", env=env, folder=tmp_path)
        assert json.loads(shown[1])["attempts"] == 0
        assert json.loads(shown[1])["status"] == "pending"

        again = await ended("amocrm", "login", "--code", amocrm.code(), env=env, folder=tmp_path)
        assert again[0] == 0, again
        await eventually(lambda: amocrm.world.counts()["tasks"] == 1)
        await terminated(process)

    assert amocrm.world.counts()["leads"] == 1
    assert [text for text in told(telegram) if reference not in text] == [alert]  # the lead may be announced as well


async def test_tokens_are_not_readable_in_the_database(
    telegram: TelegramEmulator, amocrm: AmoCrmEmulator, tmp_path: Path
) -> None:
    env = with_oauth(telegram, amocrm, tmp_path)
    await ended("amocrm", "login", "--code", amocrm.code(), env=env, folder=tmp_path)

    stored = (tmp_path / "carquery.db").read_bytes()

    assert b"def502" not in stored
    assert b"fernet:" in stored


async def test_a_worker_delivers_beside_a_bot_and_drains_on_sigterm(
    telegram: TelegramEmulator, amocrm: AmoCrmEmulator, anna: Customer, tmp_path: Path
) -> None:
    env = environment_with(telegram, amocrm, tmp_path)
    nowhere = {name: value for name, value in env.items() if not name.startswith("AMOCRM_")}
    async with (
        a_process("bot", env=nowhere, folder=tmp_path) as bot,
        a_process("worker", env=env, folder=tmp_path) as worker,
    ):
        await started(telegram)
        await send_lead(anna)
        await eventually(lambda: amocrm.world.counts()["tasks"] == 1)

        code, log = await terminated(worker)
        _, bot_log = await terminated(bot)

    assert code == 0
    assert "worker_stopped" in log
    assert "no_crm" in bot_log


async def test_a_worker_needs_no_redis(telegram: TelegramEmulator, tmp_path: Path) -> None:
    env = environment(telegram, tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
    async with a_process("worker", env=env, folder=tmp_path, is_fresh=True) as worker:
        await logged(worker, "worker_started")

        assert (await terminated(worker))[0] == 0


async def test_a_worker_without_a_crm_says_what_to_set(telegram: TelegramEmulator, tmp_path: Path) -> None:
    env = environment(telegram, tmp_path, AMOCRM_MOCK_MODE="false")

    code, _, complaint = await ended("worker", env=env, folder=tmp_path)

    assert code == 2
    assert "AMOCRM_LONG_LIVED_TOKEN" in complaint
