"""Processes that spend one day's money for classifiers at the same time."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from carquery.adapters.sql.ai_budget import SqlAiBudget
from carquery.adapters.sql.engine import open_engine
from tests.builders import TODAY
from tests.patience import waiting_for
from tests.postgres_databases import a_postgres_database

PROGRAM = Path(__file__).with_name("spending_process.py")
LIMIT = Decimal("1.00")


@asynccontextmanager
async def a_spender(url: str, *, tries: int) -> AsyncIterator[Process]:
    """A process that is ready to spend a cent so many times."""
    arguments = (str(PROGRAM), url, TODAY.isoformat(), str(tries), str(LIMIT))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=PIPE, stdout=PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.postgres
async def test_three_processes_together_are_granted_the_limit_and_no_more(postgres_url: str) -> None:
    async with waiting_for("three processes to spend"), a_postgres_database(postgres_url) as url:
        async with a_spender(url, tries=60) as one, a_spender(url, tries=60) as two, a_spender(url, tries=60) as three:
            outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in (one, two, three)))

        granted = [int(output) for output, _ in outputs]
        assert sum(granted) == 100
        async with open_engine(url) as engine:
            assert await SqlAiBudget(engine).spent(TODAY) == LIMIT
