"""A call was sent and its answer never came: wait until it can no longer land, then look, and only then act."""

from datetime import timedelta

import pytest

from carquery.adapters.memory.crm import LIMITS
from carquery.application.leads.deliver_leads import DeliveryReport
from carquery.application.leads.held_leads import in_portions
from carquery.application.ports.alerts import CrmAway
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmFailure, CrmShutOut, CrmUnauthorised
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.lead_history import Happening
from carquery.domain.reason import Reason
from tests.application.crms import CrmThatCannotLook, InterruptedCrm, ObservedCrm, PoisonedCrm
from tests.application.delivering import EFFECTS, EVERYTHING_ONCE, INTERVAL, QUARANTINE, Delivery, counts, leads_of_many
from tests.builders import NOW, SECOND, a_lead, a_lead_with_files


@pytest.fixture
def delivery() -> Delivery:
    """Chance sends failed leads back at once; only the quarantine keeps them waiting."""
    delivery = Delivery()
    delivery.randomness.next_chance = 0.0
    return delivery


@EFFECTS
async def test_the_intent_is_kept_and_the_lead_waits_out_the_quarantine(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect)

    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=0, is_crm_well=False)

    stored = await delivery.stored(lead)
    assert (stored.intent, stored.next_attempt_at) == (CallIntent(effect, NOW), NOW + QUARANTINE)
    assert (stored.status, stored.attempts, stored.doubts) == (LeadStatus.FAILED, 1, 1)
    assert (await delivery.happened(lead))[-1] == (Happening.LOST, effect)
    assert delivery.told == [CrmAway((lead.reference,), Reason("timeout"))]


@EFFECTS
@pytest.mark.parametrize("was_made", [True, False], ids=["made", "not made"])
async def test_a_lost_answer_makes_nothing_twice(delivery: Delivery, effect: Effect, *, was_made: bool) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=was_made)

    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)
    await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.intent, stored.doubts) == (LeadStatus.DELIVERED, None, 0)
    assert counts(delivery.crm) == EVERYTHING_ONCE


@EFFECTS
async def test_what_was_made_is_found_and_not_made_again(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=True)
    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)
    observed = ObservedCrm(delivery.crm)

    await delivery.pass_of(crm=observed)()

    assert observed.sought == [(effect, (lead.id,))]
    assert effect not in {made for made, _ in observed.made}
    assert (Happening.FOUND, effect) in await delivery.happened(lead)


@EFFECTS
async def test_what_was_not_made_is_missed_and_then_made(delivery: Delivery, effect: Effect) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect)
    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)

    await delivery.pass_of()()

    of_this_effect = [what for what, of in await delivery.happened(lead) if of is effect]
    assert of_this_effect == [Happening.LOST, Happening.MISSED, Happening.MADE]


@EFFECTS
async def test_after_a_lost_answer_nothing_is_done_until_it_can_be_known(delivery: Delivery, effect: Effect) -> None:
    """Not even by a person's wish: to look too early proves nothing."""
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect)
    await delivery.pass_of()()
    before = counts(delivery.crm)
    delivery.clock.pass_time(QUARANTINE - SECOND)
    await delivery.leads.put_back([lead.id], at=delivery.clock.now())
    observed = ObservedCrm(delivery.crm)

    assert await delivery.pass_of(crm=observed)() == DeliveryReport(claimed=1, delivered=0)

    stored = await delivery.stored(lead)
    assert (observed.made, observed.sought, counts(delivery.crm)) == ([], [], before)
    assert (stored.intent, stored.next_attempt_at) == (CallIntent(effect, NOW), NOW + QUARANTINE)


async def test_the_quarantine_runs_from_when_the_answer_was_given_up(delivery: Delivery) -> None:
    """A call for one of fifty leads may wait for its turn long after all of them were intended."""
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.LEAD)

    async def a_minute_passes() -> None:
        delivery.clock.pass_time(timedelta(minutes=1))

    await delivery.pass_of(crm=InterruptedCrm(delivery.crm, Effect.LEAD, a_minute_passes))()

    stored = await delivery.stored(lead)
    assert stored.intent == CallIntent(Effect.LEAD, NOW + timedelta(minutes=1))
    assert stored.next_attempt_at == NOW + timedelta(minutes=1) + QUARANTINE


async def test_leads_in_doubt_are_looked_for_in_one_call(delivery: Delivery) -> None:
    leads = leads_of_many(10)
    await delivery.has(*leads)
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.LEAD, after_effect=True)
    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)
    observed = ObservedCrm(delivery.crm)

    report = await delivery.pass_of(crm=observed)()

    assert observed.sought == [(Effect.LEAD, tuple(lead.id for lead in leads))]
    assert (report.delivered, len(delivery.crm.deals)) == (10, 10)


NO_LOOK: list[CrmFailure] = [
    CrmAmbiguous("timeout"),
    CrmBusy("HTTP 503"),
    CrmBusy("HTTP 429", retry_after=timedelta(seconds=7)),
    CrmShutOut("HTTP 403"),
    CrmUnauthorised("HTTP 401"),
]


@EFFECTS
@pytest.mark.parametrize("failure", NO_LOOK, ids=str)
async def test_as_long_as_nobody_could_look_nothing_is_made(
    delivery: Delivery, effect: Effect, failure: CrmFailure
) -> None:
    """That looking failed says nothing about the call whose answer was lost."""
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=True)
    await delivery.pass_of()()
    before = counts(delivery.crm)
    delivery.clock.pass_time(QUARANTINE)

    await delivery.pass_of(crm=CrmThatCannotLook(delivery.crm, failure))()

    stored = await delivery.stored(lead)
    assert (counts(delivery.crm), stored.intent) == (before, CallIntent(effect, NOW))
    delivery.clock.pass_time(timedelta(hours=1))
    await delivery.pass_of()()
    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_lost_answers_again_and_again_end_in_a_dead_lead_whose_intent_is_kept(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    for _ in range(delivery.backoff.most_attempts):
        delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.NOTE)
        await delivery.pass_of()()
        delivery.clock.pass_time(QUARANTINE)

    dead = await delivery.stored(lead)
    assert (dead.status, dead.next_attempt_at) == (LeadStatus.DEAD, None)
    assert dead.intent is not None, "who puts it back must look first"
    assert counts(delivery.crm) == EVERYTHING_ONCE | {"notes": 0, "tasks": 0, "files": 0}


async def test_one_item_that_the_crm_chokes_on_is_isolated_in_a_few_passes() -> None:
    """Whoever was in its call goes into one half as big, so fifty leads need six calls that fail."""
    delivery = Delivery(most_attempts=30)
    leads = leads_of_many(LIMITS.batch)
    await delivery.has(*leads)
    poisoned = PoisonedCrm(delivery.crm, leads[33].id)

    for _ in range(6):
        await delivery.pass_of(crm=poisoned)()
        delivery.clock.pass_time(timedelta(hours=6))

    waiting = [lead.id for lead in leads if await delivery.status(lead) is not LeadStatus.DELIVERED]
    assert waiting == [poisoned.poisoned]
    assert sorted(set(poisoned.calls), reverse=True) == [50, 25, 12, 6, 3, 1]
    assert len(delivery.crm.deals) == len(leads) - 1


async def test_once_the_item_is_isolated_the_others_go_in_whole_batches(delivery: Delivery) -> None:
    stuck = a_lead(99, doubts=5, made={Effect.CONTACT: CrmId(1)})
    fresh = leads_of_many(LIMITS.batch - 1)
    await delivery.has(stuck, *fresh)
    poisoned = PoisonedCrm(delivery.crm, stuck.id)

    report = await delivery.pass_of(crm=poisoned)()

    assert (report.delivered, poisoned.calls) == (LIMITS.batch - 1, [LIMITS.batch - 1, 1])


@pytest.mark.parametrize(("doubts", "size"), [(0, 50), (1, 25), (2, 12), (3, 6), (4, 3), (5, 1), (6, 1), (1000, 1)])
def test_portions_shrink_with_each_doubt(doubts: int, size: int) -> None:
    leads = [a_lead(number, doubts=doubts) for number in range(50)]

    portions = in_portions(leads, of_at_most=50)

    assert {len(portion) for portion in portions} <= {size, 50 % size or size}
    assert [lead for portion in portions for lead in portion] == leads


def test_the_undoubted_go_first_and_nobody_is_left_out() -> None:
    leads = [a_lead(number, doubts=number % 3) for number in range(50)]

    portions = in_portions(leads, of_at_most=50)

    assert [portion[0].doubts for portion in portions] == [0, 1, 2, 2]
    assert sorted(lead.id for portion in portions for lead in portion) == sorted(lead.id for lead in leads)


async def test_a_success_ends_the_doubts_so_that_the_next_effect_goes_in_a_whole_batch(delivery: Delivery) -> None:
    leads = leads_of_many(4)
    await delivery.has(*leads)
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.LEAD)
    await delivery.pass_of()()
    assert {(await delivery.stored(lead)).doubts for lead in leads} == {1}
    delivery.clock.pass_time(INTERVAL)
    observed = ObservedCrm(delivery.crm)

    await delivery.pass_of(crm=observed)()

    assert {(await delivery.stored(lead)).doubts for lead in leads} == {0}
    assert [effect for effect, _ in observed.made] == [Effect.LEAD, Effect.NOTE, Effect.TASK, Effect.FILES]
