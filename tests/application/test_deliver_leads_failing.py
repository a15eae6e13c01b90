"""What a pass does when the CRM does not do what it is asked."""

from datetime import timedelta

import pytest

from carquery.application.deliver_leads import CLOSED_FOR, DeliveryReport
from carquery.application.ports.alerts import CrmClosed, LeadNotDelivered
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmFailure, CrmShutOut, CrmUnauthorised
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.lead import QUARANTINE, Effect, LeadStatus
from tests.application.delivering import (
    EVERYTHING_ONCE,
    INTERVAL,
    MOST_ATTEMPTS,
    NOTHING,
    Boundaries,
    CrmThatCannotLook,
    Delivery,
    FragileLeads,
    a_lead_with_photos,
    counts,
)
from tests.builders import BORIS, NOW, a_lead

EFFECTS = pytest.mark.parametrize("effect", list(Effect))
CLOSED = pytest.mark.parametrize(
    "failure", [CrmShutOut("HTTP 403"), CrmUnauthorised("HTTP 401")], ids=lambda failure: type(failure).__name__
)


@pytest.fixture
def delivery() -> Delivery:
    return Delivery()


@EFFECTS
async def test_a_call_that_was_not_done_counts_as_an_attempt_and_is_tried_again(
    delivery: Delivery, effect: Effect
) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(CrmBusy("HTTP 503"), effect=effect)

    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=0)

    failed = await delivery.stored(lead)
    assert (failed.status, failed.attempts, failed.intent) == (LeadStatus.FAILED, 1, None)
    assert (failed.failure, failed.next_attempt_at) == ("HTTP 503", NOW + INTERVAL)
    delivery.clock.pass_time(INTERVAL)
    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=1)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_a_failed_lead_is_not_tried_before_its_time(delivery: Delivery) -> None:
    await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(CrmBusy("HTTP 503"))
    await delivery.pass_of()()
    delivery.clock.pass_time(INTERVAL - timedelta(seconds=1))

    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)


@EFFECTS
async def test_who_asks_to_be_left_alone_is_left_alone_and_no_attempt_counted(
    delivery: Delivery, effect: Effect
) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(CrmBusy("HTTP 429", retry_after=timedelta(seconds=7)), effect=effect)

    await delivery.pass_of()()

    waiting = await delivery.stored(lead)
    assert (waiting.status, waiting.attempts, waiting.intent) == (LeadStatus.PENDING, 0, None)
    assert waiting.next_attempt_at == NOW + timedelta(seconds=7)
    assert delivery.told == []
    delivery.clock.pass_time(timedelta(seconds=7))
    await delivery.pass_of()()
    assert counts(delivery.crm) == EVERYTHING_ONCE


@EFFECTS
@pytest.mark.parametrize("was_made", [True, False], ids=["made", "not made"])
async def test_a_lost_answer_makes_nothing_twice(delivery: Delivery, effect: Effect, *, was_made: bool) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=was_made)

    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)
    await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.attempts, stored.intent) == (LeadStatus.DELIVERED, 0, None)
    assert counts(delivery.crm) == EVERYTHING_ONCE


@EFFECTS
async def test_after_a_lost_answer_nothing_is_done_until_it_can_be_known(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect)
    await delivery.pass_of()()
    before = counts(delivery.crm)

    delivery.clock.pass_time(QUARANTINE - timedelta(seconds=1))
    await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert counts(delivery.crm) == before
    assert stored.intent is not None
    assert stored.next_attempt_at == NOW + QUARANTINE


@pytest.mark.parametrize("effect", [Effect.LEAD, Effect.NOTE, Effect.TASK])
async def test_looking_may_be_lost_too(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=True)
    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)

    await delivery.pass_of(crm=CrmThatCannotLook(delivery.crm, CrmAmbiguous("timeout")))()
    delivery.clock.pass_time(QUARANTINE)
    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE


@EFFECTS
async def test_a_refused_lead_leaves_the_others(delivery: Delivery, effect: Effect) -> None:
    refused = await delivery.leads.add(a_lead(1))
    accepted = await delivery.leads.add(a_lead(2, customer=BORIS))
    delivery.crm.refuse(refused.id, effect, "нет такого поля")

    assert await delivery.pass_of()() == DeliveryReport(claimed=2, delivered=1)

    assert await delivery.status(accepted) is LeadStatus.DELIVERED
    failed = await delivery.stored(refused)
    assert (failed.status, failed.attempts, failed.intent) == (LeadStatus.FAILED, 1, None)
    assert list(failed.made) == list(Effect)[: list(Effect).index(effect)]
    assert delivery.told == [LeadNotDelivered(refused.reference, "нет такого поля", dead=False)]


async def test_a_refused_lead_is_delivered_once_it_is_accepted(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.refuse(lead.id, Effect.NOTE, "слишком длинно")
    await delivery.pass_of()()
    delivery.crm.accept_all()
    delivery.clock.pass_time(INTERVAL)

    await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.failure) == (LeadStatus.DELIVERED, None)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_waits_grow_until_the_lead_is_dead_and_people_are_told_twice(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.refuse(lead.id, Effect.CONTACT, "нет")
    waits: list[timedelta | None] = []

    for _ in range(MOST_ATTEMPTS):
        await delivery.pass_of()()
        due_at = (await delivery.stored(lead)).next_attempt_at
        waits.append(None if due_at is None else due_at - delivery.clock.now())
        delivery.clock.pass_time(waits[-1] or timedelta())

    dead = await delivery.stored(lead)
    assert waits == [INTERVAL, 2 * INTERVAL, 4 * INTERVAL, None]
    assert (dead.status, dead.attempts) == (LeadStatus.DEAD, MOST_ATTEMPTS)
    assert delivery.told == [
        LeadNotDelivered(lead.reference, "нет", dead=False),
        LeadNotDelivered(lead.reference, "нет", dead=True),
    ]


async def test_a_dead_lead_is_left_alone(delivery: Delivery) -> None:
    await delivery.leads.add(a_lead(status=LeadStatus.DEAD, attempts=MOST_ATTEMPTS, next_attempt_at=None))
    delivery.clock.pass_time(timedelta(days=30))

    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)
    assert counts(delivery.crm) == NOTHING


@EFFECTS
@CLOSED
async def test_a_closed_crm_is_no_lead_s_fault(delivery: Delivery, effect: Effect, failure: CrmFailure) -> None:
    waiting = [await delivery.leads.add(a_lead(number)) for number in (1, 2, 3)]
    delivery.crm.fail_next(failure, effect=effect)

    await delivery.pass_of()()

    assert delivery.told == [CrmClosed(str(failure))]
    for lead in waiting:
        stored = await delivery.stored(lead)
        assert (stored.status, stored.attempts, stored.intent) == (LeadStatus.PENDING, 0, None)
        assert stored.next_attempt_at == NOW + CLOSED_FOR


@CLOSED
async def test_leads_wait_out_a_closed_crm_and_are_delivered(delivery: Delivery, failure: CrmFailure) -> None:
    await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(failure, effect=Effect.NOTE)
    await delivery.pass_of()()
    delivery.clock.pass_time(CLOSED_FOR)

    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=1)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_a_lead_that_failed_before_is_still_failed_while_the_crm_is_closed(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead(status=LeadStatus.FAILED, attempts=2, failure="HTTP 503"))
    delivery.crm.fail_next(CrmShutOut("HTTP 403"))

    await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.attempts) == (LeadStatus.FAILED, 2)


async def test_a_database_away_at_the_claim_makes_nothing(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.dealership.database.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await delivery.pass_of()()

    assert await delivery.stored(lead) == lead
    assert counts(delivery.crm) == NOTHING


async def test_a_call_that_could_not_be_announced_is_not_made(delivery: Delivery) -> None:
    """The database goes away between the claim and the first intent."""
    lead = await delivery.leads.add(a_lead_with_photos())
    away = Boundaries(2, crash=False)

    with pytest.raises(StoreUnavailable):
        await delivery.pass_of(leads=FragileLeads(delivery.leads, away))()

    assert counts(delivery.crm) == NOTHING
    assert (await delivery.stored(lead)).intent is None
