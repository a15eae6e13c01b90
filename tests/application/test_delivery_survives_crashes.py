"""A process may die, or a call may fail, at any moment: still one contact, deal, note, task and each file once."""

import pytest

from carquery.application.deliver_leads import LEASE
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.lead import QUARANTINE, Effect, LeadStatus
from tests.application.delivering import (
    EVERYTHING_ONCE,
    LOST_IS_KNOWN,
    Boundaries,
    Crash,
    Delivery,
    FragileCrm,
    FragileLeads,
    a_lead_with_photos,
    counts,
)

BOUNDARIES = 34
"""Of an undisturbed pass: before and after the claim, intent, call and result of five effects, and the release."""

HOW = pytest.mark.parametrize("crash", [True, False], ids=["the process dies", "the call fails"])


async def fragile_pass(delivery: Delivery, boundaries: Boundaries) -> None:
    """A pass that may end early."""
    leads, crm = FragileLeads(delivery.leads, boundaries), FragileCrm(delivery.crm, boundaries)
    try:
        await delivery.pass_of(leads=leads, crm=crm)()
    except (Crash, StoreUnavailable):
        pass
    finally:
        delivery.clock.pass_time(LOST_IS_KNOWN)


async def test_an_undisturbed_pass_has_so_many_boundaries() -> None:
    delivery, undisturbed = Delivery(), Boundaries(crash=True)
    lead = await delivery.leads.add(a_lead_with_photos())

    await fragile_pass(delivery, undisturbed)

    assert (await delivery.status(lead), undisturbed.passed) == (LeadStatus.DELIVERED, BOUNDARIES)


@HOW
@pytest.mark.parametrize("boundary", range(BOUNDARIES))
async def test_whatever_breaks_the_next_passes_complete_the_lead_once(boundary: int, *, crash: bool) -> None:
    delivery = Delivery()
    lead = await delivery.leads.add(a_lead_with_photos())

    await fragile_pass(delivery, Boundaries(boundary, crash=crash))
    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE
    assert delivery.told == []


@HOW
@pytest.mark.parametrize("first", range(BOUNDARIES))
async def test_a_recovery_may_break_as_well(first: int, *, crash: bool) -> None:
    """A sixth of all pairs: each moment with some others."""
    for second in range(first % 6, BOUNDARIES + 2, 6):
        delivery = Delivery()
        lead = await delivery.leads.add(a_lead_with_photos())

        await fragile_pass(delivery, Boundaries(first, crash=crash))
        await fragile_pass(delivery, Boundaries(second, crash=crash))
        await delivery.pass_of()()

        assert (second, await delivery.status(lead)) == (second, LeadStatus.DELIVERED)
        assert (second, counts(delivery.crm)) == (second, EVERYTHING_ONCE)


@pytest.mark.parametrize("boundary", range(BOUNDARIES))
async def test_who_starts_again_at_once_makes_nothing_twice(boundary: int) -> None:
    """The leases of the crashed process still run, and its last call may still land."""
    delivery = Delivery()
    await delivery.leads.add(a_lead_with_photos())
    boundaries = Boundaries(boundary, crash=True)
    leads, crm = FragileLeads(delivery.leads, boundaries), FragileCrm(delivery.crm, boundaries)
    with pytest.raises(Crash):
        await delivery.pass_of(leads=leads, crm=crm)()
    before = counts(delivery.crm)

    report = await delivery.pass_of()()

    assert counts(delivery.crm) == (EVERYTHING_ONCE if report.delivered else before)


@pytest.mark.parametrize("effect", list(Effect))
async def test_a_crashed_process_s_last_call_may_land_after_its_lease(effect: Effect) -> None:
    """It was on its way when the process died; who looks, or acts, before it lands would make a second one."""
    delivery = Delivery()
    lead = await delivery.leads.add(a_lead_with_photos())
    at_the_call = Boundaries(2 * list(Effect).index(effect), crash=True)
    with pytest.raises(Crash):
        await delivery.pass_of(crm=FragileCrm(delivery.crm, at_the_call))()
    on_its_way = await delivery.stored(lead)

    delivery.clock.pass_time(LEASE)
    too_early = await delivery.pass_of()()
    await delivery.crm.make(effect, [on_its_way])
    delivery.clock.pass_time(QUARANTINE - LEASE)
    in_time = await delivery.pass_of()()

    assert (too_early.delivered, in_time.delivered) == (0, 1)
    assert counts(delivery.crm) == EVERYTHING_ONCE
