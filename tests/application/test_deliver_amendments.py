"""What customers change of sent leads comes into the CRM, once, whatever else happens."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.adapters.memory.crm_amendments import MemoryCrmAmendments
from carquery.application.leads.held_leads import REAL_TIMES
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.alerts import AmendmentsStranded, CrmClosed
from carquery.application.ports.crm import Closure, CrmAmbiguous, CrmBusy, CrmOutcome, CrmShutOut, Permit
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.domain.amendment import Amendment, AmendmentEffect, AmendmentStatus
from carquery.domain.contact import PersonName, Phone
from carquery.domain.effects import NOTHING_TO_MAKE, Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.reason import Reason
from carquery.domain.words import Words
from tests.application.delivering import EVERYTHING_ONCE, LEASE, MOST_ATTEMPTS, QUARANTINE, Delivery, counts
from tests.application.repeating import a_regular
from tests.builders import ANNA, HOUR, MINUTE, NOW, SECOND, a_correction, a_lead_with_files, a_reviewed_dialog

OTHER_PHONE = Phone("+79035550101")


async def a_delivered(delivery: Delivery) -> Lead:
    """A lead that stands in the CRM."""
    lead = await delivery.leads.add(a_lead_with_files())
    await delivery.pass_of()()
    return await delivery.stored(lead)


async def corrects(delivery: Delivery, lead: Lead, *, number: int = 90, **after: object) -> Amendment:
    correction = a_correction(lead, number=number, at=NOW + number * timedelta(microseconds=1), **after)
    return await delivery.dealership.amendments.add(correction, ANNA)


async def cancels(delivery: Delivery, lead: Lead) -> Amendment:
    return await delivery.dealership.amendments.add(Amendment.cancelling(lead, at=delivery.clock.now()), ANNA)


async def amendments_of(delivery: Delivery, lead: Lead) -> tuple[Amendment, ...]:
    return (await delivery.dealership.amendments.of([lead.id])).get(lead.id, ())


def texts(delivery: Delivery) -> list[str]:
    return [note.text for note in delivery.crm.notes.values()]


async def test_a_correction_of_a_delivered_lead_reaches_contact_and_deal(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await corrects(delivery, lead, phone=OTHER_PHONE, comment=Words("только белая"))
    delivery.clock.pass_time(MINUTE)

    report = await delivery.amending_pass()()

    (contact,) = delivery.crm.contacts.values()
    assert (contact.phone, contact.more_phones) == (lead.phone, (OTHER_PHONE,))
    assert "только белая" in texts(delivery)[-1]
    assert report.references == (lead.reference,)
    (done,) = await amendments_of(delivery, lead)
    assert (done.status, done.delivered_at) == (AmendmentStatus.DELIVERED, delivery.clock.now())


async def test_a_cancelled_lead_gets_a_note_and_a_task(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)

    await delivery.amending_pass()()

    assert texts(delivery)[-1].startswith(f"Клиент отменил заявку {lead.reference}")
    assert [task.text for task in delivery.crm.tasks.values()][-1].startswith("Клиент отменил")


async def test_of_a_request_that_was_finished_as_it_stood_the_manager_reads_one_line(delivery: Delivery) -> None:
    """Who reads «Не завершена» in its note learns that it was sent after all."""
    left = a_reviewed_dialog()
    lead = await delivery.leads.add(replace(a_lead_with_files(), answers=left.answers, is_unfinished=True))
    await delivery.pass_of()()
    before = counts(delivery.crm)
    await delivery.dealership.amendments.add(Amendment.completing(left, lead, at=delivery.clock.now()), ANNA)

    await delivery.amending_pass()()

    assert counts(delivery.crm) == before | {"notes": before["notes"] + 1}
    assert texts(delivery)[-1].startswith(f"Клиент отправил заявку {lead.reference}")
    assert not (await delivery.stored(lead)).is_unfinished


async def test_what_is_corrected_of_a_joined_lead_leaves_the_first_request_s_deal_as_it_is() -> None:
    regular = await a_regular()
    lead = await regular.asks_again()
    await regular.delivery.pass_of()()
    before = regular.delivery.crm.deals[regular.deal]
    await corrects(regular.delivery, lead, phone=OTHER_PHONE, car_brand=Words("Kia Rio"))
    regular.delivery.clock.pass_time(MINUTE)

    await regular.delivery.amending_pass()()

    assert regular.delivery.crm.deals == {regular.deal: before}
    assert f"{lead.reference}" in texts(regular.delivery)[-1]
    assert "Kia Rio" in texts(regular.delivery)[-1]
    (contact,) = regular.delivery.crm.contacts.values()
    assert contact.more_phones == (OTHER_PHONE,)


async def test_of_a_joined_lead_that_is_cancelled_the_first_request_s_deal_is_not_to_be_closed() -> None:
    regular = await a_regular()
    lead = await regular.asks_again()
    await regular.delivery.pass_of()()
    await cancels(regular.delivery, lead)

    await regular.delivery.amending_pass()()

    task = list(regular.delivery.crm.tasks.values())[-1]
    assert (task.deal, "закрыть" in task.text) == (regular.deal, False)
    assert task.text.startswith("Клиент отменил повторную заявку")


async def test_a_correction_before_delivery_is_delivered_with_the_lead(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    await corrects(delivery, lead, phone=OTHER_PHONE)

    await delivery.pass_of()()
    await delivery.amending_pass()()

    (contact,) = delivery.crm.contacts.values()
    assert (contact.phone, contact.more_phones) == (OTHER_PHONE, ())
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_a_lead_cancelled_before_delivery_is_delivered_with_one_task_not_to_call(delivery: Delivery) -> None:
    """The manager learns who wanted what, and that it is not wanted any more."""
    lead = await delivery.leads.add(a_lead_with_files())
    await cancels(delivery, lead)

    await delivery.pass_of()()
    await delivery.amending_pass()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    (task,) = delivery.crm.tasks.values()
    assert task.text.startswith("Клиент отменил")
    assert [text.split()[0] for text in texts(delivery)] == ["Заявка", "Клиент"]
    assert (await delivery.stored(lead)).made[Effect.TASK] == NOTHING_TO_MAKE


async def test_nothing_is_told_of_a_lead_before_it_is_delivered(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    await cancels(delivery, lead)

    assert (await delivery.amending_pass()()).claimed == 0
    assert delivery.crm.notes == {}


async def test_two_corrections_come_in_the_order_they_were_made(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await corrects(delivery, lead, number=1, name=PersonName("Мария"))
    await corrects(delivery, lead, number=2, name=PersonName("Марина"))
    delivery.clock.pass_time(MINUTE)

    await delivery.amending_pass()()

    assert ["Мария (было: Анна)" in text for text in texts(delivery)] == [False, True, False]
    assert ["Марина (было: Мария)" in text for text in texts(delivery)] == [False, False, True]
    assert next(iter(delivery.crm.contacts.values())).name == "Марина"


async def test_a_lost_answer_is_waited_out_before_it_is_looked_for(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)
    delivery.crm_amendments.fail_next(CrmAmbiguous("timeout"), effect=AmendmentEffect.NOTE, after_effect=True)

    await delivery.amending_pass()()
    delivery.clock.pass_time(MINUTE)
    too_early = await delivery.amending_pass()()
    delivery.clock.pass_time(QUARANTINE + 10 * MINUTE)
    await delivery.amending_pass()()

    assert too_early.claimed == 0
    assert len(texts(delivery)) == 2
    assert (await amendments_of(delivery, lead))[0].status is AmendmentStatus.DELIVERED


async def test_who_takes_over_a_crashed_worker_s_amendment_waits_until_its_call_can_no_longer_land(
    delivery: Delivery,
) -> None:
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)
    amendments = delivery.dealership.amendments
    crashed = await amendments.claim(lease_for=LEASE)
    assert crashed is not None
    intending = crashed.amendment.intends(AmendmentEffect.NOTE, at=delivery.clock.now())
    await amendments.update(intending, crashed.lease, lease_for=LEASE)

    delivery.clock.pass_time(LEASE)
    await delivery.amending_pass()()
    at_first = len(texts(delivery))
    delivery.clock.pass_time(QUARANTINE - LEASE)
    await delivery.amending_pass()()

    assert (at_first, len(texts(delivery))) == (1, 2)


async def test_a_call_whose_turn_comes_too_late_after_its_intent_is_not_made(delivery: Delivery) -> None:
    """Were the process killed now, the next one would look before the call can have landed, and make it again."""
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)

    await delivery.amending_pass(made_in=ReachedLate(delivery.crm_amendments, delivery))()
    in_time = len(texts(delivery))
    await delivery.amending_pass()()

    assert (in_time, len(texts(delivery))) == (1, 2)
    (done,) = await amendments_of(delivery, lead)
    assert (done.status, done.attempts) == (AmendmentStatus.DELIVERED, 0)


async def test_two_workers_make_each_thing_once(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await corrects(delivery, lead, number=5, phone=OTHER_PHONE)
    await cancels(delivery, lead)
    delivery.clock.pass_time(MINUTE)

    for _ in range(2):  # two workers, whose passes go between each other
        await delivery.amending_pass()()

    assert len(texts(delivery)) == 3
    assert len(delivery.crm.tasks) == 2


async def test_a_crm_that_is_busy_is_asked_later_without_an_attempt(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)
    delivery.crm_amendments.fail_next(CrmBusy("429", retry_after=MINUTE))

    report = await delivery.amending_pass()()
    delivery.clock.pass_time(MINUTE)
    await delivery.amending_pass()()

    assert not report.is_crm_well
    (done,) = await amendments_of(delivery, lead)
    assert (done.status, done.attempts) == (AmendmentStatus.DELIVERED, 0)


async def test_a_crm_that_shuts_us_out_is_told_once_and_costs_no_attempt(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)
    delivery.crm_amendments.fail_next(CrmShutOut("HTTP 403"))

    await delivery.amending_pass()()
    delivery.clock.pass_time(HOUR)
    await delivery.amending_pass()()

    assert delivery.told == [CrmClosed(Reason("HTTP 403"))]
    assert (await amendments_of(delivery, lead))[0].attempts == 0


async def test_while_the_crm_is_closed_nothing_is_claimed(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)
    delivery.crm.closed = Closure(Reason("unpaid"), HOUR)

    assert (await delivery.amending_pass()()).claimed == 0


async def test_what_is_refused_again_and_again_waits_for_a_person_who_is_told(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    await cancels(delivery, lead)
    delivery.crm_amendments.refuse(AmendmentEffect.NOTE, Reason("нет прав"))

    for _ in range(MOST_ATTEMPTS):
        await delivery.amending_pass()()
        delivery.clock.pass_time(12 * HOUR)

    assert delivery.told == [AmendmentsStranded((lead.reference,), Reason("нет прав"), dead=True)]
    assert (await amendments_of(delivery, lead))[0].status is AmendmentStatus.DEAD


async def test_of_a_closed_deal_people_are_told_where_the_note_is(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    deal = lead.made[Effect.LEAD]
    delivery.crm.turn_deal(deal, DealState(DealPhase.CLOSED))
    await cancels(delivery, lead)

    await delivery.amending_pass()()

    why = LeadReason.DEAL_CLOSED(number=deal)
    assert delivery.told == [AmendmentsStranded((lead.reference,), why, dead=False)]
    assert [note.contact is not None for note in delivery.crm.notes.values()] == [False, True]


async def test_if_nothing_is_left_in_the_crm_people_are_told_at_once(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    delivery.crm.delete_deal(lead.made[Effect.LEAD])
    delivery.crm.delete_contact(lead.made[Effect.CONTACT])
    await cancels(delivery, lead)

    await delivery.amending_pass()()

    assert delivery.told == [AmendmentsStranded((lead.reference,), LeadReason.NOTHING_LEFT(), dead=True)]
    (kept,) = await amendments_of(delivery, lead)
    assert kept.status is AmendmentStatus.DEAD, "what was changed can still be read"


async def test_a_dead_one_that_a_person_puts_back_is_delivered(delivery: Delivery) -> None:
    lead = await a_delivered(delivery)
    deal = lead.made[Effect.LEAD]
    gone = delivery.crm.deals[deal]
    contact = delivery.crm.contacts[lead.made[Effect.CONTACT]]
    delivery.crm.delete_deal(deal)
    delivery.crm.delete_contact(contact.id)
    await cancels(delivery, lead)
    await delivery.amending_pass()()

    delivery.crm.deals[deal], delivery.crm.contacts[contact.id] = gone, contact
    await delivery.dealership.amendments.put_back([lead.id], at=delivery.clock.now())
    await delivery.amending_pass()()

    assert (await amendments_of(delivery, lead))[0].status is AmendmentStatus.DELIVERED


@pytest.mark.parametrize("at", ["before it is claimed", "during a call"])
async def test_of_an_erased_customer_nothing_more_is_told(delivery: Delivery, at: str) -> None:
    lead = await a_delivered(delivery)
    await corrects(delivery, lead, phone=OTHER_PHONE)
    delivery.clock.pass_time(MINUTE)
    erase = delivery.dealership.customers.erase
    made_in = ErasingMeanwhile(delivery.crm_amendments, delivery)
    if at == "before it is claimed":
        await erase(ANNA)

    report = await delivery.amending_pass(made_in=made_in)()

    assert report.references == ()
    assert len(texts(delivery)) == 1
    assert await amendments_of(delivery, lead) == ()


class ErasingMeanwhile:
    """A CRM during whose first call the customer has their data erased."""

    def __init__(self, crm: MemoryCrmAmendments, delivery: Delivery) -> None:
        self._crm = crm
        self._delivery = delivery

    async def make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        outcome = await self._crm.make(effect, amendment, lead, permit)
        await self._delivery.dealership.customers.erase(ANNA)
        return outcome


class ReachedLate:
    """A CRM that others keep busy: a call's turn comes while the lease runs, but long after its intent was recorded."""

    def __init__(self, crm: MemoryCrmAmendments, delivery: Delivery) -> None:
        self._crm = crm
        self._delivery = delivery

    async def make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        self._delivery.clock.pass_time(REAL_TIMES.patience + SECOND)
        return await self._crm.make(effect, amendment, lead, permit)
