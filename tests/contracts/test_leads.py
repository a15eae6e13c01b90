"""What every adapter of `Leads` promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.application.ports.leads import Lease, LeaseLost, ReferenceTaken
from carquery.domain.contact import PersonName
from carquery.domain.forms.form import Service
from carquery.domain.ids import LeadId, Reference, Source
from carquery.domain.lead import CrmId, Effect, Intent, Lead, LeadStatus
from tests.builders import ANNA, BORIS, EVERY_KIND_OF_ANSWER, NOW, a_lead
from tests.contracts.databases import Database, database

__all__ = ["database"]

A_WHILE = timedelta(seconds=90)


async def claim_one(database: Database) -> tuple[Lead, Lease]:
    ((lead, lease),) = await database.leads.claim(limit=10, lease_for=A_WHILE)
    return lead, lease


async def test_a_lead_comes_back_as_it_was_added(database: Database) -> None:
    lead = a_lead(
        answers=EVERY_KIND_OF_ANSWER,
        service=Service.CALLBACK,
        conversation=("Привет", "«ё» 🚗 <b> \\ ' \" ;--"),
        source=Source("avito"),
        consent="f" * 64,
        made={Effect.CONTACT: CrmId(2**40), Effect.TASK: CrmId(0)},
        intent=Intent(Effect.LEAD, NOW),
        left_out=("Поле «VIN»",),
        attempts=3,
        failure="нет такого поля",
        delivered_at=NOW + timedelta(microseconds=1),
    )

    added = await database.leads.add(lead)

    assert added == lead
    assert await database.leads.load(lead.id) == lead
    assert await database.leads.find(lead.reference) == lead


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    assert await database.leads.load(LeadId("0123456789ABC")) is None
    assert await database.leads.find(Reference("CQ-0123AB")) is None


async def test_a_second_lead_of_the_same_dialog_is_the_first(database: Database) -> None:
    first = await database.leads.add(a_lead(1))

    second = await database.leads.add(replace(a_lead(2), id=first.id, source=Source("second")))

    assert second == first
    assert await database.leads.newest(limit=10) == (first,)


async def test_before_anyone_delivers_it_a_lead_takes_changed_answers(database: Database) -> None:
    """The first time its answer was lost, the customer was told to press again, and changed the name before."""
    first = await database.leads.add(a_lead(1))
    changed = dict(first.answers) | {"name": PersonName("Мария")}

    second = await database.leads.add(replace(a_lead(2), id=first.id, answers=changed))

    assert second == replace(first, answers=changed)
    assert await database.leads.load(first.id) == second
    assert (await database.customers.acquaintance(ANNA)).name == PersonName("Мария")


async def test_a_lead_in_delivery_takes_no_other_answers(database: Database) -> None:
    added = await database.leads.add(a_lead(1))
    claimed, _ = await claim_one(database)

    again = await database.leads.add(replace(added, answers={"name": PersonName("Мария")}))

    assert again == claimed


async def test_a_lead_that_was_put_off_takes_no_other_answers(database: Database) -> None:
    added = await database.leads.add(a_lead(1))
    lead, lease = await claim_one(database)
    await database.leads.update(lead.postponed(until=NOW + A_WHILE), lease, release=True)

    again = await database.leads.add(replace(added, answers={"name": PersonName("Мария")}))

    assert again.answers == added.answers


async def test_of_many_leads_of_one_dialog_at_once_one_is_stored(database: Database) -> None:
    rivals = [replace(a_lead(number), id=LeadId("0123456789ABC")) for number in range(1, 9)]

    added = await asyncio.gather(*(database.leads.add(rival) for rival in rivals))

    (stored,) = await database.leads.newest(limit=10)
    assert added == [stored] * 8


async def test_a_reference_is_given_once(database: Database) -> None:
    first = await database.leads.add(a_lead(1))

    with pytest.raises(ReferenceTaken):
        await database.leads.add(replace(a_lead(2), reference=first.reference, customer=BORIS))

    assert await database.leads.newest(limit=10) == (first,)
    assert (await database.customers.acquaintance(BORIS)).phone is None


async def test_the_customers_name_and_phone_are_stored_with_the_lead(database: Database) -> None:
    lead = await database.leads.add(a_lead())

    known = await database.customers.acquaintance(ANNA)

    assert (known.name, known.phone) == (lead.name, lead.phone)


async def test_the_newest_leads_come_first(database: Database) -> None:
    for number in (2, 3, 1):
        await database.leads.add(a_lead(number, created_at=NOW - timedelta(minutes=number)))

    newest = await database.leads.newest(limit=2)

    assert [lead.reference for lead in newest] == ["CQ-000001", "CQ-000002"]


async def test_leads_of_one_status_can_be_listed(database: Database) -> None:
    await database.leads.add(a_lead(1))
    failed = await database.leads.add(a_lead(2, status=LeadStatus.FAILED))

    assert await database.leads.newest(limit=10, status=LeadStatus.FAILED) == (failed,)


async def test_a_due_lead_is_claimed_and_turns_delivering(database: Database) -> None:
    added = await database.leads.add(a_lead())

    lead, _ = await claim_one(database)

    assert lead == replace(added, status=LeadStatus.DELIVERING)
    assert await database.leads.load(added.id) == lead


async def test_the_oldest_due_leads_are_claimed_first(database: Database) -> None:
    for number in (3, 1, 2):
        await database.leads.add(a_lead(number, next_attempt_at=NOW - timedelta(seconds=number)))

    claimed = await database.leads.claim(limit=2, lease_for=A_WHILE)

    assert [lead.reference for lead, _ in claimed] == ["CQ-000003", "CQ-000002"]


@pytest.mark.parametrize("due_at", [None, NOW.replace(year=2100)])
async def test_a_lead_that_is_not_due_is_left_alone(database: Database, due_at: object) -> None:
    await database.leads.add(a_lead(next_attempt_at=due_at))

    assert await database.leads.claim(limit=10, lease_for=A_WHILE) == ()


async def test_a_claimed_lead_is_not_claimed_again_while_the_lease_runs(database: Database) -> None:
    await database.leads.add(a_lead())
    await claim_one(database)

    assert await database.leads.claim(limit=10, lease_for=A_WHILE) == ()


async def test_claims_at_once_share_no_lead(database: Database) -> None:
    for number in range(1, 31):
        await database.leads.add(a_lead(number))

    claims = await asyncio.gather(*(database.leads.claim(limit=10, lease_for=A_WHILE) for _ in range(6)))

    claimed = [lead.id for claim in claims for lead, _ in claim]
    assert len(claimed) == len(set(claimed))
    rest = await database.leads.claim(limit=30, lease_for=A_WHILE)
    assert len(claimed) + len(rest) == 30


async def test_a_lead_is_taken_over_when_the_lease_has_run_out(database: Database) -> None:
    await database.leads.add(a_lead())
    _, first = await claim_one(database)

    await database.end_leases()
    _, second = await claim_one(database)

    assert second != first


async def test_an_update_is_stored_and_keeps_the_lease(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    changed = lead.intends(Effect.CONTACT, at=NOW).with_made(Effect.CONTACT, CrmId(5), left_out=("тег",))

    await database.leads.update(changed, lease, release=False)

    assert await database.leads.load(lead.id) == changed
    assert await database.leads.claim(limit=10, lease_for=A_WHILE) == ()


@pytest.mark.parametrize("odd", ["\0", "\ud800"], ids=["NUL", "lone surrogate"])
async def test_the_crms_words_are_stored_whatever_signs_they_hold(database: Database, odd: str) -> None:
    """A lead whose failure can't be stored would fail the pass, and the next one, for ever."""
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)

    await database.leads.update(replace(lead, failure=f"нет поля{odd}", left_out=(f"VIN{odd}",)), lease, release=True)

    stored = await database.leads.load(lead.id)
    assert stored is not None
    assert (stored.failure or "").startswith("нет поля")
    assert [words[:3] for words in stored.left_out] == ["VIN"]


async def test_a_released_lead_can_be_claimed_again(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)

    await database.leads.update(lead, lease, release=True)

    again, _ = await claim_one(database)
    assert again.id == lead.id


async def test_an_update_with_a_lost_lease_writes_nothing(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lost = await claim_one(database)
    await database.end_leases()
    taken_over, _ = await claim_one(database)

    with pytest.raises(LeaseLost):
        await database.leads.update(replace(lead, attempts=7), lost, release=True)

    assert await database.leads.load(lead.id) == taken_over


async def test_a_lease_given_back_is_lost(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    await database.leads.update(lead, lease, release=True)

    with pytest.raises(LeaseLost):
        await database.leads.update(replace(lead, attempts=7), lease, release=False)


async def test_an_erased_lead_is_not_claimed(database: Database) -> None:
    await database.leads.add(a_lead())
    await database.customers.erase(ANNA)

    assert await database.leads.claim(limit=10, lease_for=A_WHILE) == ()


async def test_an_erased_lead_is_not_claimed_even_if_it_were_due(database: Database) -> None:
    await database.leads.add(a_lead(customer=None, answers={}, erased_at=NOW))

    assert await database.leads.claim(limit=10, lease_for=A_WHILE) == ()


async def test_who_delivers_a_lead_loses_it_when_it_is_erased(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    await database.customers.erase(ANNA)

    with pytest.raises(LeaseLost):
        await database.leads.update(lead, lease, release=True)

    erased = await database.leads.load(lead.id)
    assert erased is not None
    assert dict(erased.answers) == {}
