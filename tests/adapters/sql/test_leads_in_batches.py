"""A batch is one transaction; and one lead whose values the database refuses costs no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.environment import CountingRandomness, SettableClock
from carquery.adapters.sql.leads import SqlLeads
from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.held_leads import REAL_TIMES
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.leads import Claim, LeadChange
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.backoff import Backoff
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from tests.builders import HOUR, NOW, someone

REFUSING = {
    "sqlite": (
        "CREATE TRIGGER refuses BEFORE UPDATE ON leads WHEN new.doubts = 13 BEGIN SELECT RAISE(ABORT, 'no'); END",
    ),
    "postgresql": ("ALTER TABLE leads ADD CONSTRAINT refuses CHECK (doubts <> 13)",),
}
"""The database takes no lead that was in doubt 13 times."""

NOTHING_MADE = {
    "sqlite": (
        (
            "CREATE TRIGGER refuses BEFORE UPDATE ON leads WHEN new.id = '0000000000001' AND new.made <> '{}' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        ),
        "DROP TRIGGER refuses",
    ),
    "postgresql": (
        "ALTER TABLE leads ADD CONSTRAINT refuses CHECK (id <> '0000000000001' OR made = '{}')",
        "ALTER TABLE leads DROP CONSTRAINT refuses",
    ),
}
"""It takes nothing that was made for the first lead; then it does."""

NO_HISTORY = "ALTER TABLE lead_history RENAME TO elsewhere"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def leads(engine: AsyncEngine, clock: SettableClock) -> SqlLeads:
    return SqlLeads(engine, clock)


async def run(engine: AsyncEngine, *statements: str) -> None:
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def in_hand(leads: SqlLeads, count: int) -> Claim:
    for number in range(1, count + 1):
        await leads.add(someone(number))
    return await leads.claim(limit=count, lease_for=timedelta(seconds=90))


async def stored(leads: SqlLeads, lead: Lead) -> Lead:
    found = await leads.load(lead.id)
    assert found is not None, "leads are never deleted"
    return found


def made(lead: Lead) -> LeadChange:
    entry = HistoryEntry(NOW, Happening.MADE, Effect.CONTACT)
    return LeadChange(lead.with_made(Effect.CONTACT, CrmId(1)), (entry,))


async def test_when_the_history_can_t_be_written_nothing_is(engine: AsyncEngine, leads: SqlLeads) -> None:
    claim = await in_hand(leads, 3)
    await run(engine, NO_HISTORY)

    with pytest.raises(StoreUnavailable):
        await leads.update([made(lead) for lead in claim.leads], claim.lease, release=True)

    assert [await stored(leads, lead) for lead in claim.leads] == list(claim.leads)
    assert await leads.renew(claim.lease, lease_for=HOUR) == 3


async def test_a_lead_that_the_database_refuses_waits_for_a_person_and_the_others_are_written(
    engine: AsyncEngine, leads: SqlLeads
) -> None:
    claim = await in_hand(leads, 50)
    await run(engine, *REFUSING[engine.dialect.name])
    changes = [made(lead) for lead in claim.leads]
    poison = claim.leads[17]
    changes[17] = LeadChange(replace(poison, doubts=13))

    written = await leads.update(changes, claim.lease, release=False)

    assert written == {lead.id for lead in claim.leads} - {poison.id}
    for change in changes:
        if change.lead.id != poison.id:
            assert await stored(leads, change.lead) == change.lead
            assert await leads.history(change.lead.id) == change.happened
    set_aside = await stored(leads, poison)
    assert set_aside == poison.given_up(LeadReason.UNSTORABLE())
    assert [entry.what for entry in await leads.history(poison.id)] == [Happening.DEAD]


async def test_such_a_lead_keeps_no_other_from_delivery_and_is_looked_for_once_it_can_be_kept(
    engine: AsyncEngine, leads: SqlLeads, clock: SettableClock
) -> None:
    """What was made for it stands in the CRM, and could not be recorded."""
    poison, *others = [await leads.add(someone(number)) for number in (1, 2, 3)]
    crm = MemoryCrm(clock)
    deliver = DeliverLeads(
        leads=leads,
        crm=crm,
        alerts=MemoryAlerts(),
        clock=clock,
        randomness=CountingRandomness(),
        backoff=Backoff(HOUR, most_attempts=3),
        times=REAL_TIMES,
    )
    refusing, taking = NOTHING_MADE[engine.dialect.name]
    await run(engine, refusing)

    first = await deliver()
    set_aside = await stored(leads, poison)
    await run(engine, taking)
    clock.pass_time(HOUR)
    await leads.put_back([poison.id], at=NOW)
    second = await deliver()

    assert (first.claimed, set(first.references)) == (3, {lead.reference for lead in others})
    assert (set_aside.status, set_aside.failure) == (LeadStatus.DEAD, LeadReason.UNSTORABLE())
    assert second.references == (poison.reference,)
    assert (len(crm.contacts), len(crm.deals)) == (3, 3)
