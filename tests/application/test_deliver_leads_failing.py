"""What a pass does when the CRM does not do what it is asked: told, tried again, given up in the end."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.application.leads.deliver_leads import DeliveryReport
from carquery.application.ports.alerts import Alert, CrmAway, LeadsNotDelivered
from carquery.application.ports.crm import CrmBusy
from carquery.domain.backoff import SHORTEST_WAIT
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.lead_history import Happening
from carquery.domain.reason import Reason
from tests.application.delivering import (
    EFFECTS,
    EVERYTHING_ONCE,
    INTERVAL,
    LOST_IS_KNOWN,
    MOST_ATTEMPTS,
    NOTHING,
    Delivery,
    counts,
    leads_of_many,
)
from tests.builders import BORIS, NOW, a_lead, a_lead_with_files


@EFFECTS
async def test_a_call_that_was_not_done_counts_as_an_attempt_and_is_tried_again(
    delivery: Delivery, effect: Effect
) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.fail_next(CrmBusy("HTTP 503"), effect=effect)

    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=0, is_crm_well=False)

    failed = await delivery.stored(lead)
    assert (failed.status, failed.attempts, failed.intent) == (LeadStatus.FAILED, 1, None)
    assert (failed.failure, failed.next_attempt_at) == (Reason("HTTP 503"), NOW + INTERVAL)
    assert (await delivery.happened(lead))[-1] == (Happening.FAILED, effect)
    assert delivery.told == [CrmAway((lead.reference,), Reason("HTTP 503"))]
    delivery.clock.pass_time(INTERVAL)
    assert await delivery.pass_of()() == DeliveryReport(claimed=1, delivered=1)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_a_failed_lead_is_not_tried_before_its_time(delivery: Delivery) -> None:
    await delivery.has(a_lead_with_files())
    delivery.crm.fail_next(CrmBusy("HTTP 503"))
    await delivery.pass_of()()
    delivery.clock.pass_time(INTERVAL - timedelta(seconds=1))

    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)


async def test_chance_decides_when_a_failed_lead_is_tried_again(delivery: Delivery) -> None:
    """Leads that failed together don't come back together."""
    failed = []
    for lead, delivery.randomness.next_chance in zip(leads_of_many(3), (0.0, 0.25, 0.5), strict=True):
        failed.append(await delivery.leads.add(lead))
        delivery.crm.fail_next(CrmBusy("HTTP 503"))
        await delivery.pass_of()()

    due_at = [(await delivery.stored(lead)).next_attempt_at for lead in failed]
    assert due_at == [NOW + SHORTEST_WAIT, NOW + INTERVAL / 4, NOW + INTERVAL / 2]


async def test_a_whole_batch_that_failed_is_told_in_one_message(delivery: Delivery) -> None:
    leads = leads_of_many(10)
    await delivery.has(*leads)
    delivery.crm.fail_next(CrmBusy("HTTP 503"))

    await delivery.pass_of()()

    assert delivery.told == [CrmAway(tuple(lead.reference for lead in leads), Reason("HTTP 503"))]


@EFFECTS
async def test_a_refused_lead_is_failed_at_once_and_leaves_the_others(delivery: Delivery, effect: Effect) -> None:
    refused = await delivery.leads.add(a_lead(1))
    accepted = await delivery.leads.add(a_lead(2, customer=BORIS))
    delivery.crm.refuse(refused.id, effect, Reason("нет такого поля"))

    assert await delivery.pass_of()() == DeliveryReport(claimed=2, delivered=1)

    assert await delivery.status(accepted) is LeadStatus.DELIVERED
    failed = await delivery.stored(refused)
    assert (failed.status, failed.attempts, failed.intent) == (LeadStatus.FAILED, 1, None)
    assert (failed.failure, list(failed.made)) == (
        Reason("нет такого поля"),
        list(Effect)[: list(Effect).index(effect)],
    )
    assert (await delivery.happened(refused))[-1] == (Happening.REFUSED, effect)
    assert delivery.told == [LeadsNotDelivered((refused.reference,), Reason("нет такого поля"), dead=False)]


async def test_leads_refused_for_one_reason_are_told_in_one_message(delivery: Delivery) -> None:
    moved, other, third = leads_of_many(3)
    await delivery.has(moved, other, third)
    delivery.crm.refuse(moved.id, Effect.LEAD, Reason("воронки 7 нет"))
    delivery.crm.refuse(other.id, Effect.LEAD, Reason("бюджет слишком велик"))
    delivery.crm.refuse(third.id, Effect.LEAD, Reason("воронки 7 нет"))

    await delivery.pass_of()()

    assert delivery.told == [
        LeadsNotDelivered((moved.reference, third.reference), Reason("воронки 7 нет"), dead=False),
        LeadsNotDelivered((other.reference,), Reason("бюджет слишком велик"), dead=False),
    ]


async def test_the_same_refusal_is_told_once_and_another_one_again(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    for reason in ("нет такой воронки", "нет такой воронки", "нет такого статуса"):
        delivery.crm.refuse(lead.id, Effect.LEAD, Reason(reason))
        await delivery.pass_of()()
        delivery.clock.pass_time(timedelta(hours=1))

    assert delivery.told == [
        LeadsNotDelivered((lead.reference,), Reason("нет такой воронки"), dead=False),
        LeadsNotDelivered((lead.reference,), Reason("нет такого статуса"), dead=False),
    ]


@dataclass
class EndsHere:
    """Alerts whose process is killed once one was kept."""

    alerts: MemoryAlerts
    is_dead: bool = False

    async def tell(self, alert: Alert) -> None:
        if not self.is_dead:
            await self.alerts.tell(alert)
        self.is_dead = True
        raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("is_refused", "most_attempts"),
    [(True, MOST_ATTEMPTS), (True, 1), (False, 1)],
    ids=["refused", "dead of a refusal", "dead of a CRM that is away"],
)
async def test_a_process_that_dies_when_it_tells_has_not_recorded_it_as_told(
    *, is_refused: bool, most_attempts: int
) -> None:
    delivery = Delivery(most_attempts=most_attempts)
    lead = await delivery.leads.add(a_lead_with_files())
    for alerts in (EndsHere(delivery.dealership.alerts), None):
        if is_refused:
            delivery.crm.refuse(lead.id, Effect.CONTACT, Reason("нет такого поля"))
        else:
            delivery.crm.fail_next(CrmBusy("HTTP 503"))
        with suppress(asyncio.CancelledError):
            await delivery.pass_of(alerts=alerts)()
        delivery.clock.pass_time(LOST_IS_KNOWN)

    assert len(delivery.told) == 2
    assert delivery.told[0] == delivery.told[1]


async def test_a_refused_lead_is_delivered_once_it_is_accepted(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.refuse(lead.id, Effect.NOTE, Reason("слишком длинно"))
    await delivery.pass_of()()
    delivery.crm.accept_all()
    delivery.clock.pass_time(INTERVAL)

    await delivery.pass_of()()

    stored = await delivery.stored(lead)
    assert (stored.status, stored.failure) == (LeadStatus.DELIVERED, None)
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_waits_grow_until_the_lead_is_dead_and_people_are_told_twice(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.refuse(lead.id, Effect.CONTACT, Reason("нет"))
    waits: list[timedelta | None] = []

    for _ in range(MOST_ATTEMPTS):
        await delivery.pass_of()()
        due_at = (await delivery.stored(lead)).next_attempt_at
        waits.append(None if due_at is None else due_at - delivery.clock.now())
        delivery.clock.pass_time(waits[-1] or timedelta())

    dead = await delivery.stored(lead)
    assert waits == [INTERVAL, 2 * INTERVAL, 4 * INTERVAL, None]
    assert (dead.status, dead.attempts) == (LeadStatus.DEAD, MOST_ATTEMPTS)
    assert await delivery.happened(lead) == [
        *[(Happening.REFUSED, Effect.CONTACT)] * MOST_ATTEMPTS,
        (Happening.DEAD, None),
    ]
    assert delivery.told == [
        LeadsNotDelivered((lead.reference,), Reason("нет"), dead=False),
        LeadsNotDelivered((lead.reference,), Reason("нет"), dead=True),
    ]


async def test_a_lead_that_dies_because_the_crm_is_away_is_told_by_name(delivery: Delivery) -> None:
    """That the CRM is away may be told rarely; that somebody has to do something about a lead must be told."""
    lead = await delivery.leads.add(a_lead(attempts=MOST_ATTEMPTS - 1, status=LeadStatus.FAILED))
    delivery.crm.fail_next(CrmBusy("HTTP 503"))

    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DEAD
    assert delivery.told == [LeadsNotDelivered((lead.reference,), Reason("HTTP 503"), dead=True)]


async def test_a_dead_lead_is_left_alone(delivery: Delivery) -> None:
    await delivery.has(a_lead(status=LeadStatus.DEAD, attempts=MOST_ATTEMPTS, next_attempt_at=None))
    delivery.clock.pass_time(timedelta(days=30))

    assert await delivery.pass_of()() == DeliveryReport(claimed=0, delivered=0)
    assert counts(delivery.crm) == NOTHING


async def test_a_dead_lead_that_a_person_puts_back_goes_on_where_it_stopped() -> None:
    delivery = Delivery(most_attempts=1)
    lead = await delivery.leads.add(a_lead_with_files())
    delivery.crm.refuse(lead.id, Effect.TASK, Reason("ответственного нет"))
    await delivery.pass_of()()
    delivery.crm.accept_all()

    await delivery.leads.put_back([lead.id], at=delivery.clock.now())
    report = await delivery.pass_of()()

    assert report.delivered == 1
    assert counts(delivery.crm) == EVERYTHING_ONCE
    assert Happening.RESUBMITTED in {what for what, _ in await delivery.happened(lead)}
