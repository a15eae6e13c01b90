"""A pass makes what each due lead still lacks, in order, and records it."""

from datetime import timedelta

import pytest

from carquery.adapters.memory.crm import LIMITS, MEMORY
from carquery.application.leads import crm_texts
from carquery.application.leads.deliver_leads import DeliveryReport
from carquery.application.leads.reasons import LeadReason
from carquery.domain.contact import Phone
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from tests.application.crms import InterruptedCrm, ObservedCrm
from tests.application.delivering import EVERYTHING_ONCE, NOTHING, Delivery, counts, leads_of_many
from tests.builders import ANNA, BORIS, EVERY_KIND_OF_ANSWER, NOW, a_lead, a_lead_with_files


async def test_a_due_lead_stands_in_the_crm_once_and_complete(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

    report = await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert report == DeliveryReport(claimed=1, delivered=1)
    assert counts(delivery.crm) == EVERYTHING_ONCE
    assert (stored.status, stored.delivered_at, stored.next_attempt_at) == (LeadStatus.DELIVERED, NOW, None)
    assert (stored.intent, stored.attempts, stored.failure) == (None, 0, None)
    assert delivery.told == []


async def test_what_was_made_is_recorded_under_the_crm_s_numbers(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

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


async def test_the_history_tells_the_whole_way(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

    await delivery.pass_of()()

    made = (await delivery.stored(lead)).made
    assert await delivery.leads.history(lead.id) == (
        *(HistoryEntry(NOW, Happening.MADE, effect, LeadReason.STANDS(number=made[effect])) for effect in Effect),
        HistoryEntry(NOW, Happening.DELIVERED),
    )


async def test_the_manager_finds_contact_reference_and_answers(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

    await delivery.pass_of()()

    (contact,) = delivery.crm.contacts.values()
    (deal,) = delivery.crm.deals.values()
    (note,) = delivery.crm.notes.values()
    assert (contact.name, contact.phone) == ("Анна", Phone("+79161234567"))
    assert (deal.contact, deal.reference, deal.price) == (contact.id, lead.reference, lead.price)
    assert note.text == crm_texts.note(lead, MEMORY)


@pytest.mark.parametrize("effect", list(Effect))
async def test_when_an_effect_is_made_all_before_it_are_recorded_and_it_is_intended(
    delivery: Delivery, effect: Effect
) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
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


async def test_leads_of_one_phone_share_a_contact(delivery: Delivery) -> None:
    for number in (1, 2):
        await delivery.leads.add(a_lead(number, customer=ANNA if number == 1 else BORIS))

    await delivery.pass_of()()

    assert (len(delivery.crm.contacts), len(delivery.crm.deals)) == (1, 2)


async def test_nothing_due_is_nothing_done(delivery: Delivery) -> None:
    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)
    assert counts(delivery.crm) == NOTHING


async def test_a_delivered_lead_is_not_delivered_again(delivery: Delivery) -> None:
    await delivery.leads.add(a_lead_with_files())
    await delivery.pass_of()()
    delivery.clock.pass_time(timedelta(days=1))

    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_a_pass_takes_one_batch_the_oldest_first(delivery: Delivery) -> None:
    for number in range(LIMITS.batch + 5):
        await delivery.leads.add(a_lead(number, next_attempt_at=NOW - timedelta(seconds=LIMITS.batch + 5 - number)))

    assert await delivery.pass_of()() == DeliveryReport(claimed=LIMITS.batch, delivered=LIMITS.batch)
    waiting = {lead.id for lead in delivery.dealership.stored_leads if lead.status is LeadStatus.PENDING}
    assert waiting == {a_lead(number).id for number in range(LIMITS.batch, LIMITS.batch + 5)}
    assert await delivery.pass_of()() == DeliveryReport(claimed=5, delivered=5)


async def test_each_effect_of_a_whole_batch_is_one_call_and_contacts_are_two(delivery: Delivery) -> None:
    leads = leads_of_many(LIMITS.batch)
    await delivery.has(*leads)
    observed = ObservedCrm(delivery.crm)

    await delivery.pass_of(crm=observed)()

    everyone = tuple(lead.id for lead in leads)
    contacts = [(Effect.CONTACT, everyone[: LIMITS.contacts]), (Effect.CONTACT, everyone[LIMITS.contacts :])]
    assert observed.sought == []
    assert observed.made == [*contacts, *((effect, everyone) for effect in Effect if effect is not Effect.CONTACT)]


async def test_a_pass_for_some_leads_leaves_the_others(delivery: Delivery) -> None:
    first, wanted, last = leads_of_many(3)
    await delivery.has(first, wanted, last)

    assert await delivery.pass_of()(only=[wanted.id]) == DeliveryReport(claimed=1, delivered=1)

    statuses = [await delivery.status(lead) for lead in (first, wanted, last)]
    assert statuses == [LeadStatus.PENDING, LeadStatus.DELIVERED, LeadStatus.PENDING]
