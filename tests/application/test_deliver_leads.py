"""A pass makes what each due lead still lacks, in order, and records it."""

import asyncio
from datetime import timedelta

import pytest

from carquery.application.deliver_leads import BATCH, LEASE, DeliveryReport
from carquery.application.ports.alerts import ContactToErase
from carquery.domain.contact import Phone
from carquery.domain.lead import NOTHING_TO_MAKE, CrmId, Effect, LeadStatus
from tests.application.delivering import (
    EVERYTHING_ONCE,
    NOTHING,
    ChoosyCrm,
    Delivery,
    InterruptedCrm,
    a_lead_with_photos,
    counts,
)
from tests.builders import ANNA, BORIS, EVERY_KIND_OF_ANSWER, NOW, a_lead


@pytest.fixture
def delivery() -> Delivery:
    return Delivery()


async def test_a_due_lead_stands_in_the_crm_once_and_complete(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())

    report = await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert report == DeliveryReport(claimed=1, delivered=1)
    assert counts(delivery.crm) == EVERYTHING_ONCE
    assert (stored.status, stored.delivered_at, stored.next_attempt_at) == (LeadStatus.DELIVERED, NOW, None)
    assert (stored.intent, stored.attempts, stored.failure) == (None, 0, None)
    assert delivery.told == []


async def test_what_was_made_is_recorded_under_the_crm_s_numbers(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())

    await delivery.pass_of()()

    (contact,), (deal,), (note,), (task,) = (
        delivery.crm.contacts,
        delivery.crm.deals,
        delivery.crm.notes,
        delivery.crm.tasks,
    )
    assert dict((await delivery.stored(lead)).made) == {
        Effect.CONTACT: contact,
        Effect.LEAD: deal,
        Effect.NOTE: note,
        Effect.TASK: task,
        Effect.FILES: deal,
    }


async def test_the_manager_finds_contact_reference_and_answers(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())

    await delivery.pass_of()()

    (contact,) = delivery.crm.contacts.values()
    (deal,) = delivery.crm.deals.values()
    (note,) = delivery.crm.notes.values()
    assert (contact.name, contact.phone) == ("Анна", Phone("+79161234567"))
    assert (deal.contact, deal.reference, deal.price) == (contact.id, lead.reference, lead.price)
    assert all(answer in note.text for _, answer in lead.lines)


@pytest.mark.parametrize("effect", list(Effect))
async def test_when_an_effect_is_made_all_before_it_are_recorded_and_it_is_intended(
    delivery: Delivery, effect: Effect
) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    seen: list[tuple[list[Effect], Effect | None]] = []

    async def look() -> None:
        stored = await delivery.stored(lead)
        seen.append((list(stored.made), None if stored.intent is None else stored.intent.effect))

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, look))()

    order = list(Effect)
    assert seen == [(order[: order.index(effect)], effect)]


async def test_a_lead_goes_on_where_it_stopped(delivery: Delivery) -> None:
    await delivery.leads.add(a_lead(1))
    await delivery.pass_of()()
    (deal,) = delivery.crm.deals.values()
    made = {Effect.CONTACT: deal.contact, Effect.LEAD: deal.id, Effect.NOTE: CrmId(3)}
    half_made = await delivery.leads.add(a_lead(2, made=made))

    await delivery.pass_of()()

    assert await delivery.status(half_made) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == {"contacts": 1, "deals": 1, "notes": 1, "tasks": 2, "files": 1}


async def test_what_a_lead_does_not_need_is_not_made(delivery: Delivery) -> None:
    answers = {name: answer for name, answer in EVERY_KIND_OF_ANSWER.items() if name != "photos"}
    lead = await delivery.leads.add(a_lead(answers=answers))

    await delivery.pass_of()()

    assert (await delivery.stored(lead)).made[Effect.FILES] == NOTHING_TO_MAKE
    assert await delivery.status(lead) is LeadStatus.DELIVERED


async def test_what_the_crm_would_not_take_is_said_in_the_note(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())

    await delivery.pass_of(crm=ChoosyCrm(delivery.crm, "Поле «VIN» не принято"))()

    stored = await delivery.stored(lead)
    (note,) = delivery.crm.notes.values()
    assert (stored.status, stored.left_out) == (LeadStatus.DELIVERED, ("Поле «VIN» не принято",))
    assert "Поле «VIN» не принято" in note.text


async def test_leads_of_one_phone_share_a_contact(delivery: Delivery) -> None:
    for number in (1, 2):
        await delivery.leads.add(a_lead(number, customer=ANNA if number == 1 else BORIS))

    await delivery.pass_of()()

    assert (len(delivery.crm.contacts), len(delivery.crm.deals)) == (1, 2)


async def test_nothing_due_is_nothing_done(delivery: Delivery) -> None:
    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)
    assert counts(delivery.crm) == NOTHING


async def test_a_delivered_lead_is_not_delivered_again(delivery: Delivery) -> None:
    await delivery.leads.add(a_lead_with_photos())
    await delivery.pass_of()()
    delivery.clock.pass_time(timedelta(days=1))

    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_a_pass_takes_one_batch_the_oldest_first(delivery: Delivery) -> None:
    for number in range(BATCH + 5):
        await delivery.leads.add(a_lead(number, next_attempt_at=NOW - timedelta(seconds=BATCH + 5 - number)))

    assert await delivery.pass_of()() == DeliveryReport(claimed=BATCH, delivered=BATCH)
    waiting = {lead.id for lead in delivery.dealership.stored_leads if lead.status is LeadStatus.PENDING}
    assert waiting == {a_lead(number).id for number in range(BATCH, BATCH + 5)}
    assert await delivery.pass_of()() == DeliveryReport(claimed=5, delivered=5)


async def test_two_workers_at_once_deliver_each_lead_once(delivery: Delivery) -> None:
    for number in range(10):
        await delivery.leads.add(a_lead(number))

    reports = await asyncio.gather(delivery.pass_of()(), delivery.pass_of()())

    assert sum(report.delivered for report in reports) == 10
    assert (len(delivery.crm.deals), len(delivery.crm.notes), len(delivery.crm.tasks)) == (10, 10, 10)


@pytest.mark.parametrize("effect", list(Effect))
async def test_a_second_worker_during_a_call_makes_nothing_twice(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())

    report = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, delivery.pass_of()))()

    assert report.delivered == 1
    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE


@pytest.mark.parametrize("effect", list(Effect))
async def test_a_worker_taken_over_during_a_call_does_nothing_further(delivery: Delivery, effect: Effect) -> None:
    """Its call took longer than its lease; the other worker waits until it can no longer land."""
    lead = await delivery.leads.add(a_lead_with_photos())

    async def another_takes_over() -> None:
        delivery.clock.pass_time(LEASE)
        await delivery.leads.claim(limit=1, lease_for=LEASE)

    slow = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, another_takes_over))()

    stored = await delivery.stored(lead)
    assert slow == DeliveryReport(claimed=1, delivered=0)
    assert stored.status is LeadStatus.DELIVERING
    assert stored.intent is not None
    assert stored.intent.effect is effect


@pytest.mark.parametrize("effect", list(Effect))
async def test_a_refusal_that_comes_after_a_takeover_is_nobody_s_failure(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.refuse(lead.id, effect, "нет такого поля")

    async def another_takes_over() -> None:
        delivery.clock.pass_time(LEASE)
        await delivery.leads.claim(limit=1, lease_for=LEASE)

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, another_takes_over))()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.attempts, stored.failure) == (LeadStatus.DELIVERING, 0, None)
    assert delivery.told == []


@pytest.mark.parametrize("effect", list(Effect))
async def test_a_lead_taken_over_during_a_call_is_completed_once(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())

    async def another_takes_over() -> None:
        delivery.clock.pass_time(LEASE)
        await delivery.pass_of()()

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, another_takes_over))()
    delivery.clock.pass_time(timedelta(minutes=2))
    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE


@pytest.mark.parametrize("effect", [effect for effect in Effect if effect is not Effect.FILES])
async def test_a_lead_erased_during_delivery_goes_no_further(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())

    async def erase() -> None:
        await delivery.dealership.customers.erase(ANNA)

    report = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, erase))()

    made = list(counts(delivery.crm).values())
    order = list(Effect)
    assert report.delivered == 0
    assert [count > 0 for count in made] == [place <= order.index(effect) for place in range(len(order))]
    stored = await delivery.stored(lead)
    assert (dict(stored.answers), stored.next_attempt_at) == ({}, None)


async def test_a_contact_made_while_the_customer_is_erased_is_told(delivery: Delivery) -> None:
    await delivery.leads.add(a_lead_with_photos())

    async def erase() -> None:
        await delivery.dealership.customers.erase(ANNA)

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.CONTACT, erase))()

    (contact,) = delivery.crm.contacts
    assert delivery.told == [ContactToErase((contact,))]
