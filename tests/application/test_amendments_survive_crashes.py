"""A process may die, or a call may fail, at any moment: what a customer changed still stands in the CRM once."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from carquery.application.ports.amendments import Amendments, ClaimedAmendment
from carquery.application.ports.crm import CrmAmbiguous, CrmOutcome, Permit
from carquery.application.ports.crm_amendments import CrmAmendments
from carquery.application.ports.leads import Lease
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.amendment import Amendment, AmendmentEffect, AmendmentStatus
from carquery.domain.contact import Phone
from carquery.domain.ids import AmendmentId, CustomerId, LeadId
from carquery.domain.lead import Lead
from carquery.domain.words import Words
from tests.application.delivering import LOST_IS_KNOWN, Delivery, an_eager_delivery
from tests.application.faults import Boundaries, Breaks, CallFails, Crash, FragileCrm, FragileLeads, crash, fail
from tests.application.repeating import a_regular
from tests.builders import ANNA, MINUTE, NOW, a_correction, a_lead_with_files

OTHER_PHONE = Phone("+79035550101")
WAYS: dict[str, Breaks] = {"the process dies": crash, "the call fails": fail}


@dataclass(frozen=True, slots=True)
class FragileAmendments:
    """Amendments whose calls have boundaries: a call fails with nothing done, or done and the answer lost."""

    amendments: Amendments
    boundaries: Boundaries

    async def add(self, amendment: Amendment, customer: CustomerId) -> Amendment:
        return await self.amendments.add(amendment, customer)

    async def load(self, amendment: AmendmentId) -> Amendment | None:
        return await self.amendments.load(amendment)

    async def of(self, leads: Collection[LeadId]) -> Mapping[LeadId, tuple[Amendment, ...]]:
        return await self.amendments.of(leads)

    async def claim(self, *, lease_for: timedelta) -> ClaimedAmendment | None:
        await self.boundaries.reach_in_store()
        claimed = await self.amendments.claim(lease_for=lease_for)
        await self.boundaries.reach_in_store()
        return claimed

    async def update(self, amendment: Amendment, lease: Lease, *, lease_for: timedelta | None) -> bool:
        await self.boundaries.reach_in_store()
        written = await self.amendments.update(amendment, lease, lease_for=lease_for)
        await self.boundaries.reach_in_store()
        return written

    async def put_back(self, leads: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        return await self.amendments.put_back(leads, at=at)


@dataclass(frozen=True, slots=True)
class FragileCrmAmendments:
    """A CRM whose calls have boundaries: a call fails with nothing done, or done and the answer lost."""

    crm: CrmAmendments
    boundaries: Boundaries

    async def make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        try:
            await self.boundaries.reach()
            outcome = await self.crm.make(effect, amendment, lead, permit)
            await self.boundaries.reach()
        except CallFails:
            return CrmAmbiguous("timeout")
        return outcome


async def fragile_passes(delivery: Delivery, boundaries: Boundaries) -> None:
    """A pass over leads and one over amendments, either of which may end early."""
    amendments = FragileAmendments(delivery.dealership.amendments, boundaries)
    crm = FragileCrm(delivery.crm, boundaries)
    made_in = FragileCrmAmendments(delivery.crm_amendments, boundaries)
    try:
        await delivery.pass_of(leads=FragileLeads(delivery.leads, boundaries), crm=crm)()
        await delivery.amending_pass(amendments=amendments, crm=crm, made_in=made_in)()
    except (Crash, StoreUnavailable):
        pass
    finally:
        delivery.clock.pass_time(LOST_IS_KNOWN)


async def undisturbed_passes(delivery: Delivery) -> None:
    for _ in range(3):  # a lead that was in doubt is delivered by the first
        await delivery.pass_of()()
        await delivery.amending_pass()()
        delivery.clock.pass_time(LOST_IS_KNOWN)


async def a_delivered_lead() -> tuple[Delivery, Lead]:
    delivery, lead = await a_lead_that_nobody_has_begun()
    await delivery.pass_of()()
    return delivery, lead


async def a_lead_that_nobody_has_begun() -> tuple[Delivery, Lead]:
    delivery = an_eager_delivery()
    return delivery, await delivery.leads.add(a_lead_with_files())


async def a_lead_that_has_joined_a_deal() -> tuple[Delivery, Lead]:
    regular = await a_regular()
    lead = await regular.asks_again()
    await regular.delivery.pass_of()()
    return regular.delivery, lead


async def changed(begun: Callable[[], Awaitable[tuple[Delivery, Lead]]]) -> tuple[Delivery, Lead]:
    """It is corrected and then cancelled."""
    delivery, lead = await begun()
    correction = a_correction(lead, phone=OTHER_PHONE, car_brand=Words("Kia Rio"))
    await delivery.dealership.amendments.add(correction, ANNA)
    await delivery.dealership.amendments.add(Amendment.cancelling(lead, at=NOW + 2 * MINUTE), ANNA)
    delivery.clock.pass_time(3 * MINUTE)
    return delivery, lead


async def outcome_of(delivery: Delivery, lead: Lead) -> str:
    """What stands in the CRM, in a word."""
    texts = [note.text for note in delivery.crm.notes.values()]
    amendments = (await delivery.dealership.amendments.of([lead.id]))[lead.id]
    phones = [phone for contact in delivery.crm.contacts.values() for phone in (contact.phone, *contact.more_phones)]
    seen = {
        "cancelled": sum(text.startswith("Клиент отменил") for text in texts),
        "corrected": sum("Kia Rio" in text for text in texts),
        "tasks": sum(task.text.startswith("Клиент отменил") for task in delivery.crm.tasks.values()),
        "phone": phones.count(OTHER_PHONE),
        "deals": len(delivery.crm.deals),
        "contacts": len(delivery.crm.contacts),
    }
    settled = {AmendmentStatus.DELIVERED, AmendmentStatus.INCLUDED}
    if any(count > 1 for count in seen.values()):
        return f"doubled {seen}"
    if any(count < 1 for count in seen.values()) or any(one.status not in settled for one in amendments):
        return f"lost {seen}"
    return "once"


@pytest.mark.parametrize(
    "begun",
    [a_delivered_lead, a_lead_that_nobody_has_begun, a_lead_that_has_joined_a_deal],
    ids=lambda begun: begun.__name__,
)
async def test_whatever_breaks_everything_stands_there_once(
    begun: Callable[[], Awaitable[tuple[Delivery, Lead]]],
) -> None:
    """Each point with each way to break, and again at some later point of the recovery."""
    delivery, _ = await changed(begun)
    undisturbed = Boundaries()
    await fragile_passes(delivery, undisturbed)
    outcomes: Counter[tuple[str, str]] = Counter()

    for point in range(undisturbed.passed):
        for way, breaks in WAYS.items():
            for again in (None, (point * 7) % undisturbed.passed):
                delivery, lead = await changed(begun)
                await fragile_passes(delivery, Boundaries({point: breaks}))
                if again is not None:
                    await fragile_passes(delivery, Boundaries({again: breaks}))
                await undisturbed_passes(delivery)
                outcomes[way, await outcome_of(delivery, lead)] += 1

    print(f"{undisturbed.passed} points × {len(WAYS)} ways × 2: {dict(outcomes)}")  # noqa: T201  # with -s
    assert {outcome for _, outcome in outcomes} == {"once"}
    assert undisturbed.passed >= 20


async def test_an_amendment_made_while_a_worker_has_the_lead_is_told_after_it() -> None:
    """Whenever it comes between the calls of the lead's delivery."""
    for point in range(36):
        delivery = an_eager_delivery()
        lead = await delivery.leads.add(a_lead_with_files())

        async def cancels(delivery: Delivery = delivery, lead: Lead = lead) -> None:
            await delivery.dealership.amendments.add(
                a_correction(lead, car_brand=Words("Kia Rio"), phone=OTHER_PHONE), ANNA
            )
            await delivery.dealership.amendments.add(Amendment.cancelling(lead, at=NOW + MINUTE), ANNA)

        await fragile_passes(delivery, Boundaries({point: cancels}))
        delivery.clock.pass_time(MINUTE)
        await undisturbed_passes(delivery)

        assert (point, await outcome_of(delivery, lead)) == (point, "once")
