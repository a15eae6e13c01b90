"""How fast a backlog is delivered, beside the least time that amoCRM's limit of 7 requests a second allows; and at what
cost, beside a bare client that makes as many requests.

The worker is a process of its own with its real times, on SQLite; amoCRM is the emulator with its real limit. Its
search compares digits, and one of its contacts shows that; where it compares what was written, each new customer costs
one request more. Counted is the worker's CPU time, user and system, from its first request to its last.
"""

import asyncio
import math
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.usage import cpu_seconds
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


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the delivery of so many leads took. `refused`: requests, for their rate."""

    leads: int
    requests: int
    refused: int
    seconds: float
    cpu_seconds: float
    bare_cpu_seconds: float

    def __str__(self) -> str:
        floor, cpu = self.requests / LIMIT, self.cpu_seconds / self.leads * 1000
        return (
            f"Backlog of {self.leads} leads of new customers: {self.requests / self.leads:.2f} requests a lead, "
            f"{self.refused} of them refused for their rate; {self.seconds:.0f} s, floor at {LIMIT:.0f} requests/s "
            f"{floor:.0f} s: ratio {self.seconds / floor:.2f}\n"
            f"CPU ms a lead: worker {cpu:.1f}, a bare client that makes as many requests "
            f"{self.bare_cpu_seconds / self.leads * 1000:.1f}: ratio {self.cpu_seconds / self.bare_cpu_seconds:.2f}"
        )


async def measured(*, leads: int) -> str:
    """Requests per lead, the time taken against the floor (that many requests at the limit), and CPU per lead."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/carquery.db"
        async with (
            AmoCrmEmulator(requests_per_second=LIMIT) as amocrm,
            TelegramEmulator() as telegram,
            open_engine(url) as engine,
        ):
            amocrm.faults.search = "digits"
            amocrm.world.add_contact("Ольга Петровна", ["8 (903) 111-00-02"])
            await upgrade(engine)
            store = SqlLeads(engine, SystemClock())
            await _queue(store, leads)
            async with _worker(url, amocrm, telegram, folder) as pid:
                began = await _first_request(amocrm)
                cpu = cpu_seconds(pid)
                await _all_delivered(store)
                cpu, seconds = cpu_seconds(pid) - cpu, time.monotonic() - began
            requests = len(amocrm.journal)
            refused = sum(request.status == 429 for request in amocrm.journal)
    return str(Delivered(leads, requests, refused, seconds, cpu, await _bare(requests)))


async def _bare(requests: int) -> float:
    """CPU seconds of a bare client."""
    async with AmoCrmEmulator(requests_per_second=math.inf) as amocrm:
        arguments = ["-m", "benchmarks.bare_client", amocrm.base_url, amocrm.long_lived_token(), str(requests)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[1]
        )
        told, _ = await process.communicate()
    return float(told)


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
async def _worker(url: str, amocrm: AmoCrmEmulator, telegram: TelegramEmulator, folder: str) -> AsyncIterator[int]:
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
        yield process.pid
    finally:
        process.terminate()
        await process.wait()
