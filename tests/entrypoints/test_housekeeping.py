"""What was kept long enough is forgotten, and a store that is away stops nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from carquery.adapters.memory.ai_journal import MemoryAiJournal
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.ai_journal import CallOutcome, JournalEntry
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import MessageId
from carquery.entrypoints.housekeeping import TEXTS_KEPT, Housekeeping
from tests.builders import NOW

CALL = JournalEntry(
    message=MessageId("new"),
    place=1,
    at=NOW,
    model="rules",
    outcome=CallOutcome.ANSWERED,
    latency=0.001,
    text="продаю камри",
)


async def kept_once(journal: MemoryAiJournal) -> None:
    """One round of housekeeping."""
    stop = asyncio.Event()
    keeping = asyncio.create_task(Housekeeping(journal, SettableClock(NOW)).run(stop))
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


async def test_a_store_that_is_away_ends_nothing() -> None:
    journal = MemoryAiJournal()
    journal.fail_next(StoreUnavailable())

    await kept_once(journal)
