"""Leads that one worker has in hand are recorded together, and each of them is its own all the same."""

from dataclasses import replace
from datetime import timedelta

from carquery.application.ports.leads import Claim, LeadChange, Lease
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import Channel, CustomerId, LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.reason import Reason
from tests.builders import NOW, a_lead, someone
from tests.contracts.claiming import A_WHILE
from tests.contracts.databases import Database

BATCH = 50


async def in_hand(database: Database, count: int) -> Claim:
    """So many leads of as many people, claimed."""
    for number in range(1, count + 1):
        await database.leads.add(someone(number, customer=CustomerId(Channel("telegram"), str(number))))
    claim = await database.leads.claim(limit=count, lease_for=A_WHILE)
    assert len(claim.leads) == count
    return claim


async def stored(database: Database, claim: Claim) -> dict[LeadId, Lead | None]:
    return {lead.id: await database.leads.load(lead.id) for lead in claim.leads}


def made(lead: Lead, number: int) -> LeadChange:
    """Its contact was made under that number."""
    entry = HistoryEntry(NOW, Happening.MADE, Effect.CONTACT, Reason(f"№ {number}"))
    return LeadChange(lead.with_made(Effect.CONTACT, CrmId(number)), (entry,))


async def test_each_lead_of_a_batch_is_recorded_as_it_is(database: Database) -> None:
    claim = await in_hand(database, BATCH)
    changes = [made(lead, number) for number, lead in enumerate(claim.leads, start=1)]

    written = await database.leads.update(changes, claim.lease, release=False)

    assert written == {lead.id for lead in claim.leads}
    assert await stored(database, claim) == {change.lead.id: change.lead for change in changes}
    for change in changes:
        assert await database.leads.history(change.lead.id) == change.happened


async def test_leads_of_a_batch_may_have_come_differently_far(database: Database) -> None:
    claim = await in_hand(database, 5)
    first, second, third, fourth, fifth = claim.leads
    refused = Reason("нет поля «VIN» \\ ' \" ;--")
    changes = [
        LeadChange(first.intends(Effect.CONTACT, at=NOW + timedelta(microseconds=1))),
        LeadChange(second.with_made(Effect.CONTACT, CrmId(2**40), left_out=(refused, Reason("тег")))),
        LeadChange(replace(third, status=LeadStatus.FAILED, attempts=3, doubts=2, failure=refused)),
        LeadChange(fourth.delivered(at=NOW)),
        LeadChange(fifth.put_in_doubt(at=NOW).given_up(refused)),
    ]

    await database.leads.update(changes, claim.lease, release=False)

    assert await stored(database, claim) == {change.lead.id: change.lead for change in changes}


async def test_what_the_customer_sent_stays(database: Database) -> None:
    claim = await in_hand(database, 1)
    (lead,) = claim.leads
    odd = replace(a_lead(9), id=lead.id, attempts=1)

    await database.leads.update([LeadChange(odd)], claim.lease, release=False)

    assert await database.leads.load(lead.id) == lead.as_far_as(odd)


async def test_a_batch_is_let_go_of_together(database: Database) -> None:
    claim = await in_hand(database, 3)

    await database.leads.update([LeadChange(lead) for lead in claim.leads[:2]], claim.lease, release=True)

    again = await database.leads.claim(limit=BATCH, lease_for=A_WHILE)
    assert {lead.id for lead in again.leads} == {lead.id for lead in claim.leads[:2]}


async def test_who_lost_some_of_them_records_the_others(database: Database) -> None:
    claim = await in_hand(database, 4)
    ours, erased, given_back, also_ours = claim.leads
    assert erased.customer is not None
    await database.customers.erase(erased.customer)
    await database.leads.update([LeadChange(given_back)], claim.lease, release=True)
    await database.leads.claim(limit=BATCH, lease_for=A_WHILE, only=[given_back.id])
    before = await stored(database, claim)
    changes = {lead.id: made(lead, number) for number, lead in enumerate(claim.leads, start=1)}

    written = await database.leads.update(list(changes.values()), claim.lease, release=False)

    assert written == {ours.id, also_ours.id}
    assert await stored(database, claim) == before | {lead: changes[lead].lead for lead in written}
    told = {lead.id: await database.leads.history(lead.id) for lead in claim.leads}
    assert told == {lead: changes[lead].happened if lead in written else () for lead in changes}


async def test_under_another_s_lease_nothing_is_recorded(database: Database) -> None:
    claim = await in_hand(database, 3)

    written = await database.leads.update([LeadChange(lead) for lead in claim.leads], Lease("other"), release=True)

    assert written == frozenset()
    assert await stored(database, claim) == {lead.id: lead for lead in claim.leads}


async def test_nothing_to_record_is_nothing_recorded(database: Database) -> None:
    claim = await in_hand(database, 1)

    assert await database.leads.update([], claim.lease, release=True) == frozenset()


async def test_the_history_of_each_is_told_in_order(database: Database) -> None:
    claim = await in_hand(database, 3)
    happened = tuple(HistoryEntry(NOW, what) for what in (Happening.LOST, Happening.FAILED, Happening.DEAD))

    for entries in (happened[:2], happened[2:]):
        await database.leads.update([LeadChange(lead, entries) for lead in claim.leads], claim.lease, release=False)

    for lead in claim.leads:
        assert await database.leads.history(lead.id) == happened
