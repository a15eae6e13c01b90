"""A dealership with an amoCRM, a Telegram and a PostgreSQL of its own; leads wait in it, workers are processes."""

import asyncio
import os
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Interval, Row, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carquery.adapters.amocrm.crm import LIMITS
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.tables import leads
from carquery.adapters.system.clock import SystemClock
from carquery.application.leads.held_leads import REAL_TIMES
from carquery.domain.answers import Photos
from carquery.domain.attachments import Attachments, SentFile
from carquery.domain.contact import Phone
from carquery.domain.effects import Effect
from carquery.domain.ids import FileId, LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.telegram import A_PHOTO, TelegramEmulator
from tests import warm_processes
from tests.builders import EVERY_KIND_OF_ANSWER, a_lead
from tests.e2e.delivery.once import Tally
from tests.patience import waiting_for
from tests.postgres_databases import a_postgres_database
from tests.warm_processes import WarmProcess

ROOT = Path(__file__).parents[3]
QUICK_WORKER = Path(__file__).with_name("quick_worker.py")
NO_LIMIT = 100_000
"""Requests per second."""
LeadRow: TypeAlias = Row[str, str, str | None, dict[str, Any]]
LONG_ENOUGH = 2 * (REAL_TIMES.lease + REAL_TIMES.patience + LIMITS.lands_within)


@dataclass(frozen=True, slots=True)
class WorkerDelivery:
    """Where leads wait, and go to."""

    amocrm: AmoCrmEmulator
    telegram: TelegramEmulator
    database_url: str
    leads: SqlLeads

    async def queue(self, number: int, *, phone: str, photos: int = 0) -> Lead:
        """Store a lead that is due now. `number` tells it from others; of two photos, one was sent as another file."""
        sent = [FileId(self.telegram.state.files.add_photo(A_PHOTO)[-1]["file_id"]) for _ in range(photos)]
        files, others = tuple(sent[:1]), tuple(SentFile(file, "ПТС.png", "image/png") for file in sent[1:])
        answers = {name: value for name, value in EVERY_KIND_OF_ANSWER.items() if name != "photos"}
        answers |= {"phone": Phone(phone)} | ({"photos": Photos(files)} if files else {})
        now = SystemClock().now()
        lead = replace(
            a_lead(number, answers=answers, attachments=Attachments(files=others)),
            id=LeadId(f"{number:013}"),
            reference=Reference(f"CQ-{number:06}"),
            created_at=now,
            next_attempt_at=now,
        )
        return await self.leads.add(lead)

    async def all_delivered(self) -> None:
        """Wait until nothing is left to do; as long as ever more is done, that takes what it takes."""
        async with open_engine(self.database_url) as engine, engine.connect() as connection:
            left = await _undelivered(connection)
            while left:
                left = await _fewer_than(left, connection)

    async def let_time_pass(self) -> None:
        """A worker that was killed or stopped loses its leads, and every call that it made has landed or never will."""
        moments = (leads.c.lease_until, leads.c.intent_at, leads.c.next_attempt_at)
        earlier = {moment: moment - literal(LONG_ENOUGH, Interval) for moment in moments}
        async with open_engine(self.database_url) as engine, engine.begin() as connection:
            await connection.execute(update(leads).values(earlier))

    async def tally(self) -> Tally:
        """What stands in amoCRM for the stored leads."""
        return Tally.of(await self.leads.newest(limit=10_000), self.amocrm.world)

    @property
    def environment(self) -> dict[str, str]:
        """What a worker needs, and nothing of this machine's environment beside it."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE": self.telegram.base_url,
            "DATABASE_URL": self.database_url,
            "AMOCRM_BASE_URL": self.amocrm.base_url,
            "AMOCRM_LONG_LIVED_TOKEN": self.amocrm.long_lived_token(),
            "DELIVERY_INTERVAL": "1",
            "HEALTH_CHECK_PORT": "0",
            "LOG_LEVEL": "WARNING",
        }

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[WarmProcess]:
        """A worker in a process of its own, killed on leaving if it still runs."""
        process = await warm_processes.start(QUICK_WORKER, env=self.environment, cwd="/", stdout=DEVNULL)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _undelivered(connection: AsyncConnection) -> Sequence[LeadRow]:
    columns = (leads.c.reference, leads.c.status, leads.c.failure, leads.c.made)
    found = await connection.execute(select(*columns).where(leads.c.status != LeadStatus.DELIVERED.value))
    await connection.commit()
    return found.all()


async def _fewer_than(left: Sequence[LeadRow], connection: AsyncConnection) -> Sequence[LeadRow]:
    """What is left once something more was done."""
    before = _to_do(left)
    async with waiting_for("leads to be delivered", instead=lambda: f"{len(left)} are left, such as {left[:3]}"):
        while _to_do(left) == before:
            await asyncio.sleep(0.05)
            left = await _undelivered(connection)
    return left


def _to_do(left: Sequence[LeadRow]) -> int:
    """How many effects, and last steps."""
    return sum(1 + len(Effect) - len(lead.made) for lead in left)


@asynccontextmanager
async def a_worker_delivery(
    postgres_url: str,
    *,
    requests_per_second: float = NO_LIMIT,
    webhook_deliver_to: str | None = None,
    delay_scale: float = 0,
) -> AsyncIterator[WorkerDelivery]:
    """All servers, empty."""
    async with (
        AmoCrmEmulator(requests_per_second=requests_per_second) as amocrm,
        TelegramEmulator(delay_scale=delay_scale, webhook_deliver_to=webhook_deliver_to) as telegram,
        a_postgres_database(postgres_url) as url,
        open_engine(url) as engine,
    ):
        yield WorkerDelivery(amocrm, telegram, url, SqlLeads(engine, SystemClock()))
