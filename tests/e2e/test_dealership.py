"""A dealership in its own words: what its file tells is what customers read."""

import signal
from pathlib import Path

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import give
from tests.e2e.processes import a_process, ended, environment, logged, started, terminated

FILE = """
[dealership]
greeting = "Добрый день! Это «{name}»."
legal_name = "ООО «Северный ветер Авто»"
services = ["buy", "sell"]

[forms.sell]
button = "Сдать машину"
prompts = {{ car_brand = "Что за машина?" }}
"""


def told(folder: Path, name: str) -> None:
    """A file beside `.env`."""
    (folder / "dealership.toml").write_text(FILE.format(name=name), "utf-8")


async def test_customers_read_the_dealership_s_own_words(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    told(tmp_path, "Северный ветер")
    env = environment(telegram, tmp_path, PRIVACY_POLICY_URL="https://auto.example/policy")
    async with a_process("bot", env=env, folder=tmp_path) as process:
        await started(telegram)

        assert (await give(anna, "/start")).message.text.startswith("Добрый день! Это «Северный ветер». Выберите")
        assert anna.chat.last_message.labels == ["🛒 Купить авто", "Сдать машину", "💬 Задать вопрос"]
        assert "Что за машина?" in (await give(anna, "[Сдать машину]")).message.text
        for answer in ("Kia Rio", "2019", "80 тыс", "900 тыс", "[Пропустить]"):
            reply = await give(anna, answer)
        assert "я даю оператору (ООО «Северный ветер Авто») согласие" in reply.message.text

        await terminated(process)


async def test_a_changed_file_is_read_again_at_sighup_and_a_wrong_one_changes_nothing(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    told(tmp_path, "Ветер")
    async with a_process("bot", env=environment(telegram, tmp_path), folder=tmp_path) as process:
        await started(telegram)
        told(tmp_path, "Буря")
        process.send_signal(signal.SIGHUP)
        await logged(process, "dealership_file_read")
        assert "Это «Буря»." in (await give(anna, "/start")).message.text

        (tmp_path / "dealership.toml").write_text("[dealership]\nhours = 'всегда'\n", "utf-8")
        process.send_signal(signal.SIGHUP)
        (*_, line) = await logged(process, "dealership_file_wrong")
        assert "[dealership] hours: «всегда» is not days and hours; expected: such as пн-пт" in line
        assert "Это «Буря»." in (await give(anna, "/menu")).message.text

        await terminated(process)


async def test_a_mistake_in_the_file_stops_the_start_with_one_line(telegram: TelegramEmulator, tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("[dealership]\ngreting = 'Привет'\nsite = 'auto'\n", "utf-8")
    env = environment(telegram, tmp_path, DEALERSHIP_FILE="house.toml")

    code, _, err = await ended("bot", env=env, folder=tmp_path)

    assert code == 2
    assert err.splitlines() == [
        "DEALERSHIP_FILE: house.toml: [dealership] site: not the address of a page; expected: https://…",
        "DEALERSHIP_FILE: house.toml: [dealership] greting: there is no such key; expected: greeting?",
    ]
