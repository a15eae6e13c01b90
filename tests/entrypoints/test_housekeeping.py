"""What was kept long enough is forgotten, and a store that is away stops nothing."""

import asyncio
from datetime import datetime, timedelta

import pytest

from carquery.adapters.memory.ai_journal import MemoryAiJournal
from carquery.adapters.memory.alert_outbox import MemoryAlertOutbox
from carquery.adapters.memory.chores import MemoryChores
from carquery.adapters.memory.customers import MemoryCustomers
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.drafts import MemoryDrafts
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.reminders import MemoryReminders
from carquery.adapters.memory.tallies import MemoryTallies
from carquery.application.ports.ai_journal import JournalEntry
from carquery.application.ports.alerts import CustomerNotUnderstood
from carquery.application.ports.customers import Customers, WalkPosition
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.alert_rules import CONVERSATIONS_KEPT
from carquery.domain.contact import Handle
from carquery.domain.ids import MessageId
from carquery.domain.lead import LeadStatus
from carquery.domain.tallied import Occurrence, Tallied
from carquery.entrypoints.processes.housekeeping import SHAPES_KEPT, TEXTS_KEPT, WALK_EVERY, Housekeeping
from carquery.entrypoints.settings.settings import Settings
from tests.builders import ANNA, NOW, SECOND, a_call, someone
from tests.patience import eventually


def a_text(message: str, *, at: datetime = NOW) -> JournalEntry:
    return a_call(MessageId(message), at=at, text="продаю камри")


AN_OLD_TEXT = a_text("old", at=NOW - TEXTS_KEPT - SECOND)


def housekeeping(
    journal: MemoryAiJournal,
    customers: Customers | None = None,
    outbox: MemoryAlertOutbox | None = None,
    chores: MemoryChores | None = None,
    tallies: MemoryTallies | None = None,
) -> Housekeeping:
    """Leads are kept for 30 days."""
    clock = SettableClock(NOW)
    chores = chores or MemoryChores(clock)
    customers = customers or MemoryCustomers(MemoryDatabase(), clock)
    outbox = outbox or MemoryAlertOutbox(MemoryDatabase(), clock)
    settings = Settings(_env_file=None, retention_days=30)  # type: ignore[call-arg]  # pydantic-settings' own argument
    forms = MemoryDatabase()
    drafts, reminders = MemoryDrafts(forms), MemoryReminders(forms)
    tallies = tallies or MemoryTallies(forms)
    return Housekeeping(journal, outbox, customers, drafts, reminders, tallies, chores, clock, settings)


async def kept_once(
    journal: MemoryAiJournal,
    customers: Customers | None = None,
    outbox: MemoryAlertOutbox | None = None,
    chores: MemoryChores | None = None,
    tallies: MemoryTallies | None = None,
) -> None:
    """One round of housekeeping."""
    stop = asyncio.Event()
    keeping = asyncio.create_task(housekeeping(journal, customers, outbox, chores, tallies).run(stop))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    stop.set()
    await keeping


async def test_old_texts_are_forgotten_and_the_figures_kept() -> None:
    journal = MemoryAiJournal()
    await journal.add([AN_OLD_TEXT])
    await journal.add([a_text("new")])

    await kept_once(journal)

    assert [call.text for call in await journal.entries(MessageId("old"))] == [None]
    assert [call.text for call in await journal.entries(MessageId("new"))] == ["продаю камри"]


async def test_conversations_that_nobody_could_read_in_time_are_forgotten() -> None:
    database, clock = MemoryDatabase(), SettableClock(NOW - CONVERSATIONS_KEPT)
    await MemoryAlertOutbox(database, clock).add(CustomerNotUnderstood(ANNA, Handle("Telegram", "@anna"), ("ау",)))

    await kept_once(MemoryAiJournal(), outbox=MemoryAlertOutbox(database, SettableClock(NOW)))

    assert database.alerts == []


async def test_what_refused_answers_looked_like_is_forgotten_and_how_many_there_were_is_not() -> None:
    database = MemoryDatabase()
    old = Tallied(
        day=(NOW - SHAPES_KEPT).date() - timedelta(days=1),
        what=Occurrence.REFUSED,
        channel="a",
        detail="аа",
    )
    database.tallies.update({old: 2})

    await kept_once(MemoryAiJournal(), tallies=MemoryTallies(database))

    assert database.tallies == {old._replace(detail=""): 2}


@pytest.mark.parametrize("failure", [StoreUnavailable(), ValueError("not one of ours")], ids=["away", "a bug"])
async def test_a_round_that_failed_is_made_up_for_by_the_next(failure: Exception) -> None:
    journal, stop = MemoryAiJournal(), asyncio.Event()
    await journal.add([AN_OLD_TEXT])
    journal.fail_next(failure)

    async def is_forgotten() -> bool:
        return [call.text for call in await journal.entries(AN_OLD_TEXT.message)] == [None]

    keeping = asyncio.create_task(housekeeping(journal).run(stop, every=timedelta(milliseconds=1)))
    for _ in range(2):  # the first round is over; what it met would strike us otherwise
        await asyncio.sleep(0)
    await eventually(is_forgotten)
    stop.set()
    await keeping


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


async def test_a_store_of_texts_that_fails_keeps_no_lead_from_being_forgotten() -> None:
    database, clock, journal = MemoryDatabase(), SettableClock(NOW), MemoryAiJournal()
    leads = MemoryLeads(database, clock)
    lead = await leads.add(someone(1, status=LeadStatus.DELIVERED, delivered_at=NOW - timedelta(days=31)))
    journal.fail_next(StoreUnavailable())

    await kept_once(journal, MemoryCustomers(database, clock))

    stored = await leads.load(lead.id)
    assert stored is not None
    assert stored.erased_at is not None


async def test_customers_without_leads_are_looked_for_by_one_process_and_once_a_day() -> None:
    clock, walks = SettableClock(NOW), Walks()
    chores = MemoryChores(clock)

    for _ in range(2):
        await kept_once(MemoryAiJournal(), walks, chores=chores)
    clock.pass_time(WALK_EVERY)
    await kept_once(MemoryAiJournal(), walks, chores=chores)

    assert walks.portions == [None, 1_000, 2_000] * 2


async def test_a_walk_that_was_broken_off_begins_anew() -> None:
    walks, chores = Walks(), MemoryChores(SettableClock(NOW))
    walks.fails_at = 1_000

    for _ in range(2):
        await kept_once(MemoryAiJournal(), walks, chores=chores)

    assert walks.portions == [None, 1_000, None, 1_000, 2_000]


class Walks(MemoryCustomers):
    """Three thousand customers, of whom nothing is to be forgotten. `fails_at`: there it is away once."""

    def __init__(self) -> None:
        super().__init__(MemoryDatabase(), SettableClock(NOW))
        self.portions: list[int | None] = []
        self.fails_at: int | None = None

    async def forget_without_leads(self, *, after: WalkPosition | None, at_most: int) -> WalkPosition | None:
        self.portions.append(after)
        if after is not None and after == self.fails_at:
            self.fails_at = None
            raise StoreUnavailable
        place = WalkPosition((after or 0) + at_most)
        return place if place < 3_000 else None
