"""A contact that a manager deleted, or merged with another, before its deal was made."""

from contextlib import suppress

import pytest

from carquery.application.ports.crm import CrmBusy
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import LeadStatus
from carquery.domain.lead_history import Happening
from tests.application.crms import ContactsThatVanish
from tests.application.delivering import EVERYTHING_ONCE, LOST_IS_KNOWN, Delivery, an_eager_delivery, counts
from tests.application.faults import Boundaries, Breaks, Crash, FragileCrm, FragileLeads, crash, fail
from tests.builders import a_lead_with_files


async def put_off_before_its_deal(delivery: Delivery) -> CrmId:
    """A lead whose contact stands there, and whose deal has to wait."""
    await delivery.has(a_lead_with_files())
    delivery.crm.fail_next(CrmBusy("HTTP 503"), effect=Effect.LEAD)
    await delivery.pass_of()()
    delivery.clock.pass_time(LOST_IS_KNOWN)
    (contact,) = delivery.crm.contacts
    return contact


async def test_a_contact_that_is_gone_is_made_again_and_the_deal_with_it() -> None:
    delivery = an_eager_delivery()
    gone = await put_off_before_its_deal(delivery)
    delivery.crm.delete_contact(gone)

    report = await delivery.pass_of()()

    assert report.delivered == 1
    assert counts(delivery.crm) == EVERYTHING_ONCE
    (deal,) = delivery.crm.deals.values()
    assert deal.contact != gone
    assert (Happening.MISSED, Effect.CONTACT) in await delivery.happened(delivery.dealership.stored_leads[0])


async def test_a_dead_lead_that_is_resubmitted_finds_another_contact() -> None:
    delivery = Delivery(most_attempts=1)
    gone = await put_off_before_its_deal(delivery)
    delivery.crm.delete_contact(gone)
    (lead,) = delivery.dealership.stored_leads
    assert lead.status is LeadStatus.DEAD

    await delivery.leads.put_back([lead.id], at=delivery.clock.now())
    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE


async def test_contacts_that_vanish_again_and_again_cost_one_attempt_each() -> None:
    delivery = an_eager_delivery()
    await delivery.has(a_lead_with_files())
    crm = ContactsThatVanish(delivery.crm)

    for attempts in (1, 2):
        await delivery.pass_of(crm=crm)()
        (lead,) = delivery.dealership.stored_leads
        assert (lead.attempts, dict(lead.made), len(crm.deals)) == (attempts, {}, 2 * attempts)
        delivery.clock.pass_time(LOST_IS_KNOWN)

    await delivery.pass_of()()
    assert await delivery.status(lead) is LeadStatus.DELIVERED


@pytest.mark.parametrize("breaks", [crash, fail], ids=["the process dies", "the call fails"])
@pytest.mark.parametrize("boundary", range(44))
async def test_whatever_breaks_meanwhile_everything_stands_there_once(boundary: int, breaks: Breaks) -> None:
    delivery = an_eager_delivery()
    delivery.crm.delete_contact(await put_off_before_its_deal(delivery))
    boundaries = Boundaries({boundary: breaks})
    leads, crm = FragileLeads(delivery.leads, boundaries), FragileCrm(delivery.crm, boundaries)

    with suppress(Crash, StoreUnavailable):
        await delivery.pass_of(leads=leads, crm=crm)()
    delivery.clock.pass_time(LOST_IS_KNOWN)
    await delivery.pass_of()()

    assert [lead.status for lead in delivery.dealership.stored_leads] == [LeadStatus.DELIVERED]
    assert counts(delivery.crm) == EVERYTHING_ONCE
