"""What was kept long enough is forgotten, and a store that is away stops nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from carquery.adapters.memory.ai_journal import MemoryAiJournal
from carquery.adapters.memory.alert_outbox import MemoryAlertOutbox
from carquery.adapters.memory.customers import MemoryCustomers
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.application.ports.ai_journal import CallOutcome, JournalEntry
from carquery.application.ports.alerts import CustomerNotUnderstood
from carquery.application.ports.retention import Retention
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.alert_rules import CONVERSATIONS_KEPT
from carquery.domain.contact import Handle
from carquery.domain.ids import MessageId
from carquery.domain.lead import LeadStatus
from carquery.entrypoints.processes.housekeeping import TEXTS_KEPT, Housekeeping
from carquery.entrypoints.settings.settings import Settings
from tests.builders import ANNA, NOW, someone

CALL = JournalEntry(
    message=MessageId("new"),
    place=1,
    at=NOW,
    model="rules",
    outcome=CallOutcome.ANSWERED,
    latency=0.001,
    text="продаю камри",
)


async def kept_once(
    journal: MemoryAiJournal, retention: Retention | None = None, outbox: MemoryAlertOutbox | None = None
) -> None:
    """One round of housekeeping, with leads kept for 30 days."""
    stop = asyncio.Event()
    clock = SettableClock(NOW)
    retention = retention or MemoryCustomers(MemoryDatabase(), clock)
    outbox = outbox or MemoryAlertOutbox(MemoryDatabase(), clock)
    settings = Settings(_env_file=None, retention_days=30)  # type: ignore[call-arg]  # pydantic-settings' own argument
    keeping = asyncio.create_task(Housekeeping(journal, outbox, retention, clock, settings).run(stop))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    stop.set()
    await keeping


async def test_old_texts_are_forgotten_and_the_figures_kept() -> None:
    journal = MemoryAiJournal()
    old = replace(CALL, message=MessageId("old"), at=NOW - TEXTS_KEPT - timedelta(seconds=1))
    await journal.add([old])
    await journal.add([CALL])

    await kept_once(journal)

    assert [call.text for call in await journal.entries(MessageId("old"))] == [None]
    assert [call.text for call in await journal.entries(MessageId("new"))] == ["продаю камри"]


async def test_conversations_that_nobody_could_read_in_time_are_forgotten() -> None:
    database, clock = MemoryDatabase(), SettableClock(NOW - CONVERSATIONS_KEPT)
    await MemoryAlertOutbox(database, clock).add(CustomerNotUnderstood(ANNA, Handle("Telegram", "@anna"), ("ау",)))

    await kept_once(MemoryAiJournal(), outbox=MemoryAlertOutbox(database, SettableClock(NOW)))

    assert database.alerts == []


async def test_a_store_that_is_away_ends_nothing() -> None:
    journal = MemoryAiJournal()
    journal.fail_next(StoreUnavailable())

    await kept_once(journal)


async def test_a_bug_of_ours_ends_nothing_either() -> None:
    journal = MemoryAiJournal()
    journal.fail_next(ValueError("not one of ours"))

    await kept_once(journal)


async def test_leads_are_kept_as_long_as_is_set() -> None:
    database, clock = MemoryDatabase(), SettableClock(NOW)
    leads = MemoryLeads(database, clock)
    for number in range(1, 252):
        at = NOW - timedelta(days=30, seconds=number)
        await leads.add(someone(number, status=LeadStatus.DELIVERED, delivered_at=at, next_attempt_at=None))
    await leads.add(someone(252, status=LeadStatus.DELIVERED, delivered_at=NOW - timedelta(days=29)))

    await kept_once(MemoryAiJournal(), MemoryCustomers(database, clock))

    kept = [lead for lead in await leads.newest(limit=300) if lead.erased_at is None]
    assert [lead.reference for lead in kept] == ["CQ-000252"]
