"""At a customer's wish everything personal is gone."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from carquery.application.conversation.erase_customer import EraseCustomer
from carquery.application.ports.alerts import ContactMayExist, ContactToErase
from carquery.application.ports.customers import Customers, FirstLook, LeftInCrm, WalkPosition
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Erased
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.ids import CustomerId, MessageToken, Reference, Source
from carquery.domain.lead import LeadStatus
from carquery.domain.visit import STRANGER, Acquaintance, Owed
from tests.application.in_memory import Dealership
from tests.builders import ANNA, BORIS, NOW, a_dialog, a_lead, a_visit, an_arrival


@pytest.fixture
def erase(dealership: Dealership) -> EraseCustomer:
    return EraseCustomer(
        reception=dealership.reception, customers=dealership.customers, alert_bell=dealership.staff.bell
    )


async def test_nothing_personal_is_left(dealership: Dealership, erase: EraseCustomer) -> None:
    await dealership.leads.add(a_lead(conversation=("Это Анна",)))
    await dealership.customers.consent(ANNA, Consent(NOW, "1", "f" * 64))
    await dealership.has_open(
        a_dialog(step="phone"),
        known=Acquaintance(PersonName("Анна")),
        profile_name=PersonName("Аня"),
        conversation=("Это Анна",),
        receipt=Reference("CQ-7K3M9X"),
        source=Source("avito"),
    )
    await dealership.visits.note_shown(ANNA, MessageToken("17"))

    reply = await erase(an_arrival(1))

    visit = await dealership.visit()
    assert reply.screen == Erased()
    assert visit == a_visit(
        allowance=visit.allowance, taken=visit.taken, shown=MessageToken("17"), owed=Owed(NOW), version=visit.version
    )
    assert await dealership.customers.acquaintance(ANNA) == STRANGER
    (lead,) = dealership.stored_leads
    assert (lead.customer, dict(lead.answers), lead.conversation, lead.erased_at) == (None, {}, (), NOW)


async def test_a_waiting_lead_is_delivered_no_more(dealership: Dealership, erase: EraseCustomer) -> None:
    await dealership.leads.add(a_lead())

    await erase(an_arrival())

    dealership.clock.pass_time(timedelta(days=1))
    assert (await dealership.leads.claim(limit=10, lease_for=timedelta(seconds=90))).leads == ()


async def test_the_admin_chat_is_told_which_contact_to_erase(dealership: Dealership, erase: EraseCustomer) -> None:
    await dealership.leads.add(a_lead(1, made={Effect.CONTACT: CrmId(77)}, status=LeadStatus.DELIVERED))
    await dealership.leads.add(a_lead(2, made={Effect.CONTACT: CrmId(77)}))

    await erase(an_arrival())

    assert dealership.staff.waiting == [ContactToErase((CrmId(77),))]


async def test_the_customer_is_told_whether_people_were_asked(dealership: Dealership, erase: EraseCustomer) -> None:
    await dealership.leads.add(a_lead(1))
    assert (await erase(an_arrival(1))).screen == Erased(is_asked=False)

    await dealership.leads.add(a_lead(2, made={Effect.CONTACT: CrmId(77)}))
    assert (await erase(an_arrival(2))).screen == Erased(is_asked=True)


async def test_a_contact_in_doubt_is_told_by_the_end_of_its_phone(dealership: Dealership, erase: EraseCustomer) -> None:
    """A call that was to make it went out, and nobody knows yet whether it did; later nobody here could tell whose."""
    await dealership.leads.add(a_lead(intent=CallIntent(Effect.CONTACT, NOW), status=LeadStatus.FAILED))

    reply = await erase(an_arrival())

    (told,) = dealership.staff.waiting
    assert isinstance(told, ContactMayExist)
    assert told.at == NOW
    assert len(told.phone_ends) == 4
    assert reply.screen == Erased(is_asked=True)


async def test_who_never_reached_the_crm_is_nobody_s_work(dealership: Dealership, erase: EraseCustomer) -> None:
    await dealership.leads.add(a_lead())

    await erase(an_arrival())

    assert dealership.staff.waiting == []


async def test_erasing_is_no_way_around_the_limit_of_inputs(dealership: Dealership, erase: EraseCustomer) -> None:
    before = await dealership.has_open(None)

    await erase(an_arrival(1))

    visit = await dealership.visit()
    assert visit.taken == ("1",)
    assert visit.allowance.left < before.allowance.left


async def test_other_customers_keep_theirs(dealership: Dealership, erase: EraseCustomer) -> None:
    his = await dealership.leads.add(a_lead(customer=BORIS))
    before = await dealership.has_open(a_dialog(step="phone"), customer=BORIS)

    await erase(an_arrival())

    assert dealership.stored_leads == [his]
    assert await dealership.visit(BORIS) == before


async def test_two_taps_erase_once_and_tell_once(dealership: Dealership, erase: EraseCustomer) -> None:
    await dealership.leads.add(a_lead(made={Effect.CONTACT: CrmId(77)}))

    replies = await asyncio.gather(erase(an_arrival(1)), erase(an_arrival(2)))

    assert {reply.screen for reply in replies} <= {Erased(is_asked=True), Erased()}
    assert Erased(is_asked=True) in [reply.screen for reply in replies]
    assert dealership.staff.waiting == [ContactToErase((CrmId(77),))]


async def test_nothing_is_confirmed_while_the_database_is_away(dealership: Dealership, erase: EraseCustomer) -> None:
    lead = await dealership.leads.add(a_lead())
    before = await dealership.has_open(a_dialog(step="phone"))
    dealership.database.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await erase(an_arrival(1))

    assert dealership.stored_leads == [lead]
    assert await dealership.visit() == before
    assert (await erase(an_arrival(1))).screen == Erased()


async def test_asking_again_erases_what_a_failure_left(dealership: Dealership, erase: EraseCustomer) -> None:
    await dealership.leads.add(a_lead(made={Effect.CONTACT: CrmId(77)}))
    await dealership.has_open(a_dialog(step="phone"), profile_name=PersonName("Аня"))
    dealership.visits.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await erase(an_arrival(1))
    await erase(an_arrival(1))

    visit = await dealership.visit()
    assert (visit.dialog, visit.profile_name) == (None, None)
    assert dealership.staff.waiting == [ContactToErase((CrmId(77),))]


@dataclass
class CustomersErasedLate:
    """Erases, and the first time says that it could not."""

    customers: Customers
    is_late: bool = True

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        return await self.customers.acquaintance(customer)

    async def first_look(self, customer: CustomerId, *, left_since: datetime) -> FirstLook:
        return await self.customers.first_look(customer, left_since=left_since)

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        await self.customers.consent(customer, consent)

    async def erase(self, customer: CustomerId) -> tuple[LeftInCrm, ...]:
        erased = await self.customers.erase(customer)
        if self.is_late:
            self.is_late = False
            raise StoreUnavailable
        return erased

    async def forget(self, *, delivered_before: datetime, at_most: int) -> int:
        return await self.customers.forget(delivered_before=delivered_before, at_most=at_most)

    async def forget_without_leads(self, *, after: WalkPosition | None, at_most: int) -> WalkPosition | None:
        return await self.customers.forget_without_leads(after=after, at_most=at_most)


async def test_the_contact_is_told_even_if_the_erasures_answer_is_lost(dealership: Dealership) -> None:
    await dealership.leads.add(a_lead(made={Effect.CONTACT: CrmId(77)}))
    late = CustomersErasedLate(dealership.customers)
    erase = EraseCustomer(reception=dealership.reception, customers=late, alert_bell=dealership.staff.bell)

    with pytest.raises(StoreUnavailable):
        await erase(an_arrival(1))
    await erase(an_arrival(1))

    assert dealership.staff.waiting == [ContactToErase((CrmId(77),))]
