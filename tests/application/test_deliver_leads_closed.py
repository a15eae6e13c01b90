"""How a pass behaves while the CRM lets nobody in, or wants to be left alone: no lead is to blame."""

from datetime import timedelta

import pytest

from carquery.application.leads.calls import CLOSED_FOR
from carquery.application.leads.deliver_leads import DeliveryReport
from carquery.application.ports.alerts import CrmClosed
from carquery.application.ports.crm import Closure, CrmAmbiguous, CrmBusy, CrmFailure, CrmShutOut, CrmUnauthorised
from carquery.domain.effects import CallIntent, Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.lead_history import Happening
from carquery.domain.reason import Reason
from tests.application.crms import CrmThatCannotLook, InterruptedCrm, ObservedCrm, PartlyShutCrm
from tests.application.delivering import EFFECTS, EVERYTHING_ONCE, NOTHING, QUARANTINE, Delivery, counts, leads_of_many
from tests.builders import NOW, a_lead, a_lead_with_files

CLOSED = pytest.mark.parametrize(
    "failure", [CrmShutOut("HTTP 403"), CrmUnauthorised("HTTP 401")], ids=lambda failure: type(failure).__name__
)
SEVEN_SECONDS = timedelta(seconds=7)


@EFFECTS
async def test_who_asks_to_be_left_alone_is_left_alone_and_no_attempt_counted(
    delivery: Delivery, effect: Effect
) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmBusy("HTTP 429", retry_after=SEVEN_SECONDS), effect=effect)

    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=0, is_crm_well=False)

    waiting = await delivery.stored(lead)
    assert (waiting.status, waiting.attempts, waiting.intent) == (LeadStatus.PENDING, 0, None)
    assert waiting.next_attempt_at == NOW + SEVEN_SECONDS
    assert (await delivery.happened(lead))[-1] == (Happening.WAITED, effect)
    assert delivery.told == []
    delivery.clock.pass_time(SEVEN_SECONDS)
    await delivery.pass_of()()
    assert counts(delivery.crm) == EVERYTHING_ONCE


@EFFECTS
@pytest.mark.parametrize("closed", [CrmShutOut, CrmUnauthorised])
async def test_who_is_shut_out_by_a_front_looks_before_making_it_again(
    delivery: Delivery, effect: Effect, closed: type[CrmFailure]
) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    failure = closed("HTTP 403, a page", is_perhaps_done=True)
    delivery.crm.fail_next(failure, effect=effect, after_effect=True)

    await delivery.pass_of()()
    waiting = await delivery.stored(lead)
    delivery.clock.pass_time(max(CLOSED_FOR, QUARANTINE))
    await delivery.pass_of()()

    assert (waiting.attempts, waiting.intent) == (0, CallIntent(effect, NOW))
    assert counts(delivery.crm) == EVERYTHING_ONCE


@EFFECTS
@CLOSED
async def test_a_closed_crm_is_no_lead_s_fault(delivery: Delivery, effect: Effect, failure: CrmFailure) -> None:
    waiting = leads_of_many(3)
    await delivery.has(*waiting)
    delivery.crm.fail_next(failure, effect=effect)

    assert await delivery.pass_of()() == DeliveryReport(claimed=3, delivered=0, is_crm_well=False)

    assert delivery.told == [CrmClosed(failure.reason)]
    for lead in waiting:
        stored = await delivery.stored(lead)
        assert (stored.status, stored.attempts, stored.intent) == (LeadStatus.PENDING, 0, None)
        assert stored.next_attempt_at == NOW + CLOSED_FOR
        assert (await delivery.last_entry(lead)).why == failure.reason


@CLOSED
async def test_leads_wait_out_a_closed_crm_and_are_delivered(delivery: Delivery, failure: CrmFailure) -> None:
    await delivery.has(a_lead_with_files())
    delivery.crm.fail_next(failure, effect=Effect.NOTE)
    await delivery.pass_of()()
    delivery.clock.pass_time(CLOSED_FOR)

    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=1)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_nobody_claims_anything_while_the_gate_is_shut(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.closed = Closure(Reason("amoCRM заблокировала наш адрес"), timedelta(minutes=5))

    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0, is_crm_well=False)

    assert await delivery.stored(lead) == lead
    assert (counts(delivery.crm), delivery.told) == (NOTHING, [])
    delivery.crm.closed = None
    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=1)


@CLOSED
async def test_leads_are_due_as_soon_as_the_gate_that_was_shut_meanwhile_opens(
    delivery: Delivery, failure: CrmFailure
) -> None:
    """The gate keeps every pass away, so the leads need not wait on their own."""
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(failure, effect=Effect.LEAD)

    async def the_gate_shuts() -> None:
        delivery.crm.closed = Closure(failure.reason, timedelta(hours=1))

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.LEAD, the_gate_shuts))()
    assert (await delivery.stored(lead)).next_attempt_at == NOW
    assert (await delivery.pass_of()()).claimed == 0
    delivery.crm.closed = None

    assert (await delivery.pass_of()()).delivered == 1
    assert counts(delivery.crm) == EVERYTHING_ONCE


@CLOSED
async def test_a_closed_crm_is_told_once_whatever_the_leads_lack(delivery: Delivery, failure: CrmFailure) -> None:
    """Leads at different stages need different calls; none of them is made once the CRM is known to be closed."""
    await delivery.has(a_lead(1))
    await delivery.pass_of()()
    (deal,) = delivery.crm.deals.values()
    fresh = await delivery.leads.add(a_lead(2))
    half_made = await delivery.leads.add(a_lead(3, made={Effect.CONTACT: deal.contact}))
    for _ in Effect:
        delivery.crm.fail_next(failure)
    observed = ObservedCrm(delivery.crm)

    await delivery.pass_of(crm=observed)()

    assert delivery.told == [CrmClosed(failure.reason)]
    assert len(observed.made) == 1
    for lead in (fresh, half_made):
        assert ((await delivery.stored(lead)).attempts, await delivery.status(lead)) == (0, LeadStatus.PENDING)


@CLOSED
async def test_a_crm_closed_to_looking_is_told_once_and_the_intents_stay(
    delivery: Delivery, failure: CrmFailure
) -> None:
    leads = leads_of_many(3)
    await delivery.has(*leads)
    delivery.randomness.next_chance = 0.0
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.LEAD)
    await delivery.pass_of()()
    delivery.told.clear()
    delivery.clock.pass_time(QUARANTINE)

    await delivery.pass_of(crm=CrmThatCannotLook(delivery.crm, failure))()

    assert delivery.told == [CrmClosed(failure.reason)]
    for lead in leads:
        stored = await delivery.stored(lead)
        assert (stored.status, stored.attempts) == (LeadStatus.FAILED, 1)
        assert stored.intent == CallIntent(Effect.LEAD, NOW)


@CLOSED
async def test_what_was_made_before_the_door_was_shut_is_recorded(delivery: Delivery, failure: CrmFailure) -> None:
    """Else it would have to be looked for, and the others with it, though it is certain that they were not made."""
    first, *others = leads_of_many(4)
    await delivery.has(first, *others)

    await delivery.pass_of(crm=PartlyShutCrm(delivery.crm, failure, lets_in=others[-1].id))()

    (deal,) = delivery.crm.deals
    let_in = await delivery.stored(others[-1])
    assert (let_in.made[Effect.LEAD], let_in.intent) == (deal, None)
    assert [(await delivery.stored(lead)).intent for lead in (first, *others)] == [None] * 4


async def test_a_lead_that_failed_before_is_still_failed_while_the_crm_is_closed(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead(status=LeadStatus.FAILED, attempts=2, failure=Reason("HTTP 503")))
    delivery.crm.fail_next(CrmShutOut("HTTP 403"))

    await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.attempts, stored.failure) == (LeadStatus.FAILED, 2, Reason("HTTP 503"))


@CLOSED
async def test_people_are_told_once_in_a_quarter_of_an_hour_however_long_it_is_closed(
    delivery: Delivery, failure: CrmFailure
) -> None:
    await delivery.has(a_lead_with_files())
    passes_for_an_hour = timedelta(hours=1) // CLOSED_FOR
    staff = delivery.dealership.staff

    for _ in range(passes_for_an_hour):
        delivery.crm.fail_next(failure)
        await delivery.pass_of(alerts=staff.alerts)()
        await staff.catch_up()
        delivery.clock.pass_time(CLOSED_FOR)

    assert staff.said == [CrmClosed(failure.reason)] * 4
