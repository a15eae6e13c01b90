"""Every database of leads and customers, with the means to let a lease run out."""

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import CrmGate, CrmTokens, KnownContacts
from carquery.adapters.max.updates.markers import Markers
from carquery.adapters.memory.ai_budget import MemoryAiBudget
from carquery.adapters.memory.ai_journal import MemoryAiJournal
from carquery.adapters.memory.alert_outbox import MemoryAlertOutbox
from carquery.adapters.memory.amendments import MemoryAmendments
from carquery.adapters.memory.chores import MemoryChores
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.crm_tokens import MemoryCrmTokens
from carquery.adapters.memory.customers import MemoryCustomers
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.drafts import MemoryDrafts
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.first_touches import MemoryFirstTouches
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.markers import MemoryMarkers
from carquery.adapters.memory.outcomes import MemoryOutcomes
from carquery.adapters.memory.reminders import MemoryReminders
from carquery.adapters.memory.takes import MemoryTakes
from carquery.adapters.memory.tallies import MemoryTallies
from carquery.adapters.sql.ai_budget import SqlAiBudget
from carquery.adapters.sql.ai_journal import SqlAiJournal
from carquery.adapters.sql.alert_outbox import SqlAlertOutbox
from carquery.adapters.sql.amendments import SqlAmendments
from carquery.adapters.sql.chores import SqlChores
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.adapters.sql.crm_tokens import SqlCrmTokens
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.drafts import SqlDrafts
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.first_touches import SqlFirstTouches
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.markers import SqlMarkers
from carquery.adapters.sql.outcomes import SqlOutcomes
from carquery.adapters.sql.reminders import SqlReminders
from carquery.adapters.sql.seal import Seal
from carquery.adapters.sql.takes import SqlTakes
from carquery.adapters.sql.tallies import SqlTallies
from carquery.application.ports.ai_budget import AiBudget
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.amendments import Amendments
from carquery.application.ports.chores import Chores
from carquery.application.ports.customers import Customers
from carquery.application.ports.drafts import Drafts
from carquery.application.ports.environment import Clock
from carquery.application.ports.first_touches import FirstTouches
from carquery.application.ports.leads import Leads
from carquery.application.ports.leads_maintenance import LeadsMaintenance
from carquery.application.ports.outcomes import Outcomes
from carquery.application.ports.reminders import Reminders
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.takes import Takes
from carquery.application.ports.tallies import Tallies
from tests.builders import NOW
from tests.patience import patience
from tests.postgres_databases import an_emptied_postgres_database
from tests.sqlite_files import a_sqlite_database

SPACING = timedelta(seconds=60)
"""So long that no test meets the next turn unless it lets time pass."""

SHIFTED = {
    "leads": ("lease_until", "intent_at"),
    "lead_amendments": ("lease_until", "intent_at"),
    "crm_tokens": ("renewal_until",),
    "chores": ("taken_at",),
    "crm_gate": ("next_at", "closed_until"),
    "told": ("told_at", "quiet_until"),
    "alerts": ("told_at", "not_before", "expires_at"),
    "alert_turn": ("lease_until", "paused_until", "paid_until"),
    "lead_takes": ("due_at", "lease_until"),
}
"""On PostgreSQL the database's own clock counts; what is stored is moved back instead."""


@dataclass(frozen=True, slots=True)
class Database:
    """A fresh database.

    Attributes:
        pass_time: leases, pauses and the like grow older by so much.
        now: by the clock that counts.
    """

    leads: Leads
    maintenance: LeadsMaintenance
    known: KnownContacts
    customers: Customers
    tokens: CrmTokens
    gate: CrmGate
    chores: Chores
    outbox: AlertOutbox
    drafts: Drafts
    reminders: Reminders
    takes: Takes
    touches: FirstTouches
    journal: AiJournal
    budget: AiBudget
    pass_time: Callable[[timedelta], Awaitable[None]]
    now: Callable[[], datetime]
    amendments: Amendments
    tallies: Tallies
    markers: Markers
    outcomes: Outcomes

    async def end_leases(self) -> None:
        """Every lease that runs has run out."""
        await self.pass_time(timedelta(days=1))


@asynccontextmanager
async def memory(_request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    clock, database = SettableClock(NOW), MemoryDatabase()
    leads, customers = MemoryLeads(database, clock), MemoryCustomers(database, clock)

    async def pass_time(by: timedelta) -> None:
        clock.pass_time(by)

    yield Database(
        leads,
        leads,
        leads,
        customers,
        MemoryCrmTokens(clock),
        MemoryCrmGate(clock, spacing=SPACING),
        MemoryChores(clock),
        MemoryAlertOutbox(database, clock),
        MemoryDrafts(database),
        MemoryReminders(database),
        MemoryTakes(database, clock),
        MemoryFirstTouches(database, clock),
        MemoryAiJournal(),
        MemoryAiBudget(),
        pass_time,
        clock.now,
        MemoryAmendments(database, clock),
        MemoryTallies(database),
        MemoryMarkers(),
        MemoryOutcomes(database),
    )


@asynccontextmanager
async def sqlite(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    folder: Path = request.getfixturevalue("tmp_path")
    clock = SettableClock(NOW)

    async def pass_time(by: timedelta) -> None:
        clock.pass_time(by)

    async with open_engine(a_sqlite_database(folder)) as engine:
        yield _sql(engine, clock, pass_time, clock.now)


@asynccontextmanager
async def postgres(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    async with (
        an_emptied_postgres_database(request.getfixturevalue("postgres_url")) as url,
        open_engine(url) as engine,
    ):

        async def pass_time(by: timedelta) -> None:
            async with engine.begin() as connection:
                for table, columns in SHIFTED.items():
                    moved = ", ".join(f"{column} = {column} - CAST(:by AS interval)" for column in columns)
                    await connection.execute(text(f"UPDATE {table} SET {moved}"), {"by": by})  # noqa: S608  # ours

        yield _sql(engine, SettableClock(NOW), pass_time, lambda: datetime.now(UTC))
        async with engine.connect() as connection:
            others = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            )
            assert (await connection.execute(text(others))).scalar() == 0, "a transaction was left open"


def _sql(
    engine: AsyncEngine,
    clock: Clock,
    pass_time: Callable[[timedelta], Awaitable[None]],
    now: Callable[[], datetime],
) -> Database:
    leads, customers = SqlLeads(engine, clock), SqlCustomers(engine, clock)
    return Database(
        leads,
        leads,
        leads,
        customers,
        SqlCrmTokens(engine, clock, Seal(("a secret key of the tests",))),
        SqlCrmGate(engine, clock, SPACING),
        SqlChores(engine, clock),
        SqlAlertOutbox(engine, clock),
        SqlDrafts(engine),
        SqlReminders(engine),
        SqlTakes(engine, clock),
        SqlFirstTouches(engine, clock),
        SqlAiJournal(engine),
        SqlAiBudget(engine),
        pass_time,
        now,
        SqlAmendments(engine, clock),
        SqlTallies(engine),
        SqlMarkers(engine),
        SqlOutcomes(engine),
    )


DATABASES = [memory, sqlite, pytest.param(postgres, marks=pytest.mark.postgres)]


@dataclass(frozen=True, slots=True)
class Away:
    """The AI stores of a database that can't be reached."""

    journal: AiJournal
    budget: AiBudget


@asynccontextmanager
async def memory_away(_request: pytest.FixtureRequest) -> AsyncIterator[Away]:
    journal, budget = MemoryAiJournal(), MemoryAiBudget()
    for store in (journal, budget):
        store.fail_next(StoreUnavailable("away"), times=100)
    yield Away(journal, budget)


@asynccontextmanager
async def sqlite_away(request: pytest.FixtureRequest) -> AsyncIterator[Away]:
    folder: Path = request.getfixturevalue("tmp_path")
    before = set(threading.enumerate())
    async with open_engine(f"sqlite:///{folder}/nowhere/carquery.db") as engine:
        yield Away(SqlAiJournal(engine), SqlAiBudget(engine))
    # aiosqlite does not await the thread of a connection that failed; it would speak to a loop that is closed by then.
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=patience())
        assert not thread.is_alive(), f"{thread.name} goes on"


@asynccontextmanager
async def postgres_away(request: pytest.FixtureRequest) -> AsyncIterator[Away]:
    server: str = request.getfixturevalue("postgres_url")
    async with open_engine(f"{server.rpartition('/')[0]}/nowhere") as engine:
        yield Away(SqlAiJournal(engine), SqlAiBudget(engine))


DATABASES_AWAY = [memory_away, sqlite_away, pytest.param(postgres_away, marks=pytest.mark.postgres)]
