"""Which delivered leads are named because they have no deal, or several."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.application.leads.reconcile_leads import LONGEST_UNDER_WAY, Miscount, ReconcileLeads, Reconciliation
from carquery.application.ports.crm import CrmBusy
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import LeadStatus
from tests.application.delivering import Delivery, leads_of_many
from tests.builders import ANNA, NOW, PERMIT

WEEK = timedelta(days=7)


@pytest.fixture
async def delivery() -> Delivery:
    """Three leads were delivered."""
    delivery = Delivery()
    await delivery.has(*leads_of_many(3))
    await delivery.pass_of()()
    return delivery


def reconcile(delivery: Delivery) -> ReconcileLeads:
    return ReconcileLeads(leads=delivery.leads, deals=delivery.crm)


async def test_what_stands_there_once_is_not_named(delivery: Delivery) -> None:
    assert await reconcile(delivery)(since=NOW - WEEK) == Reconciliation(3, ())


async def test_every_lead_without_exactly_one_deal_is_named(delivery: Delivery) -> None:
    doubled, _, gone = sorted(delivery.dealership.stored_leads, key=lambda lead: lead.reference)
    await delivery.crm.make(Effect.LEAD, [doubled], PERMIT)
    await delivery.crm.make(Effect.LEAD, [doubled], PERMIT)
    delivery.crm.delete_deal(gone.made[Effect.LEAD])

    found = await reconcile(delivery)(since=NOW - WEEK)

    assert found == Reconciliation(3, (Miscount(doubled.reference, 3), Miscount(gone.reference, 0)))
    assert (found.missing, found.doubled) == ((gone.reference,), (doubled.reference,))


async def test_leads_of_who_was_erased_are_left_out(delivery: Delivery) -> None:
    await delivery.dealership.customers.erase(ANNA)
    delivery.crm.deals.clear()

    assert await reconcile(delivery)(since=NOW - WEEK) == Reconciliation(0, ())


async def test_leads_that_are_not_delivered_or_were_long_ago_are_left_out() -> None:
    delivery = Delivery()
    waiting, old, lately = leads_of_many(3)
    made = {effect: CrmId(1_000 + place) for place, effect in enumerate(Effect)}
    month_ago = NOW - LONGEST_UNDER_WAY
    done = [replace(lead, status=LeadStatus.DELIVERED, made=made, created_at=month_ago) for lead in (old, lately)]
    await delivery.has(waiting)
    await delivery.has(replace(done[0], delivered_at=NOW - WEEK - timedelta(seconds=1)))
    await delivery.has(replace(done[1], delivered_at=NOW - WEEK))

    assert await reconcile(delivery)(since=NOW - WEEK) == Reconciliation(1, (Miscount(lately.reference, 0),))


async def test_while_the_crm_is_away_nobody_is_accused(delivery: Delivery) -> None:
    delivery.crm.fail_next(CrmBusy("HTTP 503"))

    with pytest.raises(CrmBusy):
        await reconcile(delivery)(since=NOW - WEEK)
