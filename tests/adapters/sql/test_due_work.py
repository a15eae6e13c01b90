"""The look before claims says what they would be given."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.amendments import SqlAmendments
from carquery.adapters.sql.due_work import Due, DueWork
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.takes import SqlTakes
from carquery.application.ports.leads import LeadChange
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId
from carquery.domain.ids import LeadId, StaffId
from carquery.domain.take import StaffMember, Take
from tests.builders import ANNA, HOUR, NOW, a_correction, a_delivered_lead, a_pending_lead, someone

NOTHING = Due(leads=False, amendments=False, takes=False)
LEADS = replace(NOTHING, leads=True)


class Stores:
    def __init__(self, engine: AsyncEngine) -> None:
        clock = SettableClock(NOW)
        self.leads = SqlLeads(engine, clock)
        self.amendments = SqlAmendments(engine, clock)
        self.takes = SqlTakes(engine, clock)
        self.due = DueWork(engine, clock)


@pytest.fixture
def stores(engine: AsyncEngine) -> Stores:
    return Stores(engine)


async def test_where_nothing_is_stored_nothing_is_due(stores: Stores) -> None:
    assert await stores.due.look() == NOTHING


async def test_a_lead_is_due_until_it_is_in_hand(stores: Stores) -> None:
    await stores.leads.add(a_pending_lead())

    assert await stores.due.look() == LEADS
    await stores.leads.claim(limit=1, lease_for=HOUR)
    assert await stores.due.look() == NOTHING


async def test_a_lead_is_not_due_before_its_time(stores: Stores) -> None:
    await stores.leads.add(replace(a_pending_lead(), next_attempt_at=NOW.replace(year=2100)))

    assert await stores.due.look() == NOTHING


async def test_a_lead_of_somebody_whose_other_lead_is_in_hand_is_due_once_that_is_let_go_of(stores: Stores) -> None:
    first, second = (someone(number, phone=Phone("+79161234567")) for number in (1, 2))
    await stores.leads.add(first)
    claim = await stores.leads.claim(limit=1, lease_for=HOUR)
    await stores.leads.add(second)

    assert await stores.due.look() == NOTHING
    let_go = LeadChange(claim.leads[0].delivered(at=NOW))
    await stores.leads.update([let_go], claim.lease, release=True)
    assert await stores.due.look() == LEADS


async def test_an_amendment_is_due_once_its_lead_was_delivered(stores: Stores) -> None:
    lead = await stores.leads.add(a_pending_lead())
    claim = await stores.leads.claim(limit=1, lease_for=HOUR)
    await stores.amendments.add(a_correction(lead, phone=Phone("+79035550101")), ANNA)

    assert await stores.due.look() == NOTHING
    await stores.leads.update([LeadChange(claim.leads[0].delivered(at=NOW))], claim.lease, release=True)
    assert await stores.due.look() == replace(NOTHING, amendments=True)


async def test_who_has_taken_a_lead_is_due_to_be_told(stores: Stores) -> None:
    lead = await stores.leads.add(a_delivered_lead())
    by = StaffMember(StaffId("501"), "Олег")
    await stores.takes.take(
        Take(lead=LeadId(lead.id), reference=lead.reference, deal=CrmId(1), by=by, crm_user=None, at=NOW, due_at=NOW)
    )

    assert await stores.due.look() == replace(NOTHING, takes=True)
    await stores.takes.claim(lease_for=HOUR)
    assert await stores.due.look() == NOTHING
