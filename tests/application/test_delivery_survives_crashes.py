"""A process may die, or a call may fail, at any moment: still one contact, deal, note, task and each file once."""

import pytest

from carquery.application.ports.alerts import CrmAway
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from tests.application.crms import CrmOfSmallPortions
from tests.application.delivering import (
    EVERYTHING_ONCE,
    LEASE,
    LOST_IS_KNOWN,
    NOTHING,
    QUARANTINE,
    Delivery,
    an_eager_delivery,
    counts,
    leads_of_many,
    once_each,
)
from tests.application.faults import Boundaries, Breaks, Crash, FragileCrm, FragileLeads, crash, fail
from tests.builders import PERMIT, a_lead_with_files

BOUNDARIES = 38
"""Of an undisturbed pass: before and after the closure, the claim, intent, call and result of five effects, the look
for trade-ins, and the release. Leads of one claim have all of them in common."""

BOUNDARIES_OF_TWO_PORTIONS = BOUNDARIES + 6
"""The contacts of three leads are made two and one: intent, call and result once more."""

HOW = pytest.mark.parametrize("breaks", [crash, fail], ids=["the process dies", "the call fails"])


async def fragile_pass(delivery: Delivery, boundaries: Boundaries) -> None:
    """A pass that may end early."""
    leads = FragileLeads(delivery.leads, boundaries)
    crm = FragileCrm(CrmOfSmallPortions(delivery.crm), boundaries)
    try:
        await delivery.pass_of(leads=leads, crm=crm)()
    except (Crash, StoreUnavailable):
        pass
    finally:
        delivery.clock.pass_time(LOST_IS_KNOWN)


@pytest.mark.parametrize(("leads", "boundaries"), [(1, BOUNDARIES), (2, BOUNDARIES), (3, BOUNDARIES_OF_TWO_PORTIONS)])
async def test_an_undisturbed_pass_has_so_many_boundaries(leads: int, boundaries: int) -> None:
    delivery, undisturbed = an_eager_delivery(), Boundaries()
    await delivery.has(*leads_of_many(leads))

    await fragile_pass(delivery, undisturbed)

    assert (counts(delivery.crm), undisturbed.passed) == (once_each(leads), boundaries)


async def test_a_store_that_is_away_ends_the_pass_and_says_so() -> None:
    """Whoever runs the passes waits then; what was made and not recorded is looked for by a later one."""
    for boundary in range(4):  # before and after the claim and the first intent
        delivery = an_eager_delivery()
        await delivery.has(a_lead_with_files())
        leads = FragileLeads(delivery.leads, Boundaries({boundary: fail}))

        with pytest.raises(StoreUnavailable):
            await delivery.pass_of(leads=leads)()

        assert counts(delivery.crm) == NOTHING


@HOW
@pytest.mark.parametrize("boundary", range(BOUNDARIES))
async def test_whatever_breaks_the_next_passes_complete_the_lead_once(boundary: int, breaks: Breaks) -> None:
    delivery = an_eager_delivery()
    lead = await delivery.leads.add(a_lead_with_files())

    await fragile_pass(delivery, Boundaries({boundary: breaks}))
    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE
    assert {type(alert) for alert in delivery.told} <= {CrmAway}


@HOW
@pytest.mark.parametrize("first", range(BOUNDARIES))
async def test_a_recovery_may_break_as_well(first: int, breaks: Breaks) -> None:
    """A sixth of all pairs: each moment with some others."""
    for second in range(first % 6, BOUNDARIES + 2, 6):
        delivery = an_eager_delivery()
        lead = await delivery.leads.add(a_lead_with_files())

        await fragile_pass(delivery, Boundaries({first: breaks}))
        await fragile_pass(delivery, Boundaries({second: breaks}))
        await delivery.pass_of()()

        assert (second, await delivery.status(lead)) == (second, LeadStatus.DELIVERED)
        assert (second, counts(delivery.crm)) == (second, EVERYTHING_ONCE)


async def test_a_batch_that_breaks_in_the_middle_is_completed_once() -> None:
    """Some of its leads have come further than others by then."""
    for boundary in range(BOUNDARIES_OF_TWO_PORTIONS):
        for breaks in (crash, fail):
            delivery = an_eager_delivery()
            await delivery.has(*leads_of_many(3))

            await fragile_pass(delivery, Boundaries({boundary: breaks}))
            await delivery.pass_of()()

            where = (boundary, breaks.__name__)
            assert (where, counts(delivery.crm)) == (where, once_each(3))
            statuses = {lead.status for lead in delivery.dealership.stored_leads}
            assert (where, statuses) == (where, {LeadStatus.DELIVERED})


@pytest.mark.parametrize("boundary", range(BOUNDARIES))
async def test_who_starts_again_at_once_makes_nothing_twice(boundary: int) -> None:
    """The leases of the crashed process still run, and its last call may still land."""
    delivery = an_eager_delivery()
    await delivery.leads.add(a_lead_with_files())
    boundaries = Boundaries({boundary: crash})
    leads, crm = FragileLeads(delivery.leads, boundaries), FragileCrm(delivery.crm, boundaries)
    with pytest.raises(Crash):
        await delivery.pass_of(leads=leads, crm=crm)()
    before = counts(delivery.crm)

    report = await delivery.pass_of()()

    assert counts(delivery.crm) == (EVERYTHING_ONCE if report.delivered else before)


@pytest.mark.parametrize("effect", list(Effect))
async def test_a_crashed_process_s_last_call_may_land_after_its_lease(effect: Effect) -> None:
    """It was on its way when the process died; who looks, or acts, before it lands would make a second one."""
    delivery = an_eager_delivery()
    lead = await delivery.leads.add(a_lead_with_files())
    at_the_call = Boundaries({2 + 2 * list(Effect).index(effect): crash})
    with pytest.raises(Crash):
        await delivery.pass_of(crm=FragileCrm(delivery.crm, at_the_call))()
    on_its_way = await delivery.stored(lead)

    delivery.clock.pass_time(LEASE)
    too_early = await delivery.pass_of()()
    await delivery.crm.make(effect, [on_its_way], PERMIT)
    delivery.clock.pass_time(QUARANTINE - LEASE)
    in_time = await delivery.pass_of()()

    assert (too_early.delivered, in_time.delivered) == (0, 1)
    assert counts(delivery.crm) == EVERYTHING_ONCE
