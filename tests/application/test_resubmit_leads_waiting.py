"""What a resubmission waits for, how long, and what it says of leads that it can not hurry."""

from contextlib import aclosing
from datetime import timedelta

import pytest

from carquery.application.leads.reasons import LeadReason
from carquery.application.leads.resubmit_leads import Ended, Ending, Pausing, Progress
from carquery.application.ports.crm import Closure, CrmAmbiguous, CrmBusy, CrmShutOut
from carquery.application.ports.leads import LeadChange
from carquery.domain.effects import CallIntent, Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.reason import Reason
from tests.application.delivering import QUARANTINE
from tests.application.resubmitting import OperatorsOffice, endings, pauses, the_ending
from tests.builders import HOUR, MINUTE, NOW, SECOND, a_dead_lead, a_failed_lead, a_lead


async def test_a_closed_crm_leaves_the_leads_pending_and_says_why_and_for_how_long(office: OperatorsOffice) -> None:
    failed, dead = a_failed_lead(1), a_dead_lead(2)
    await office.has(failed, dead)
    office.crm.closed = Closure(Reason("the account is not paid"), reopens_in=HOUR)

    steps = await office.resubmit(failed, dead)

    assert endings(steps) == dict.fromkeys((failed.reference, dead.reference), Ending.WAITING)
    assert {(step.reason, step.until) for step in steps if isinstance(step, Ended)} == {
        (Reason("the account is not paid"), NOW + HOUR)
    }
    assert (await office.stored(dead)).status is LeadStatus.PENDING, "a worker delivers it once the CRM is open"


async def test_a_crm_that_closes_midway_is_told_for_all_that_are_left(office: OperatorsOffice) -> None:
    many = [a_failed_lead(number) for number in range(1, 121)]
    await office.has(*many)
    steps: list[Progress] = []

    async with aclosing(office.resubmission()([lead.id for lead in many])) as running:
        async for step in running:
            steps.append(step)
            office.crm.closed = Closure(Reason("the authorisation is gone"), reopens_in=HOUR)

    told = list(endings(steps).values())
    assert (told.count(Ending.DELIVERED), told.count(Ending.WAITING)) == (50, 70)


async def test_a_crm_that_shuts_us_out_for_a_while_is_not_waited_for(office: OperatorsOffice) -> None:
    lead = a_failed_lead()
    await office.has(lead)
    office.crm.fail_next(CrmShutOut("403: the address is blocked"))

    ended = the_ending(await office.resubmit(lead))

    assert (ended.ending, ended.reason) == (Ending.WAITING, Reason("403: the address is blocked"))
    assert ended.lead.attempts == 0, "no lead is to blame"


async def test_a_lost_answer_is_waited_out_and_nothing_is_made_twice(office: OperatorsOffice) -> None:
    lead = a_failed_lead()
    await office.has(lead)
    office.randomness.next_chance = 0.0
    office.crm.fail_next(CrmAmbiguous("no answer within 10 s"), effect=Effect.LEAD, after_effect=True)

    steps = await office.resubmit(lead)

    assert the_ending(steps).ending is Ending.DELIVERED
    assert len(office.crm.deals) == 1
    (pause,) = pauses(steps)
    assert (pause.leads, pause.until) == (1, NOW + QUARANTINE)
    assert pause.reason == LeadReason.OUTCOME_UNKNOWN_AFTER(Reason("no answer within 10 s"), effect=Effect.LEAD)


async def test_a_call_that_a_killed_worker_left_open_is_waited_out_too(office: OperatorsOffice) -> None:
    lead = a_failed_lead(intent=CallIntent(Effect.CONTACT, NOW - 30 * SECOND))
    await office.has(lead)

    steps = await office.resubmit(lead)

    assert the_ending(steps).ending is Ending.DELIVERED
    assert [pause.until for pause in pauses(steps)] == [NOW - 30 * SECOND + QUARANTINE]


async def test_a_lost_answer_that_is_looked_for_too_late_leaves_the_lead_waiting(office: OperatorsOffice) -> None:
    lead = a_failed_lead()
    await office.has(lead)
    office.randomness.next_chance = 1.0
    office.crm.fail_next(CrmAmbiguous("no answer within 10 s"), effect=Effect.LEAD, after_effect=True)

    ended = the_ending(await office.resubmit(lead))

    assert (ended.ending, ended.until) == (Ending.WAITING, NOW + timedelta(minutes=5))
    assert ended.reason == LeadReason.OUTCOME_UNKNOWN_AFTER(Reason("no answer within 10 s"), effect=Effect.LEAD)


async def test_a_crm_that_asks_for_a_moment_gets_it(office: OperatorsOffice) -> None:
    lead = a_failed_lead()
    await office.has(lead)
    office.crm.fail_next(CrmBusy("429 Too Many Requests", retry_after=5 * SECOND), effect=Effect.CONTACT)

    steps = await office.resubmit(lead)

    assert the_ending(steps).ending is Ending.DELIVERED
    assert pauses(steps) == [Pausing(1, NOW + 5 * SECOND, Reason("429 Too Many Requests"))]


async def test_a_crm_that_asks_for_an_hour_is_not_waited_for(office: OperatorsOffice) -> None:
    lead = a_failed_lead()
    await office.has(lead)
    office.crm.fail_next(CrmBusy("429 Too Many Requests", retry_after=HOUR), effect=Effect.CONTACT)

    ended = the_ending(await office.resubmit(lead))

    assert (ended.ending, ended.reason, ended.until) == (Ending.WAITING, Reason("429 Too Many Requests"), NOW + HOUR)


@pytest.mark.parametrize("ending", [Ending.DELIVERED, Ending.FAILED])
async def test_a_lead_that_a_worker_has_in_hand_counts_as_what_it_becomes(
    office: OperatorsOffice, ending: Ending
) -> None:
    lead = a_lead()
    await office.has(lead)
    worker = await office.leads.claim(limit=1, lease_for=90 * SECOND)

    async def worker_ends() -> None:
        held = worker.leads[0]
        failed = held.failed(Reason("refused"), at=NOW, backoff=office.deliver.backoff, chance=1.0)
        became = held.delivered(at=NOW) if ending is Ending.DELIVERED else failed
        await office.leads.update([LeadChange(became)], worker.lease, release=True)

    office.meanwhile = [worker_ends]

    steps = await office.resubmit(lead)

    assert the_ending(steps).ending is ending
    assert pauses(steps)[0].reason == LeadReason.IN_DELIVERY()
    assert office.crm.deals == {}, "the worker makes it, nobody else"


async def test_a_dead_workers_lead_is_taken_over_when_its_lease_ends(office: OperatorsOffice) -> None:
    lead = a_lead()
    await office.has(lead)
    await office.leads.claim(limit=1, lease_for=90 * SECOND)

    steps = await office.resubmit(lead)

    assert the_ending(steps).ending is Ending.DELIVERED
    assert office.clock.now() >= NOW + 90 * SECOND


async def test_a_worker_that_does_not_end_is_not_waited_for_for_ever(office: OperatorsOffice) -> None:
    lead = a_lead()
    await office.has(lead)
    worker = await office.leads.claim(limit=1, lease_for=HOUR)

    ended = the_ending(await office.resubmit(lead))

    assert (ended.ending, ended.reason) == (Ending.WAITING, LeadReason.IN_DELIVERY())
    assert office.clock.now() <= NOW + 3 * MINUTE
    assert await office.leads.renew(worker.lease, lease_for=MINUTE) == 1, "it is still the worker's"


async def test_a_lead_whose_customer_has_it_erased_meanwhile_ends_as_erased(office: OperatorsOffice) -> None:
    lead = a_lead()
    await office.has(lead)
    worker = await office.leads.claim(limit=1, lease_for=90 * SECOND)

    async def customer_erases() -> None:
        row = office.database.leads[lead.id]
        row.lead = row.lead.erased(at=office.clock.now())

    office.meanwhile = [customer_erases]

    steps = await office.resubmit(lead)

    assert the_ending(steps).ending is Ending.ERASED
    assert worker.leads[0].id == lead.id
