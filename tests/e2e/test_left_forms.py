"""A form that was left outlives the process that served it, and who left it is reminded once, if they let us."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.tables import drafts
from carquery.adapters.telegram.channel import customer_of_user
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import SEND, give, walk_to
from tests.e2e.processes import a_process, environment, started, terminated
from tests.e2e.running_bot import running_bot
from tests.patience import eventually

FILE = """
[dealership]
hours = "ежедневно 0:00-24:00"

[follow_up]
reminder_after = 30
"""
GO_ON = "Вы остановились на шаге 4 из 8. Продолжить?"
REMINDED = "Вы начали заявку и остановились на шаге 4 из 8."


@pytest.fixture
def reminding(tmp_path: Path) -> dict[str, Any]:
    """Settings of a dealership that reminds after half an hour, day and night."""
    file = tmp_path / "dealership.toml"
    file.write_text(FILE, "utf-8")
    return {"dealership_file": file}


async def grows_older(database_url: str, by: timedelta) -> None:
    """Whatever was left was left so much earlier."""
    async with open_engine(database_url) as engine, engine.begin() as connection:
        for row in (await connection.execute(drafts.select())).all():
            aged = update(drafts).where(drafts.c.dialog == row.dialog).values(touched_at=row.touched_at - by)
            await connection.execute(aged)


async def test_a_form_outlives_the_process_that_served_it(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    """Dialogs live in the process here; the database has what was answered when it is told to end."""
    env = environment(telegram, tmp_path)
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        await walk_to(anna, "sell", "price")
        await terminated(process)

    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)
        assert GO_ON in (await give(anna, "/start")).message.text
        assert "Шаг 4 из 8" in (await give(anna, "[Продолжить]")).message.text
        for answer in ("900 тыс", "[Пропустить]", "Анна", "8 916 123-45-67", "[Пропустить]"):
            reply = await give(anna, answer)
        assert "Toyota Camry" in reply.message.text
        assert "принята" in (await give(anna, f"[{SEND}]")).message.text
        await terminated(process)


async def test_who_left_a_form_is_reminded_once_and_goes_on(
    telegram: TelegramEmulator, anna: Customer, database_url: str, reminding: dict[str, Any]
) -> None:
    async with running_bot(telegram, database_url=database_url):
        await walk_to(anna, "sell", "price")
    await grows_older(database_url, timedelta(hours=1))

    async with running_bot(telegram, database_url=database_url, **reminding):
        await eventually(_reads(anna, REMINDED))
        assert "Шаг 4 из 8" in (await give(anna, "[Продолжить]")).message.text
    await grows_older(database_url, timedelta(hours=1))

    async with running_bot(telegram, database_url=database_url, **reminding):
        assert GO_ON in (await give(anna, "/start")).message.text
    assert sum(REMINDED in message.text for message in anna.chat.bot_messages) <= 1


async def test_who_has_blocked_the_bot_is_not_written_to(
    telegram: TelegramEmulator, anna: Customer, database_url: str, reminding: dict[str, Any]
) -> None:
    boris = telegram.customer(7_002, "Борис")
    async with running_bot(telegram, database_url=database_url):
        for customer in (anna, boris):
            await walk_to(customer, "sell", "price")
        await anna.block()
        await eventually(lambda: telegram.queue == [])
    await grows_older(database_url, timedelta(hours=1))
    before = len(telegram.calls_of("sendMessage"))

    async with running_bot(telegram, database_url=database_url, **reminding):
        await eventually(_reads(boris, REMINDED))

    chats = [call.params["chat_id"] for call in telegram.calls_of("sendMessage")[before:]]
    assert {int(str(chat)) for chat in chats} == {boris.id}


async def test_who_wants_no_reminders_says_so_with_one_press(
    telegram: TelegramEmulator, anna: Customer, database_url: str, reminding: dict[str, Any]
) -> None:
    async with running_bot(telegram, database_url=database_url):
        await walk_to(anna, "sell", "price")
    await grows_older(database_url, timedelta(hours=1))

    async with running_bot(telegram, database_url=database_url, **reminding):
        await eventually(_reads(anna, REMINDED))
        answered = await give(anna, "[Не напоминать]")

    assert "больше не напомним" in answered.message.text
    assert answered.message.labels == []


async def test_a_form_with_a_number_becomes_a_lead_and_its_customer_may_still_go_on(
    telegram: TelegramEmulator, anna: Customer, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "dealership.toml"
    file.write_text("[follow_up]\nunfinished_lead_after = 24", "utf-8")
    async with running_bot(telegram, database_url=database_url):
        await walk_to(anna, "sell", "comment")
    await grows_older(database_url, timedelta(hours=25))

    async with running_bot(telegram, database_url=database_url, dealership_file=file) as bot:

        async def is_made() -> bool:
            return len(await bot.leads()) == 1

        await eventually(is_made)
        lead = await bot.delivered_lead()
        assert (lead.is_unfinished, lead.customer) == (True, customer_of_user(anna.id))
        assert "Вы остановились на шаге 8 из 8. Продолжить?" in (await give(anna, "/start")).message.text


def _reads(customer: Customer, text: str) -> Callable[[], bool]:
    return lambda: any(text in message.text for message in customer.chat.bot_messages)
