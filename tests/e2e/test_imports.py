"""What a bot imports before it serves its first customers: what its settings need, and no more.

The interpreter itself writes each import to stderr (PYTHONPROFILEIMPORTTIME).
"""

import re
from pathlib import Path
from typing import Final

import pytest

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade
from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.max import BOUNDLESS, MaxEmulator
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import Writer, walk_to_summary
from tests.e2e.processes import a_process, environment, environment_with, logged, terminated
from tests.postgres_databases import a_postgres_database

IMPORTED: Final = re.compile(r"^import time:.*\|\s+([\w.]+)$", re.MULTILINE)

FOR_LATER: Final = {"aiogram", "alembic", "cryptography.hazmat", "openai", "python_socks"}
"""Something to migrate and to seal; a key; a proxy. The first one is for tests alone."""


async def imported_by_a_bot(anna: Writer[object], env: dict[str, str], folder: Path) -> set[str]:
    """The modules that it has, when a customer has come to the summary of a form."""
    async with a_process("bot", env={**env, "PYTHONPROFILEIMPORTTIME": "1"}, folder=folder, is_fresh=True) as process:
        lines = await logged(process, "bot_started")
        await walk_to_summary(anna, "callback")
        code, rest = await terminated(process)
    assert code == 0
    return set(IMPORTED.findall("".join(lines) + rest))


async def test_a_bot_on_the_embedded_default_imports_no_server_s_client(
    telegram: TelegramEmulator, anna: Customer, database_url: str, tmp_path: Path
) -> None:
    async with open_engine(database_url) as engine:
        await upgrade(engine)

    imported = await imported_by_a_bot(anna, environment(telegram, tmp_path), tmp_path)

    assert {"aiosqlite", "sqlalchemy"} <= imported
    assert imported & (FOR_LATER | {"asyncpg", "hiredis", "redis", "carquery.adapters.max"}) == set()


async def test_a_bot_in_max_alone_imports_nothing_of_telegram(database_url: str, tmp_path: Path) -> None:
    async with open_engine(database_url) as engine:
        await upgrade(engine)
    async with MaxEmulator("max-token", rates=BOUNDLESS) as max_:
        env = environment(None, tmp_path, MAX_BOT_TOKEN=max_.token, MAX_API_BASE=max_.base_url)

        imported = await imported_by_a_bot(max_.customer(501, "<3"), env, tmp_path)

    assert "carquery.adapters.max" in imported
    assert imported & (FOR_LATER | {"carquery.adapters.telegram"}) == set()


@pytest.mark.redis
@pytest.mark.postgres
async def test_a_bot_on_servers_imports_no_embedded_database(
    telegram: TelegramEmulator, anna: Customer, postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    async with a_postgres_database(postgres_url) as url, AmoCrmEmulator() as amocrm:
        env = environment_with(telegram, amocrm, tmp_path, DATABASE_URL=url, REDIS_URL=redis_url)

        imported = await imported_by_a_bot(anna, env, tmp_path)

    assert {"asyncpg", "hiredis"} <= imported
    assert imported & (FOR_LATER | {"aiosqlite"}) == set()
