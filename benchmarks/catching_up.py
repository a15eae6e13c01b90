"""How fast a backlog is delivered, beside the least time that amoCRM's limit of 7 requests a second allows.

The worker is a process of its own with its real times, on SQLite; amoCRM is the emulator with its real limit.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.leads import Chosen
from carquery.domain.contact import Phone
from carquery.domain.lead import LeadStatus
from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.builders import a_lead

LONGEST_SECONDS = 900.0

LIMIT = 7.0
"""Requests per second. Source: amoCRM's recommendations for integrations."""


async def measured(*, leads: int) -> str:
    """Requests per lead, and the time taken against the floor: that many requests at the limit."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/carquery.db"
        async with (
            AmoCrmEmulator(requests_per_second=LIMIT) as amocrm,
            TelegramEmulator() as telegram,
            open_engine(url) as engine,
        ):
            await upgrade(engine)
            store = SqlLeads(engine, SystemClock())
            await _queue(store, leads)
            async with _worker(url, amocrm, telegram, folder):
                began = await _first_request(amocrm)
                await _all_delivered(store)
                seconds = time.monotonic() - began
            requests = len(amocrm.journal)
            refused = sum(request.status == 429 for request in amocrm.journal)
    floor = requests / LIMIT
    return (
        f"Backlog of {leads} leads of new customers: {requests / leads:.2f} requests a lead, {refused} of them refused "
        f"for their rate; {seconds:.0f} s, floor at {LIMIT:.0f} requests/s {floor:.0f} s: ratio {seconds / floor:.2f}"
    )


async def _queue(store: SqlLeads, leads: int) -> None:
    now = SystemClock().now()
    for number in range(1, leads + 1):
        lead = a_lead(number, created_at=now, next_attempt_at=now)
        answers = {name: value for name, value in lead.answers.items() if name != "photos"}
        await store.add(replace(lead, answers={**answers, "phone": Phone(f"+7916{number:07}")}))


async def _first_request(amocrm: AmoCrmEmulator) -> float:
    async def was_asked() -> bool:
        return len(amocrm.journal) > 0

    await _until(was_asked, look_every=0.01)
    return time.monotonic()


async def _all_delivered(store: SqlLeads) -> None:
    undelivered = Chosen(statuses=frozenset(set(LeadStatus) - {LeadStatus.DELIVERED}))

    async def are_delivered() -> bool:
        return not await store.newest(limit=1, chosen=undelivered)

    await _until(are_delivered, look_every=0.25)


async def _until(condition: Callable[[], Awaitable[bool]], *, look_every: float) -> None:
    async with asyncio.timeout(LONGEST_SECONDS):
        while not await condition():  # noqa: ASYNC110  # what is waited for happens in another process
            await asyncio.sleep(look_every)


@asynccontextmanager
async def _worker(url: str, amocrm: AmoCrmEmulator, telegram: TelegramEmulator, folder: str) -> AsyncIterator[None]:
    env = {
        "PATH": os.environ["PATH"],
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE": telegram.base_url,
        "DATABASE_URL": url,
        "AMOCRM_BASE_URL": amocrm.base_url,
        "AMOCRM_LONG_LIVED_TOKEN": amocrm.long_lived_token(),
        "HEALTH_CHECK_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    carquery = Path(sys.executable).with_name("carquery")
    process = await asyncio.create_subprocess_exec(carquery, "worker", env=env, cwd=folder)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
