"""How a pass behaves while the CRM can't be asked."""

from datetime import timedelta

import pytest

from carquery.application.ports.alerts import CrmClosed
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmFailure, CrmShutOut, CrmUnauthorised
from carquery.domain.lead import QUARANTINE, Effect, LeadStatus
from tests.application.delivering import EVERYTHING_ONCE, CrmThatCannotLook, Delivery, a_lead_with_photos, counts
from tests.builders import a_lead

CLOSED = pytest.mark.parametrize(
    "failure", [CrmShutOut("HTTP 403"), CrmUnauthorised("HTTP 401")], ids=lambda failure: type(failure).__name__
)


@pytest.fixture
def delivery() -> Delivery:
    return Delivery()


NO_LOOK: list[CrmFailure] = [
    CrmBusy("HTTP 503"),
    CrmBusy("HTTP 429", retry_after=timedelta(seconds=7)),
    CrmShutOut("HTTP 403"),
    CrmUnauthorised("HTTP 401"),
]


@pytest.mark.parametrize("effect", [Effect.LEAD, Effect.NOTE, Effect.TASK])
@pytest.mark.parametrize("failure", NO_LOOK, ids=str)
async def test_as_long_as_nobody_could_look_nothing_is_made_again(
    delivery: Delivery, effect: Effect, failure: CrmFailure
) -> None:
    """That looking failed says nothing about the call whose answer was lost."""
    lead = await delivery.leads.add(a_lead_with_photos())
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=True)
    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)

    await delivery.pass_of(crm=CrmThatCannotLook(delivery.crm, failure))()
    delivery.clock.pass_time(timedelta(hours=1))
    await delivery.pass_of()()

    assert await delivery.status(lead) is LeadStatus.DELIVERED
    assert counts(delivery.crm) == EVERYTHING_ONCE


@CLOSED
async def test_a_closed_crm_is_told_once_whatever_the_leads_lack(delivery: Delivery, failure: CrmFailure) -> None:
    """Leads at different stages need different calls; none of them is made once the CRM is known to be closed."""
    await delivery.leads.add(a_lead(1))
    await delivery.pass_of()()
    (deal,) = delivery.crm.deals.values()
    fresh = await delivery.leads.add(a_lead(2))
    half_made = await delivery.leads.add(a_lead(3, made={Effect.CONTACT: deal.contact}))
    for _ in Effect:
        delivery.crm.fail_next(failure)

    await delivery.pass_of()()

    assert delivery.told == [CrmClosed(str(failure))]
    for lead in (fresh, half_made):
        assert ((await delivery.stored(lead)).attempts, await delivery.status(lead)) == (0, LeadStatus.PENDING)


@CLOSED
async def test_a_crm_closed_to_looking_is_told_once(delivery: Delivery, failure: CrmFailure) -> None:
    for number in (1, 2, 3):
        await delivery.leads.add(a_lead(number))
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.LEAD)
    await delivery.pass_of()()
    delivery.clock.pass_time(QUARANTINE)

    await delivery.pass_of(crm=CrmThatCannotLook(delivery.crm, failure))()

    assert delivery.told == [CrmClosed(str(failure))]
