"""Less than a whole lead: something that the CRM would not take, or a customer who had their data erased meanwhile."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.alerts import ContactMayExist, ContactToErase, LeftOut
from carquery.application.ports.crm import CrmAmbiguous
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.reason import Reason
from tests.application.crms import ChoosyCrm, InterruptedCrm, InterruptedLook
from tests.application.delivering import QUARANTINE, Delivery, counts, leads_of_many
from tests.application.faults import Boundaries, FragileLeads
from tests.builders import ANNA, BORIS, a_lead_with_files

VIN_IS_GONE = "Поле «VIN» не принято"


@pytest.fixture
def erase(delivery: Delivery) -> Callable[[], Awaitable[object]]:
    """Anna has her data erased."""
    return lambda: delivery.dealership.customers.erase(ANNA)


async def test_what_the_crm_would_not_take_is_said_in_the_note(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

    await delivery.pass_of(crm=ChoosyCrm(delivery.crm, VIN_IS_GONE))()

    stored = await delivery.stored(lead)
    (note,) = delivery.crm.notes.values()
    assert (stored.status, stored.left_out, stored.attempts) == (LeadStatus.DELIVERED, (Reason(VIN_IS_GONE),), 0)
    assert VIN_IS_GONE in note.text
    why = (await delivery.leads.history(lead.id))[1].why
    assert why == LeadReason.STANDS(Reason(VIN_IS_GONE), number=stored.made[Effect.LEAD])


async def test_a_field_that_no_lead_can_have_is_told_in_one_message(delivery: Delivery) -> None:
    leads = leads_of_many(5)
    await delivery.has(*leads)

    report = await delivery.pass_of(crm=ChoosyCrm(delivery.crm, VIN_IS_GONE))()

    assert report.delivered == 5
    assert delivery.told == [LeftOut(tuple(lead.reference for lead in leads), Reason(VIN_IS_GONE))]


async def test_what_was_left_out_is_told_before_anything_is_recorded_that_would_hide_it(delivery: Delivery) -> None:
    """A process that is killed in between would find the deal, and not know any more what it lacks."""
    lead = await delivery.leads.add(a_lead_with_files())
    told: list[bool] = []

    async def look() -> None:
        if Effect.LEAD in (await delivery.stored(lead)).made:
            told.append(delivery.told == [LeftOut((lead.reference,), Reason(VIN_IS_GONE))])

    leads = FragileLeads(delivery.leads, Boundaries(dict.fromkeys(range(100), look)))
    await delivery.pass_of(leads=leads, crm=ChoosyCrm(delivery.crm, VIN_IS_GONE))()

    assert told
    assert all(told)


async def test_a_field_that_is_gone_is_told_once_a_day_and_another_one_at_once(delivery: Delivery) -> None:
    staff = delivery.dealership.staff
    first, second, other, next_day = leads_of_many(4)
    of_day = ((first, VIN_IS_GONE), (second, VIN_IS_GONE), (other, "Тег «бот» не принят"))

    for lead, refused in of_day:
        await delivery.has(lead)
        await delivery.pass_of(crm=ChoosyCrm(delivery.crm, refused), alerts=staff.alerts)()
        await staff.catch_up()
    delivery.clock.pass_time(timedelta(days=1))
    await delivery.has(next_day)
    await delivery.pass_of(crm=ChoosyCrm(delivery.crm, VIN_IS_GONE), alerts=staff.alerts)()
    await staff.catch_up()

    assert staff.said == [
        LeftOut((first.reference,), Reason(VIN_IS_GONE)),
        LeftOut((other.reference,), Reason("Тег «бот» не принят")),
        LeftOut((second.reference, next_day.reference), Reason(VIN_IS_GONE)),
    ]


@pytest.mark.parametrize("effect", [effect for effect in Effect if effect is not Effect.FILES])
async def test_a_lead_erased_during_delivery_goes_no_further(
    delivery: Delivery, erase: Callable[[], Awaitable[object]], effect: Effect
) -> None:
    lead = await delivery.leads.add(a_lead_with_files())

    report = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, effect, erase))()

    made = list(counts(delivery.crm).values())
    order = list(Effect)
    assert report.delivered == 0
    assert [count > 0 for count in made] == [place <= order.index(effect) for place in range(len(order))]
    stored = await delivery.stored(lead)
    assert (dict(stored.answers), stored.next_attempt_at) == ({}, None)


async def test_the_other_leads_of_its_batch_go_on(delivery: Delivery, erase: Callable[[], Awaitable[object]]) -> None:
    await delivery.has(a_lead_with_files(1, customer=ANNA))
    boris_s = await delivery.leads.add(a_lead_with_files(2, customer=BORIS))

    report = await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.LEAD, erase))()

    assert (report.delivered, await delivery.status(boris_s)) == (1, LeadStatus.DELIVERED)


async def test_a_contact_made_while_the_customer_is_erased_is_told(
    delivery: Delivery, erase: Callable[[], Awaitable[object]]
) -> None:
    await delivery.has(a_lead_with_files())

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.CONTACT, erase))()

    (contact,) = delivery.crm.contacts
    assert delivery.told == [ContactToErase((contact,))]
    (kept_by_the_erasure,) = delivery.dealership.staff.waiting  # which is enough if the process ends before it tells
    assert isinstance(kept_by_the_erasure, ContactMayExist)


async def test_a_contact_found_while_the_customer_is_erased_is_told(
    delivery: Delivery, erase: Callable[[], Awaitable[object]]
) -> None:
    """It stands there since a call whose answer was lost; nobody knew of it when the customer asked."""
    await delivery.has(a_lead_with_files())
    delivery.randomness.next_chance = 0.0
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.CONTACT, after_effect=True)
    await delivery.pass_of()()
    delivery.told.clear()
    delivery.clock.pass_time(QUARANTINE)

    await delivery.pass_of(crm=InterruptedLook(delivery.crm, erase))()

    (contact,) = delivery.crm.contacts
    assert delivery.told == [ContactToErase((contact,))]


async def test_a_contact_that_was_known_when_the_customer_was_erased_is_not_told_again(
    delivery: Delivery, erase: Callable[[], Awaitable[object]]
) -> None:
    await delivery.has(a_lead_with_files())

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.NOTE, erase))()

    assert delivery.told == []
    assert delivery.dealership.staff.waiting == [ContactToErase(tuple(delivery.crm.contacts))]
