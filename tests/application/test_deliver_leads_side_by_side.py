"""Several workers at once: each lead is delivered by one of them, and each person gets one contact."""

import asyncio
from datetime import timedelta

import pytest

from carquery.adapters.memory.crm import LIMITS
from carquery.application.leads.deliver_leads import DeliveryReport
from carquery.application.ports.crm import CrmAmbiguous
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.reason import Reason
from tests.application.crms import InterruptedCrm
from tests.application.delivering import (
    EFFECTS,
    EVERYTHING_ONCE,
    LEASE,
    QUARANTINE,
    Delivery,
    counts,
    leads_of_many,
    once_each,
)
from tests.builders import ANNA, BORIS, a_lead, a_lead_with_files


async def test_two_passes_at_once_share_the_due_leads(delivery: Delivery) -> None:
    leads = leads_of_many(LIMITS.batch + 10)
    await delivery.has(*leads)
    second: list[DeliveryReport] = []

    async def the_second_pass() -> None:
        second.append(await delivery.pass_of()())

    first = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.LEAD, the_second_pass))()

    assert (first.delivered, second[0].delivered) == (LIMITS.batch, 10)
    assert counts(delivery.crm) == once_each(len(leads))


@pytest.mark.parametrize("workers", [2, 5])
async def test_workers_in_parallel_deliver_each_lead_once(delivery: Delivery, workers: int) -> None:
    leads = leads_of_many(2 * LIMITS.batch)
    await delivery.has(*leads)
    crm = InterruptedCrm(delivery.crm, Effect.LEAD, lambda: asyncio.sleep(0))

    reports = await asyncio.gather(*(delivery.pass_of(crm=crm)() for _ in range(workers)))

    assert sum(report.delivered for report in reports) == len(leads)
    assert counts(delivery.crm) == once_each(len(leads))


async def test_leads_of_one_person_in_two_claims_get_one_contact(delivery: Delivery) -> None:
    """The second one arrives while the first one's contact is being made."""
    first, second = a_lead(1, customer=ANNA), a_lead(2, customer=BORIS)
    await delivery.has(first)
    meanwhile: list[DeliveryReport] = []

    async def the_second_arrives() -> None:
        await delivery.has(second)
        meanwhile.append(await delivery.pass_of()())

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.CONTACT, the_second_arrives))()
    afterwards = await delivery.pass_of()()

    assert (meanwhile[0].claimed, afterwards.delivered) == (0, 1)
    assert (len(delivery.crm.contacts), len(delivery.crm.deals)) == (1, 2)


@pytest.mark.parametrize("was_made", [True, False], ids=["made", "not made"])
async def test_while_nobody_knows_whether_a_person_s_contact_stands_nobody_makes_another(
    delivery: Delivery, *, was_made: bool
) -> None:
    in_doubt, fresh = a_lead(1, customer=ANNA), a_lead(2, customer=BORIS)
    delivery.randomness.next_chance = 0.0
    await delivery.has(in_doubt)
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.CONTACT, after_effect=was_made)
    await delivery.pass_of()()
    await delivery.has(fresh)

    too_early = await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)
    who_looks_first = await delivery.pass_of()()
    the_other = await delivery.pass_of()()

    assert (too_early.claimed, who_looks_first.delivered, the_other.delivered) == (0, 1, 1)
    assert (len(delivery.crm.contacts), len(delivery.crm.deals)) == (1, 2)


@EFFECTS
async def test_a_second_worker_during_a_call_makes_nothing_twice(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

    report = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, delivery.pass_of()))()

    assert report.delivered == 1
    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE


@EFFECTS
async def test_a_worker_taken_over_during_a_call_does_nothing_further(delivery: Delivery, effect: Effect) -> None:
    """Its call took longer than its lease; the other worker waits until it can no longer land."""
    lead = await delivery.leads.add(a_lead_with_files())

    async def another_takes_over() -> None:
        delivery.clock.pass_time(LEASE)
        await delivery.leads.claim(limit=1, lease_for=LEASE)

    slow = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, another_takes_over))()

    stored = await delivery.stored(lead)
    assert slow == DeliveryReport(claimed=1, delivered=0)
    assert stored.status is LeadStatus.DELIVERING
    assert stored.intent is not None
    assert stored.intent.effect is effect


@EFFECTS
async def test_a_refusal_that_comes_after_a_takeover_is_nobody_s_failure(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.refuse(lead.id, effect, Reason("нет такого поля"))

    async def another_takes_over() -> None:
        delivery.clock.pass_time(LEASE)
        await delivery.leads.claim(limit=1, lease_for=LEASE)

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, another_takes_over))()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.attempts, stored.failure) == (LeadStatus.DELIVERING, 0, None)
    assert delivery.told == []


@EFFECTS
async def test_a_lead_taken_over_during_a_call_is_completed_once(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

    async def another_takes_over() -> None:
        delivery.clock.pass_time(LEASE)
        await delivery.pass_of()()

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, another_takes_over))()
    delivery.clock.pass_time(timedelta(minutes=2))
    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE
