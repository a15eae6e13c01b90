"""What is asked of a million stored leads: in milliseconds, without the indexes for it and with them.

On SQLite and, where its programs are installed, on PostgreSQL.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from typing import Final, TypeAlias

from sqlalchemy import Index, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine, patient
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.sql.outcomes import SqlOutcomes
from carquery.adapters.sql.tables import customers, first_touches
from carquery.adapters.sql.tables import leads as rows
from carquery.adapters.sql.transitions import RELEASED
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.leads import Chosen
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.tallies import By
from carquery.domain.ids import CustomerId
from carquery.domain.lead import LeadStatus
from carquery.domain.moscow import MOSCOW
from tests.many_leads import Many, number_of, store_many
from tests.postgres_databases import a_postgres_database
from tests.servers import PostgresServer, ServerMissing

FEW: Final = 1_000
DUE: Final = 300
DUE_AFTER_A_DAY: Final = 50_000
RUNS: Final = 5
LONGEST_SECONDS: Final = 3.0
"""After so long a thing is not run again."""
YEARS: Final = timedelta(days=3_650)
BUILT_BY_0010: Final = frozenset({"ix_leads_due", "ix_leads_undelivered", "ix_leads_delivered", "ix_leads_half_erased"})
REPLACED_BY_0010: Final = "ix_leads_next_attempt_at"

Milliseconds: TypeAlias = Mapping[str, float]
Opening: TypeAlias = Callable[[str], AbstractAsyncContextManager[AsyncEngine]]


async def measured(*, leads: int) -> str:
    """A table for each database."""
    with tempfile.TemporaryDirectory() as folder:
        tables = [await _table("SQLite", lambda name: _file(f"{folder}/{name}.db"), leads)]
    try:
        server = PostgresServer()
    except ServerMissing as missing:
        return "\n".join([*tables, f"PostgreSQL was not measured: there is no {missing}"])
    try:
        server.start()
        tables.append(await _table("PostgreSQL", lambda _: _database(server.url), leads))
    finally:
        server.remove()
    return "\n".join(tables)


@asynccontextmanager
async def _file(path: str) -> AsyncIterator[AsyncEngine]:
    async with open_engine(f"sqlite:///{path}") as engine:
        yield engine


@asynccontextmanager
async def _database(server_url: str) -> AsyncIterator[AsyncEngine]:
    async with a_postgres_database(server_url, migrated=False) as url, open_engine(url) as engine:
        yield engine


async def _table(name: str, opening: Opening, leads: int) -> str:
    async with opening("few") as engine:
        await upgrade(engine)
        await _store(engine, FEW)
        few = await _asked(engine, FEW)
    async with opening("many") as engine:
        await upgrade(engine)
        await _without_0010(engine)
        await _store(engine, leads)
        without = await _asked(engine, leads)
        began = time.monotonic()
        await _with_0010(engine)
        seconds = time.monotonic() - began
        many = await _asked(engine, leads)
    title = f"{name}, {leads} leads, milliseconds"
    lines = [f"{title:<46}{'without 0010':>14}{'with it':>9}{f'× {FEW} leads':>14}"]
    lines += [f"  {what:<44}{without[what]:>14.1f}{ms:>9.1f}{ms / few[what]:>14.1f}" for what, ms in many.items()]
    return "\n".join([*lines, f"  to build its indexes took {seconds:.1f} s"])


async def _without_0010(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for index in _built_by_0010():
            await connection.run_sync(index.drop)
        await connection.execute(text(f"CREATE INDEX {REPLACED_BY_0010} ON leads (next_attempt_at)"))


async def _with_0010(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for index in _built_by_0010():
            await connection.run_sync(index.create)
        await connection.execute(text(f"DROP INDEX {REPLACED_BY_0010}"))


def _built_by_0010() -> list[Index]:
    return [index for index in rows.indexes if index.name in BUILT_BY_0010]


async def _store(engine: AsyncEngine, leads: int) -> None:
    now = SystemClock().now()
    await store_many(
        engine,
        Many(1, leads, newest=now),
        Many(leads + 1, leads + DUE, newest=now, status=LeadStatus.PENDING, is_due=True),
    )
    seen = select(rows.c.id, *[rows.c.delivered_at] * 3).where(rows.c.status == LeadStatus.DELIVERED.value)
    touched = insert(first_touches).from_select(["lead", "delivered_at", "looked_at", "touched_at"], seen)
    async with patient(engine).begin() as connection:
        await connection.execute(touched)


async def _asked(engine: AsyncEngine, leads: int) -> Milliseconds:
    store, known = SqlLeads(engine, SystemClock()), SqlCustomers(engine, SystemClock())
    outcomes, since, until = SqlOutcomes(engine), SystemClock().now() - YEARS, SystemClock().now() + timedelta(days=1)
    somebody = CustomerId.read("telegram:9000000001")
    long_ago = SystemClock().now() - timedelta(days=10_000)

    async def claim() -> None:
        await store.claim(limit=50, lease_for=timedelta(hours=1))

    async def customer() -> None:
        await known.acquaintance(somebody)

    found = {
        f"claim of 50, {DUE} due": await _took(claim),
        "/ready, /metrics: leads not delivered": await _took(store.undelivered),
        "/metrics, in the background: delivered": await _took(store.delivered),
        "leads list": await _took(lambda: store.newest(limit=20)),
        "leads list --status failed (none)": await _took(
            lambda: store.newest(limit=20, chosen=Chosen(statuses=frozenset({LeadStatus.FAILED})))
        ),
        "retention with nothing due": await _took(lambda: known.forget(delivered_before=long_ago, at_most=100)),
        "a thousand customers looked for leads": await _took(
            lambda: known.forget_without_leads(after=None, at_most=1_000)
        ),
        "report funnel, all leads ever": await _took(lambda: outcomes.of_sent(since, until, by=By.FORM, zone=MOSCOW)),
        "report funnel --by day, all leads ever": await _took(
            lambda: outcomes.of_sent(since, until, by=By.DAY, zone=MOSCOW)
        ),
        "a customer is looked up": await _took(customer),
        "a customer is looked up beside a scrape": await _beside(store.delivered, customer),
    }
    found["a customer is looked up beside a report"] = await _beside(
        lambda: outcomes.of_sent(since, until, by=By.DAY, zone=MOSCOW), customer
    )
    await _release(engine)
    async with _more_due(engine, leads):
        found["claim of 50, after a day without a CRM"] = await _took(claim)
    return found


@asynccontextmanager
async def _more_due(engine: AsyncEngine, leads: int) -> AsyncIterator[None]:
    """A few stay a few."""
    more = Many(
        *(leads + FEW, leads + FEW + min(leads, DUE_AFTER_A_DAY)),
        newest=SystemClock().now(),
        status=LeadStatus.PENDING,
        is_due=True,
    )
    if leads > FEW:
        await store_many(engine, more)
    yield
    await _release(engine)
    async with patient(engine).begin() as connection:
        await connection.execute(delete(rows).where(rows.c.id >= f"{more.first:013x}"))
        await connection.execute(delete(customers).where(customers.c.phone >= f"+7{number_of(more.first)}"))


async def _release(engine: AsyncEngine) -> None:
    """As if nothing had been claimed."""
    async with patient(engine).begin() as connection:
        claimed = rows.c.status == LeadStatus.DELIVERING.value
        await connection.execute(update(rows).where(claimed).values(status=LeadStatus.PENDING.value, **RELEASED))


async def _took(work: Callable[[], Awaitable[object]]) -> float:
    """The median; infinite if the database cuts it short."""
    took: list[float] = []
    while len(took) < RUNS and sum(took) < LONGEST_SECONDS * 1_000:
        began = time.perf_counter()
        try:
            await work()
        except StoreUnavailable:
            return float("inf")
        took.append((time.perf_counter() - began) * 1_000)
    return statistics.median(took)


async def _beside(counting: Callable[[], Awaitable[object]], work: Callable[[], Awaitable[object]]) -> float:
    async def counts() -> None:
        while True:
            with suppress(StoreUnavailable):
                await counting()

    busy = asyncio.create_task(counts())
    try:
        await asyncio.sleep(0.01)
        return await _took(work)
    finally:
        busy.cancel()
        await asyncio.wait([busy])
