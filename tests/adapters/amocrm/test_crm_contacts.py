"""Which contact a lead gets, and what is added to it."""

from dataclasses import replace

import pytest

from carquery.adapters.amocrm.config import FieldName
from carquery.application.ports.crm import CrmBusy, CrmMade
from carquery.domain.contact import PersonName, Phone
from carquery.domain.lead import CrmId, Effect
from tests.adapters.amocrm.account import Account, a_full_lead, an_account

ANNA_S_PHONE = Phone("+79161234567")


def phones(account: Account, contact: int) -> list[str]:
    return [str(value) for value in account.emulator.world.contacts[contact].phones]


@pytest.mark.parametrize("written", ["+79161234567", "89161234567", "79161234567", "9161234567", "тел. 89161234567"])
async def test_a_contact_is_found_however_its_phone_is_written(written: str) -> None:
    async with an_account() as account:
        standing = account.emulator.world.add_contact("Анна Петровна", [written])

        assert await account.make(Effect.CONTACT, a_full_lead()) == [CrmMade(CrmId(standing))]
        assert phones(account, standing) == [written]


async def test_a_contact_with_the_digits_elsewhere_is_another_person() -> None:
    async with an_account() as account:
        other = account.emulator.world.add_contact("Борис, звонил с 9161234567", ["+79035550101"])

        (outcome,) = await account.make(Effect.CONTACT, a_full_lead())

        assert isinstance(outcome, CrmMade)
        assert outcome.id != other


async def test_of_several_contacts_with_the_phone_the_oldest_is_taken() -> None:
    async with an_account() as account:
        oldest = account.emulator.world.add_contact("Анна", [ANNA_S_PHONE.e164])
        account.emulator.world.add_contact("Анна (дубль)", [ANNA_S_PHONE.e164])

        assert await account.make(Effect.CONTACT, a_full_lead()) == [CrmMade(CrmId(oldest))]


async def test_a_new_contact_has_name_phone_and_telegram() -> None:
    async with an_account() as account:
        (outcome,) = await account.make(Effect.CONTACT, replace(a_full_lead(), username="anna_k"))

        assert isinstance(outcome, CrmMade)
        contact = account.emulator.world.contacts[outcome.id]
        assert contact.name == "Анна"
        assert phones(account, outcome.id) == [ANNA_S_PHONE.e164]
        assert contact.field(account.fields[FieldName.TELEGRAM]) == "@anna_k"


async def test_telegram_is_added_to_a_contact_that_has_none_and_nothing_is_overwritten() -> None:
    async with an_account() as account:
        standing = account.emulator.world.add_contact("Анна Петровна", ["89161234567", "+74951234567"])

        await account.make(Effect.CONTACT, replace(a_full_lead(name=PersonName("Аня")), username="anna_k"))
        await account.make(Effect.CONTACT, replace(a_full_lead(2), username="another"))

        contact = account.emulator.world.contacts[standing]
        assert contact.name == "Анна Петровна"
        assert phones(account, standing) == ["89161234567", "+74951234567"]
        assert contact.field(account.fields[FieldName.TELEGRAM]) == "@anna_k"


async def test_a_known_contact_gets_back_the_phone_that_was_taken_from_it() -> None:
    async with an_account() as account:
        first = await account.made(Effect.CONTACT, a_full_lead(1))
        await account.leads.add(first)
        contact = account.emulator.world.contacts[first.made[Effect.CONTACT]]
        account.emulator.world.set_phones(contact.id, ["+74951234567"])

        assert await account.make(Effect.CONTACT, a_full_lead(2)) == [CrmMade(first.made[Effect.CONTACT])]
        assert phones(account, contact.id) == ["+74951234567", ANNA_S_PHONE.e164]


async def test_a_known_contact_is_found_though_the_search_does_not_know_it_yet() -> None:
    async with an_account() as account:
        account.emulator.faults.search_lag = 3600
        first = await account.made(Effect.CONTACT, a_full_lead(1))
        await account.leads.add(first)

        assert await account.make(Effect.CONTACT, a_full_lead(2)) == [CrmMade(first.made[Effect.CONTACT])]


async def test_a_known_contact_that_was_deleted_is_made_anew() -> None:
    async with an_account() as account:
        first = await account.made(Effect.CONTACT, a_full_lead(1))
        await account.leads.add(first)
        account.emulator.world.delete_contact(first.made[Effect.CONTACT])

        (outcome,) = await account.make(Effect.CONTACT, a_full_lead(2))

        assert isinstance(outcome, CrmMade)
        assert outcome.id != first.made[Effect.CONTACT]


async def test_a_lost_contact_is_found_though_the_search_does_not_know_it_yet() -> None:
    async with an_account() as account:
        account.emulator.faults.search_lag = 3600
        account.emulator.faults.add("drop", method="POST", path="/contacts$")
        lead = a_full_lead().intends(Effect.CONTACT, at=a_full_lead().created_at)
        await account.make(Effect.CONTACT, lead)

        assert set(await account.crm.find(Effect.CONTACT, [lead])) == {lead.id}


async def test_a_search_that_fails_makes_nothing_and_asks_no_further() -> None:
    async with an_account() as account:
        account.emulator.faults.add("503", method="GET", path="/contacts$", times=None)
        people = [a_full_lead(number, phone=Phone(f"+7916000{number:04}")) for number in range(1, 51)]

        outcomes = await account.make(Effect.CONTACT, *people)

        assert all(isinstance(outcome, CrmBusy) for outcome in outcomes)
        assert account.emulator.world.contacts == {}
        assert len(account.emulator.journal) <= 8, "at most as many as were under way at once"
