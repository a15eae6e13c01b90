"""Leads put back by a person: delivered now, each with its ending told once."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest

from carquery.application.leads.resubmit_leads import Ended, Ending
from carquery.application.ports.crm import CrmBusy
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.reason import Reason
from tests.application.resubmitting import OperatorsOffice, endings, the_ending
from tests.builders import MINUTE, NOW, a_dead_lead, a_failed_lead, a_lead


async def test_failed_dead_and_pending_leads_are_delivered_now(office: OperatorsOffice) -> None:
    failed, dead = a_failed_lead(1), a_dead_lead(2)
    pending = a_failed_lead(3, status=LeadStatus.PENDING, attempts=0, failure=None)
    await office.has(failed, dead, pending)

    steps = await office.resubmit(failed, dead, pending)

    assert set(endings(steps).values()) == {Ending.DELIVERED}
    assert len(endings(steps)) == len(office.crm.deals) == 3
    assert office.clock.now() == NOW, "nothing was to be waited for"


async def test_leads_that_were_not_chosen_stay_as_they_are(office: OperatorsOffice) -> None:
    chosen, other = a_failed_lead(1), a_failed_lead(2)
    await office.has(chosen, other)

    await office.resubmit(chosen)

    assert await office.stored(other) == other


async def test_what_stands_in_the_crm_is_not_made_again(office: OperatorsOffice) -> None:
    lead = a_lead(1)
    await office.has(lead)
    office.crm.refuse(lead.id, Effect.NOTE, Reason("the note is too long"))
    await office.deliver()
    office.crm.accept_all()

    steps = await office.resubmit(lead)

    assert the_ending(steps).ending is Ending.DELIVERED
    assert (len(office.crm.contacts), len(office.crm.deals), len(office.crm.notes)) == (1, 1, 1)


async def test_a_lead_that_fails_again_tells_why_and_when_it_is_tried_next(office: OperatorsOffice) -> None:
    poisoned, good = a_failed_lead(1), a_failed_lead(2)
    await office.has(poisoned, good)
    office.crm.refuse(poisoned.id, Effect.LEAD, Reason("status 5 is not in the pipeline"))

    steps = await office.resubmit(poisoned, good)

    assert endings(steps) == {poisoned.reference: Ending.FAILED, good.reference: Ending.DELIVERED}
    (failed,) = (step for step in steps if isinstance(step, Ended) and step.ending is Ending.FAILED)
    assert failed.reason == Reason("status 5 is not in the pipeline")
    assert failed.until == NOW + timedelta(minutes=5)
    assert failed.lead.attempts == 1, "it was put back with all its attempts"


async def test_a_failure_is_an_ending_even_if_the_next_attempt_is_due_by_then(office: OperatorsOffice) -> None:
    lead = a_failed_lead()
    await office.has(lead)
    office.randomness.next_chance = 0.0
    office.crm.fail_next(CrmBusy("502 Bad Gateway"), effect=Effect.CONTACT)
    office.alerts.takes = MINUTE

    ended = the_ending(await office.resubmit(lead))

    assert (ended.ending, ended.reason, ended.lead.attempts) == (Ending.FAILED, Reason("502 Bad Gateway"), 1)
    assert ended.until is not None
    assert ended.until < office.clock.now()


async def test_more_leads_than_fit_into_one_pass_are_all_delivered_oldest_first(office: OperatorsOffice) -> None:
    many = [a_failed_lead(number) for number in range(1, 121)]
    await office.has(*many)

    steps = await office.resubmit(*many)

    assert endings(steps) == {lead.reference: Ending.DELIVERED for lead in many}
    assert [deal.reference for deal in office.crm.deals.values()] == [lead.reference for lead in many]


async def test_whoever_stops_listening_leaves_the_rest_pending(office: OperatorsOffice) -> None:
    many = [a_dead_lead(number) for number in range(1, 121)]
    await office.has(*many)

    async with aclosing(office.resubmission()([lead.id for lead in many])) as running:
        await anext(running)

    statuses = [(await office.stored(lead)).status for lead in many]
    assert set(statuses) == {LeadStatus.DELIVERED, LeadStatus.PENDING}


async def test_a_store_that_is_away_at_once_leaves_everything_as_it_was(office: OperatorsOffice) -> None:
    lead = a_dead_lead()
    await office.has(lead)
    office.database.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await office.resubmit(lead)

    assert (await office.stored(lead)).status is LeadStatus.DEAD


async def test_two_resubmissions_at_once_make_everything_once(office: OperatorsOffice) -> None:
    many = [a_failed_lead(number) for number in range(1, 61)]
    await office.has(*many)

    told = await asyncio.gather(office.resubmit(*many), office.resubmit(*reversed(many)))

    assert [set(endings(steps).values()) for steps in told] == [{Ending.DELIVERED}] * 2
    assert (len(office.crm.contacts), len(office.crm.deals), len(office.crm.notes)) == (60, 60, 60)


async def test_a_lead_named_twice_is_delivered_once(office: OperatorsOffice) -> None:
    lead = a_failed_lead()
    await office.has(lead)

    steps = await office.resubmit(lead, lead)

    assert endings(steps) == {lead.reference: Ending.DELIVERED}
