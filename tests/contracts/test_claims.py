"""Which leads a worker may take, and for how long they are its own."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from carquery.application.ports.leads import Claim, LeadChange
from carquery.domain.claiming import CONTACT_SETTLES
from carquery.domain.contact import Phone
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from tests.builders import ANNA, NOW, a_lead, someone
from tests.contracts.claiming import A_WHILE, claim_one
from tests.contracts.databases import Database

PHONE = Phone("+79161234567")


async def claimed(database: Database, **how: Any) -> list[str]:
    claim: Claim = await database.leads.claim(**{"limit": 10, "lease_for": A_WHILE, **how})
    return [lead.reference for lead in claim.leads]


async def test_a_due_lead_is_claimed_and_turns_delivering(database: Database) -> None:
    added = await database.leads.add(a_lead())

    lead, _ = await claim_one(database)

    assert lead == replace(added, status=LeadStatus.DELIVERING)
    assert await database.leads.load(added.id) == lead


async def test_the_oldest_due_leads_are_claimed_first(database: Database) -> None:
    for number in (3, 1, 2):
        await database.leads.add(a_lead(number, next_attempt_at=NOW - timedelta(seconds=number)))

    assert await claimed(database, limit=2) == ["CQ-000003", "CQ-000002"]


@pytest.mark.parametrize("due_at", [None, NOW.replace(year=2100)])
async def test_a_lead_that_is_not_due_is_left_alone(database: Database, due_at: object) -> None:
    await database.leads.add(a_lead(next_attempt_at=due_at))

    assert await claimed(database) == []


async def test_a_claimed_lead_is_not_claimed_again_while_the_lease_runs(database: Database) -> None:
    await database.leads.add(a_lead())
    await claim_one(database)

    assert await claimed(database) == []


async def test_claims_at_once_share_neither_lead_nor_person(database: Database) -> None:
    for number in range(1, 61):
        await database.leads.add(someone(number, Phone(f"+7916000{number % 20:04}")))

    claims = await asyncio.gather(*(database.leads.claim(limit=10, lease_for=A_WHILE) for _ in range(8)))

    taken = [lead.id for claim in claims for lead in claim.leads]
    people = [phone for claim in claims for phone in {lead.phone for lead in claim.leads}]
    assert len(taken) == len(set(taken))
    assert len(people) == len(set(people))
    assert len(people) == 20


async def test_a_lead_is_taken_over_when_the_lease_has_run_out(database: Database) -> None:
    await database.leads.add(a_lead())
    _, first = await claim_one(database)

    await database.end_leases()
    _, second = await claim_one(database)

    assert second != first


async def test_a_released_lead_can_be_claimed_again(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)

    await database.leads.update([LeadChange(lead)], lease, release=True)

    again, _ = await claim_one(database)
    assert again.id == lead.id


async def test_an_erased_lead_is_not_claimed(database: Database) -> None:
    await database.leads.add(a_lead())
    await database.customers.erase(ANNA)

    assert await claimed(database) == []


async def test_an_erased_lead_is_not_claimed_even_if_it_were_due(database: Database) -> None:
    await database.leads.add(a_lead(customer=None, answers={}, erased_at=NOW))

    assert await claimed(database) == []


async def test_no_lead_but_those_asked_for_is_claimed(database: Database) -> None:
    for number in (1, 2, 3):
        await database.leads.add(someone(number))

    assert await claimed(database, only=[someone(2).id]) == ["CQ-000002"]
    assert await claimed(database, only=[]) == []


async def test_a_renewed_lease_runs_on(database: Database) -> None:
    await database.leads.add(a_lead())
    _, lease = await claim_one(database)
    await database.pass_time(A_WHILE * 0.8)

    assert await database.leads.renew(lease, lease_for=A_WHILE) == 1

    await database.pass_time(A_WHILE * 0.8)
    assert await claimed(database) == []


async def test_a_lease_that_has_run_out_can_t_be_renewed(database: Database) -> None:
    await database.leads.add(a_lead())
    _, lease = await claim_one(database)
    await database.pass_time(A_WHILE * 1.2)

    assert await database.leads.renew(lease, lease_for=A_WHILE) == 0
    assert await claimed(database) == ["CQ-000001"]


async def test_a_lease_is_renewed_on_all_leads_that_it_holds_still(database: Database) -> None:
    for number in (1, 2, 3):
        await database.leads.add(someone(number))
    claim = await database.leads.claim(limit=10, lease_for=A_WHILE)
    await database.leads.update([LeadChange(claim.leads[0])], claim.lease, release=True)

    assert await database.leads.renew(claim.lease, lease_for=A_WHILE) == 2


async def test_all_due_leads_of_one_person_are_claimed_together(database: Database) -> None:
    for number in (1, 2):
        await database.leads.add(someone(number, PHONE))

    assert await claimed(database) == ["CQ-000001", "CQ-000002"]


async def test_a_person_whose_lead_is_in_hand_is_left_to_that_worker(database: Database) -> None:
    await database.leads.add(someone(1, PHONE))
    lead, lease = await claim_one(database)
    await database.leads.add(someone(2, PHONE))
    await database.leads.add(someone(3, Phone("+79035550101")))

    assert await claimed(database) == ["CQ-000003"]

    await database.leads.update([LeadChange(lead.delivered(at=NOW))], lease, release=True)
    assert await claimed(database) == ["CQ-000002"]


async def test_a_person_whose_contact_may_yet_appear_waits(database: Database) -> None:
    uncertain = someone(1, PHONE, next_attempt_at=None).intends(Effect.CONTACT, at=database.now())
    await database.leads.add(uncertain)
    await database.leads.add(someone(2, PHONE))

    assert await claimed(database) == []

    await database.pass_time(CONTACT_SETTLES)
    assert await claimed(database) == ["CQ-000002"]


async def test_whoever_may_look_for_that_contact_does_not_wait(database: Database) -> None:
    for number in (1, 2):
        await database.leads.add(someone(number, PHONE).intends(Effect.CONTACT, at=database.now()))
    await database.leads.add(someone(3, PHONE))

    assert await claimed(database) == ["CQ-000001", "CQ-000002"]


async def test_another_effect_s_doubt_keeps_nobody_from_anything(database: Database) -> None:
    await database.leads.add(someone(1, PHONE, next_attempt_at=None).intends(Effect.NOTE, at=database.now()))
    await database.leads.add(someone(2, PHONE))

    assert await claimed(database) == ["CQ-000002"]


async def test_erased_leads_keep_nobody_from_anything(database: Database) -> None:
    await database.leads.add(someone(1, PHONE).intends(Effect.CONTACT, at=database.now()))
    await database.customers.erase(ANNA)
    await database.leads.add(someone(2, PHONE))

    assert await claimed(database) == ["CQ-000002"]
