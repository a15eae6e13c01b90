"""What every adapter of `Customers` promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.alerts import ContactMayExist, ContactToErase
from carquery.application.ports.leads import Chosen
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.ids import Channel, CustomerId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.reason import Reason
from carquery.domain.visit import STRANGER, Acquaintance
from tests.builders import (
    ANNA,
    ANNA_S_HANDLE,
    BORIS,
    EVERY_ATTACHMENT,
    EVERY_KIND_OF_ANSWER,
    NAMESAKE,
    NOW,
    a_lead,
    someone,
)
from tests.contracts.databases import Database

FIRST = Consent(NOW, "1", "a" * 64)
SECOND_CONSENT = Consent(NOW + timedelta(days=1), "2", "b" * 64)


async def test_nothing_is_known_of_a_stranger(database: Database) -> None:
    assert await database.customers.acquaintance(ANNA) == STRANGER


async def test_the_last_leads_name_and_phone_are_known(database: Database) -> None:
    await database.leads.add(a_lead(1))
    married = EVERY_KIND_OF_ANSWER | {"name": PersonName("Анна Иванова"), "phone": Phone("+79035550101")}
    await database.leads.add(a_lead(2, answers=married))

    known = await database.customers.acquaintance(ANNA)

    assert (known.name, known.phone) == (PersonName("Анна Иванова"), Phone("+79035550101"))


async def test_an_extension_is_known_with_its_number_and_a_remark_is_not(database: Database) -> None:
    phone = Phone("+74951234567", extension="5", remark="звоните после шести")
    await database.leads.add(a_lead(1, answers=EVERY_KIND_OF_ANSWER | {"phone": phone}))

    assert (await database.customers.acquaintance(ANNA)).phone == Phone("+74951234567", extension="5")


async def test_an_extension_goes_with_another_number(database: Database) -> None:
    office, mobile = Phone("+74951234567", extension="5"), Phone("+79161234567")
    await database.leads.add(a_lead(1, answers=EVERY_KIND_OF_ANSWER | {"phone": office}))
    await database.leads.add(a_lead(2, answers=EVERY_KIND_OF_ANSWER | {"phone": mobile}))

    assert (await database.customers.acquaintance(ANNA)).phone == mobile


async def test_consents_of_customers_of_any_channel_are_known(database: Database) -> None:
    somebody = CustomerId(Channel("whatsapp"), "79161234567@c.us")
    for consent in (SECOND_CONSENT, FIRST, FIRST):
        await database.customers.consent(somebody, consent)

    assert (await database.customers.acquaintance(somebody)).consent == SECOND_CONSENT


async def test_the_consent_given_last_is_known(database: Database) -> None:
    await database.customers.consent(ANNA, SECOND_CONSENT)
    await database.customers.consent(ANNA, FIRST)

    assert (await database.customers.acquaintance(ANNA)).consent == SECOND_CONSENT
    assert (await database.customers.acquaintance(BORIS)).consent is None


async def test_a_consent_given_again_changes_nothing(database: Database) -> None:
    await database.customers.consent(ANNA, FIRST)
    await database.customers.consent(ANNA, Consent(NOW + timedelta(days=9), "1", FIRST.fingerprint))

    assert (await database.customers.acquaintance(ANNA)).consent == FIRST


async def test_consent_to_an_older_text_given_anew_is_the_last(database: Database) -> None:
    anew = Consent(NOW + timedelta(days=9), "1", FIRST.fingerprint)
    for consent in (FIRST, SECOND_CONSENT, anew):
        await database.customers.consent(ANNA, consent)

    assert (await database.customers.acquaintance(ANNA)).consent == anew


async def test_erasure_leaves_nothing_personal(database: Database) -> None:
    await database.leads.add(a_lead(conversation=("Позвоните мне",), failure=Reason("ошибка у Анны")))
    await database.customers.consent(ANNA, FIRST)

    await database.customers.erase(ANNA)

    assert await database.customers.acquaintance(ANNA) == STRANGER
    (lead,) = await database.leads.newest(limit=10)
    assert (lead.customer, dict(lead.answers), lead.conversation, lead.failure) == (None, {}, (), None)
    assert lead.erased_at is not None
    assert (lead.reference, lead.service, lead.created_at) == ("CQ-000001", "sell", NOW)


async def test_erasure_names_the_crms_contacts(database: Database) -> None:
    made = {Effect.CONTACT: CrmId(77), Effect.LEAD: CrmId(5)}
    await database.leads.add(a_lead(1, made=made, status=LeadStatus.DELIVERED))
    await database.leads.add(a_lead(2, made=made))
    await database.leads.add(a_lead(3))

    assert await database.customers.erase(BORIS) == ()
    assert await database.customers.erase(ANNA) == (ContactToErase((CrmId(77),)),)


IN_DOUBT = CallIntent(Effect.CONTACT, NOW)


@pytest.mark.parametrize("status", [LeadStatus.PENDING, LeadStatus.FAILED, LeadStatus.DEAD])
async def test_erasure_names_a_contact_that_may_exist_by_its_last_digits(
    database: Database, status: LeadStatus
) -> None:
    await database.leads.add(someone(1, intent=IN_DOUBT, status=status))

    left = await database.customers.erase(ANNA)

    assert left == (ContactMayExist("0001", NOW),)
    assert await database.customers.erase(ANNA) == ()


async def test_a_contact_of_a_database_that_was_restored_may_stand_there_since_the_lead_does(
    database: Database,
) -> None:
    lead = await database.leads.add(someone(1))
    await database.maintenance.put_in_doubt(at=NOW + timedelta(days=2))

    assert await database.customers.erase(ANNA) == (ContactMayExist("0001", lead.created_at),)


@pytest.mark.parametrize(
    "lead",
    [
        pytest.param(someone(1), id="nothing was called"),
        pytest.param(someone(1, intent=CallIntent(Effect.NOTE, NOW), made={Effect.CONTACT: CrmId(7)}), id="a note"),
        pytest.param(someone(1, intent=IN_DOUBT, customer=BORIS), id="another's"),
    ],
)
async def test_erasure_doubts_only_contacts_whose_call_was_lost(database: Database, lead: Lead) -> None:
    await database.leads.add(lead)

    left = await database.customers.erase(ANNA)

    assert not any(isinstance(one, ContactMayExist) for one in left)


async def test_what_is_known_and_what_is_in_doubt_are_both_named(database: Database) -> None:
    await database.leads.add(someone(1, made={Effect.CONTACT: CrmId(7)}, status=LeadStatus.DELIVERED))
    await database.leads.add(someone(2, intent=IN_DOUBT))

    assert set(await database.customers.erase(ANNA)) == {ContactToErase((CrmId(7),)), ContactMayExist("0002", NOW)}


async def test_erasing_twice_is_the_same_as_once(database: Database) -> None:
    await database.leads.add(a_lead(made={Effect.CONTACT: CrmId(77)}))
    await database.customers.erase(ANNA)
    before = await database.leads.newest(limit=10)

    assert await database.customers.erase(ANNA) == ()
    assert await database.leads.newest(limit=10) == before


async def test_erasure_spares_other_customers(database: Database) -> None:
    hers = await database.leads.add(a_lead(1))
    await database.leads.add(a_lead(2, customer=BORIS))

    await database.customers.erase(BORIS)

    assert await database.leads.load(hers.id) == hers
    assert (await database.customers.acquaintance(ANNA)).phone == hers.phone


async def test_the_same_number_in_two_channels_is_two_customers(database: Database) -> None:
    name = {"name": PersonName("Мария"), "phone": Phone("+79035550101")}
    hers = await database.leads.add(a_lead(1))
    namesakes = await database.leads.add(a_lead(2, customer=NAMESAKE, answers=EVERY_KIND_OF_ANSWER | name))
    for customer, consent in ((ANNA, FIRST), (NAMESAKE, SECOND_CONSENT)):
        await database.customers.consent(customer, consent)

    assert await database.customers.acquaintance(ANNA) == Acquaintance(hers.name, hers.phone, FIRST)
    assert await database.customers.acquaintance(NAMESAKE) == Acquaintance(
        namesakes.name, namesakes.phone, SECOND_CONSENT
    )


@pytest.mark.parametrize(("erased", "spared"), [(ANNA, NAMESAKE), (NAMESAKE, ANNA)], ids=str)
async def test_erasure_spares_who_has_the_same_number_in_another_channel(
    database: Database, erased: CustomerId, spared: CustomerId
) -> None:
    leads = [
        await database.leads.add(a_lead(number, customer=customer, made={Effect.CONTACT: CrmId(number)}))
        for number, customer in ((1, erased), (2, spared))
    ]
    for customer in (erased, spared):
        await database.customers.consent(customer, FIRST)

    assert await database.customers.erase(erased) == (ContactToErase((CrmId(1),)),)

    assert await database.customers.acquaintance(erased) == STRANGER
    assert await database.customers.acquaintance(spared) == Acquaintance(leads[1].name, leads[1].phone, FIRST)
    assert await database.leads.load(leads[1].id) == leads[1]
    assert (await database.leads.newest(limit=9, chosen=Chosen(customer=erased))) == ()


@pytest.mark.parametrize(("forgotten", "kept"), [(ANNA, NAMESAKE), (NAMESAKE, ANNA)], ids=str)
async def test_who_has_no_lead_left_is_forgotten_and_their_namesake_is_not(
    database: Database, forgotten: CustomerId, kept: CustomerId
) -> None:
    await database.leads.add(delivered(1, days_ago=400, customer=forgotten))
    await database.leads.add(delivered(2, days_ago=1, customer=kept))

    await database.customers.forget(delivered_before=NOW - timedelta(days=365), at_most=10)

    known = [(await database.customers.acquaintance(customer)).phone for customer in (forgotten, kept)]
    assert known == [None, someone(2).phone]


def delivered(number: int, *, days_ago: int, **changes: Any) -> Lead:
    return someone(number, status=LeadStatus.DELIVERED, delivered_at=NOW - timedelta(days=days_ago), **changes)


async def test_leads_delivered_long_ago_become_anonymous(database: Database) -> None:
    for lead in (delivered(1, days_ago=400), delivered(2, days_ago=366), delivered(3, days_ago=364)):
        await database.leads.add(lead)

    forgotten = await database.customers.forget(delivered_before=NOW - timedelta(days=365), at_most=10)

    assert forgotten == 2
    kept = {lead.reference: dict(lead.answers) for lead in await database.leads.newest(limit=10)}
    assert [bool(answers) for _, answers in sorted(kept.items())] == [False, False, True]


@pytest.mark.parametrize("status", [status for status in LeadStatus if status is not LeadStatus.DELIVERED])
async def test_a_lead_that_was_not_delivered_is_never_forgotten(database: Database, status: LeadStatus) -> None:
    await database.leads.add(a_lead(status=status))

    assert await database.customers.forget(delivered_before=NOW + timedelta(days=9_999), at_most=10) == 0


async def test_no_more_are_forgotten_at_once_than_was_said(database: Database) -> None:
    for number in (1, 2, 3):
        await database.leads.add(delivered(number, days_ago=400 + number))
    cutoff = NOW - timedelta(days=365)

    counts = [await database.customers.forget(delivered_before=cutoff, at_most=2) for _ in range(3)]

    assert counts == [2, 1, 0]


async def test_who_has_no_other_lead_is_forgotten_with_it(database: Database) -> None:
    await database.leads.add(a_lead(1, status=LeadStatus.DELIVERED, delivered_at=NOW - timedelta(days=400)))
    await database.customers.consent(ANNA, FIRST)

    await database.customers.forget(delivered_before=NOW, at_most=10)

    known = await database.customers.acquaintance(ANNA)
    assert (known.name, known.phone, known.consent) == (None, None, FIRST)


async def test_who_has_a_newer_lead_is_still_known(database: Database) -> None:
    await database.leads.add(a_lead(1, status=LeadStatus.DELIVERED, delivered_at=NOW - timedelta(days=400)))
    await database.leads.add(a_lead(2))

    await database.customers.forget(delivered_before=NOW, at_most=10)

    assert (await database.customers.acquaintance(ANNA)).phone is not None


async def test_who_is_forgotten_by_two_processes_at_once_is_forgotten_whole(database: Database) -> None:
    """Neither sees that the other takes the customer's other lead."""
    customers = [customer_of_user(1000 + number) for number in range(20)]
    for number, customer in enumerate(customers):
        for which in (2 * number, 2 * number + 1):
            await database.leads.add(replace(delivered(which, days_ago=400), customer=customer))

    async def forget_one_by_one() -> None:
        while await database.customers.forget(delivered_before=NOW, at_most=1):
            continue

    await asyncio.gather(forget_one_by_one(), forget_one_by_one())

    assert [(await database.customers.acquaintance(customer)).phone for customer in customers] == [None] * 20


async def test_a_walk_over_all_customers_ends_and_forgets_nobody_who_has_a_lead(database: Database) -> None:
    customers = [customer_of_user(1000 + number) for number in range(7)]
    for number, customer in enumerate(customers):
        await database.leads.add(someone(number, customer=customer))

    place, portions = await database.customers.forget_without_leads(after=None, at_most=3), 1
    while place is not None:
        place, portions = await database.customers.forget_without_leads(after=place, at_most=3), portions + 1

    assert all([(await database.customers.acquaintance(customer)).phone for customer in customers])
    assert portions == 4


async def test_nothing_personal_is_left_of_whoever_is_erased_or_forgotten(database: Database) -> None:
    """In every field: what is erased is the domain's to say (`Lead.erased`)."""
    full = {
        "handle": ANNA_S_HANDLE,
        "attachments": EVERY_ATTACHMENT,
        "conversation": ("привет",),
        "left_out": (Reason("имя"),),
        "failure": Reason("имя: Анна"),
    }
    erased = await database.leads.add(a_lead(1, **full))
    forgotten = await database.leads.add(delivered(2, days_ago=400, **full))

    await database.customers.erase(ANNA)
    await database.customers.forget(delivered_before=NOW, at_most=10)

    for lead in (erased, forgotten):
        stored = await database.leads.load(lead.id)
        assert stored is not None
        assert stored.erased_at is not None
        assert stored == lead.erased(at=stored.erased_at)
