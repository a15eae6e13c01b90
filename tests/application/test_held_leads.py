"""Leads are ours for a time: it is renewed while they are worked on, and nothing is begun that could outlast it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.adapters.memory.crm import LIMITS
from carquery.adapters.memory.leads import MemoryLeads
from carquery.application.leads.deliver_leads import DeliveryReport
from carquery.application.leads.held_leads import REAL_TIMES, HeldLeads
from carquery.application.ports.crm import CrmLeaseTooShort
from carquery.application.ports.leads import LeadChange, Lease
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import LeadStatus
from tests.application.crms import InterruptedCrm, ObservedCrm
from tests.application.delivering import EVERYTHING_ONCE, LEASE, NOTHING, Delivery, counts, leads_of_many
from tests.application.faults import Boundaries, FragileLeads
from tests.builders import ANNA, BORIS, MINUTE, NOW, SECOND, a_lead_with_files
from tests.patience import eventually

QUICK = replace(REAL_TIMES, beat=timedelta(milliseconds=1))
"""The heart beats in real time; everything else is measured by a clock that only tests move."""

LAST_MOMENT = LEASE - LIMITS.call
"""Of an unrenewed lease, for a call to begin."""


class WatchedLeads(MemoryLeads):
    """Leads that count how often somebody wanted to renew a lease."""

    beats = 0

    async def renew(self, lease: Lease, *, lease_for: timedelta) -> int:
        self.beats += 1
        return await super().renew(lease, lease_for=lease_for)

    async def hear_beats(self, most: int = 2) -> None:
        """Of two, the second began after this was called."""
        enough = self.beats + most
        await eventually(lambda: self.beats >= enough)


@pytest.fixture
def leads(delivery: Delivery) -> WatchedLeads:
    return WatchedLeads(delivery.database, delivery.clock)


async def claimed(delivery: Delivery, leads: WatchedLeads) -> HeldLeads:
    """All leads that are due, held from now."""
    held_from = delivery.clock.monotonic()
    claim = await leads.claim(limit=50, lease_for=LEASE)
    return HeldLeads(claim, leads=leads, clock=delivery.clock, times=QUICK, call=LIMITS.call, held_from=held_from)


def is_permitted(held: HeldLeads) -> bool:
    """Whether a call may begin now."""
    try:
        held.check()
    except CrmLeaseTooShort:
        return False
    return True


async def test_a_call_may_begin_as_long_as_the_lease_outlives_it(delivery: Delivery, leads: WatchedLeads) -> None:
    await delivery.has(a_lead_with_files())
    held = await claimed(delivery, leads)

    delivery.clock.pass_time(LAST_MOMENT)
    in_time = is_permitted(held)
    delivery.clock.pass_time(SECOND)

    assert (in_time, is_permitted(held)) == (True, False)


async def test_the_heart_beats_and_renews_the_lease(delivery: Delivery, leads: WatchedLeads) -> None:
    await delivery.has(a_lead_with_files())
    held = await claimed(delivery, leads)

    async with held.kept_alive():
        for _ in range(5):
            delivery.clock.pass_time(MINUTE)
            await leads.hear_beats()
            assert is_permitted(held)

    delivery.clock.pass_time(LAST_MOMENT)
    assert is_permitted(held), "the last beat renewed the whole lease"
    assert (await delivery.pass_of()()).claimed == 0, "nobody else gets what is held"
    delivery.clock.pass_time(SECOND)
    assert not is_permitted(held), "and no more than that"
    delivery.clock.pass_time(LEASE)
    assert (await delivery.pass_of()()).claimed == 1


async def test_when_nothing_is_held_any_more_no_call_begins(delivery: Delivery, leads: WatchedLeads) -> None:
    """However long the lease would have run."""
    await delivery.has(a_lead_with_files())
    held = await claimed(delivery, leads)

    async with held.kept_alive():
        await delivery.dealership.customers.erase(ANNA)
        await leads.hear_beats(1)
        await eventually(lambda: not is_permitted(held))

    assert not is_permitted(held)


async def test_when_one_of_two_is_gone_the_other_is_still_held(delivery: Delivery, leads: WatchedLeads) -> None:
    await delivery.has(a_lead_with_files(1, customer=ANNA), a_lead_with_files(2, customer=BORIS))
    held = await claimed(delivery, leads)

    async with held.kept_alive():
        await delivery.dealership.customers.erase(ANNA)
        delivery.clock.pass_time(MINUTE)
        await leads.hear_beats()

    delivery.clock.pass_time(MINUTE)
    assert is_permitted(held)


async def test_a_store_away_for_some_beats_costs_nothing(delivery: Delivery, leads: WatchedLeads) -> None:
    await delivery.has(a_lead_with_files())
    held = await claimed(delivery, leads)
    delivery.database.fail_next(StoreUnavailable(), times=3)

    async with held.kept_alive():
        delivery.clock.pass_time(MINUTE)
        await leads.hear_beats(5)

    delivery.clock.pass_time(MINUTE)
    assert is_permitted(held)


async def test_a_call_whose_turn_comes_too_late_after_its_intent_is_not_made(delivery: Delivery) -> None:
    await delivery.has(*leads_of_many(1))
    claim = await delivery.leads.claim(limit=1, lease_for=timedelta(hours=1))
    held = HeldLeads(
        claim,
        leads=delivery.leads,
        clock=delivery.clock,
        times=replace(REAL_TIMES, lease=timedelta(hours=1)),
        call=LIMITS.call,
        held_from=delivery.clock.monotonic(),
    )
    held.must_call_within(MINUTE)
    delivery.clock.pass_time(MINUTE)
    in_time = is_permitted(held)
    delivery.clock.pass_time(SECOND)
    too_late = is_permitted(held)
    held.must_call_within(None)

    assert (in_time, too_late, is_permitted(held)) == (True, False, True)


async def test_a_store_that_stays_away_lets_the_permit_end_by_itself(delivery: Delivery, leads: WatchedLeads) -> None:
    await delivery.has(a_lead_with_files())
    held = await claimed(delivery, leads)
    delivery.database.fail_next(StoreUnavailable(), times=10_000)

    async with held.kept_alive():
        delivery.clock.pass_time(LAST_MOMENT)
        await leads.hear_beats()
        in_time = is_permitted(held)
        delivery.clock.pass_time(SECOND)
        await leads.hear_beats()
        too_late = is_permitted(held)

    assert (in_time, too_late) == (True, False)


async def test_the_heart_stops_when_the_work_is_done(delivery: Delivery, leads: WatchedLeads) -> None:
    await delivery.has(a_lead_with_files())
    held = await claimed(delivery, leads)
    before = asyncio.all_tasks()

    async with held.kept_alive():
        await leads.hear_beats()

    assert asyncio.all_tasks() == before


async def test_the_heart_stops_when_the_work_breaks(delivery: Delivery, leads: WatchedLeads) -> None:
    await delivery.has(a_lead_with_files())
    held = await claimed(delivery, leads)
    before = asyncio.all_tasks()

    async def break_down() -> None:
        async with held.kept_alive():
            await leads.hear_beats()
            raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        await break_down()
    assert asyncio.all_tasks() == before


async def test_who_lost_a_lead_goes_on_with_the_others(delivery: Delivery, leads: WatchedLeads) -> None:
    erased, boris_s = a_lead_with_files(1, customer=ANNA), a_lead_with_files(2, customer=BORIS)
    await delivery.has(erased, boris_s)
    held = await claimed(delivery, leads)
    await delivery.dealership.customers.erase(ANNA)

    kept = await held.keep([LeadChange(lead.with_made(Effect.CONTACT, CrmId(1))) for lead in held.all])

    assert kept == {lead.id for lead in held.all} == {boris_s.id}


async def test_no_effect_begins_when_the_claim_alone_took_too_long(delivery: Delivery) -> None:
    """The lease may have begun when the claim was sent, not when its answer came."""
    lead = await delivery.leads.add(a_lead_with_files())
    slow = FragileLeads(delivery.leads, Boundaries({1: time_passes(delivery, LAST_MOMENT + SECOND)}))

    assert await delivery.pass_of(leads=slow)() == DeliveryReport(claimed=1, delivered=0)

    stored = await delivery.stored(lead)
    assert counts(delivery.crm) == NOTHING
    assert (stored.status, stored.attempts, stored.intent) == (LeadStatus.PENDING, 0, None)
    assert stored.next_attempt_at == delivery.clock.now()


@pytest.mark.parametrize("slow", [effect for effect in Effect if effect is not Effect.FILES])
async def test_no_effect_begins_that_could_outlast_the_lease(delivery: Delivery, slow: Effect) -> None:
    """What was made is recorded, and the lead is let go of; it is nobody's failure."""
    lead = await delivery.leads.add(a_lead_with_files())
    crm = InterruptedCrm(delivery.crm, slow, time_passes(delivery, LAST_MOMENT + SECOND))

    assert await delivery.pass_of(crm=crm)() == DeliveryReport(claimed=1, delivered=0)

    stored = await delivery.stored(lead)
    assert list(stored.made) == list(Effect)[: list(Effect).index(slow) + 1]
    assert (stored.status, stored.attempts, stored.intent, delivery.told) == (LeadStatus.PENDING, 0, None, [])
    await delivery.pass_of()()
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_slow_calls_need_only_a_heart_that_beats(delivery: Delivery, leads: WatchedLeads) -> None:
    """All together they take longer than a lease."""
    several = leads_of_many(3)
    await delivery.has(*several)

    async def a_minute_passes() -> None:
        delivery.clock.pass_time(MINUTE)
        await leads.hear_beats()

    slow = InterruptedCrm(delivery.crm, Effect.CONTACT, a_minute_passes)
    slower = InterruptedCrm(slow, Effect.LEAD, a_minute_passes)

    report = await delivery.pass_of(leads=leads, crm=slower, times=QUICK)()

    assert delivery.clock.now() - NOW > LEASE
    assert report.delivered == 3


async def test_once_another_worker_has_the_leads_nothing_is_looked_for_or_made(
    delivery: Delivery, leads: WatchedLeads
) -> None:
    """A process that was stopped for a while, as a virtual machine may be."""
    await delivery.has(*leads_of_many(3))

    async def stopped() -> None:
        delivery.clock.pass_time(LEASE)
        await leads.claim(limit=50, lease_for=LEASE)

    observed = ObservedCrm(InterruptedCrm(delivery.crm, Effect.CONTACT, stopped))

    report = await delivery.pass_of(leads=leads, crm=observed, times=QUICK)()

    assert (report.delivered, [effect for effect, _ in observed.made]) == (0, [Effect.CONTACT])
    assert len(delivery.crm.deals) == 0


def time_passes(delivery: Delivery, time: timedelta) -> Callable[[], Awaitable[None]]:
    async def passes() -> None:
        delivery.clock.pass_time(time)

    return passes
