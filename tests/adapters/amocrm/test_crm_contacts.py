"""Which contact a lead gets, and what is added to it."""

from dataclasses import replace
from typing import get_args

import pytest

from carquery.adapters.amocrm.config import FieldName
from carquery.application.ports.crm import CrmBusy, CrmMade
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.effects import CrmId, Effect
from carquery_emulators.amocrm.faults import Search
from tests.adapters.amocrm.account import AmoCrmAccount, an_account
from tests.builders import ANNA_S_HANDLE, NAMESAKE, a_full_lead, a_phone

ANNA_S_PHONE = Phone("+79161234567")


def phones(account: AmoCrmAccount, contact: int) -> list[str]:
    return [str(value) for value in account.emulator.world.contacts[contact].phones]


SEARCHES = pytest.mark.parametrize("search", get_args(Search))


@pytest.mark.parametrize(
    "written",
    [
        "+79161234567",
        "89161234567",
        "79161234567",
        "9161234567",
        "тел. 89161234567",
        "8 (916) 123-45-67",
        "+7 (916) 123-45-67",
        "8-916-123-45-67",
        "8 916 123-45-67",
        "+7 916 123 45 67",
        "8 (916) 123 45 67",
        "8(916)1234567",
        "+7 (916) 1234567",
        "8 (916) 123-45-67, 8 (926) 123-45-67",
        "89261234567, 89161234567",
        "8 926 765-43-21 / 8 916 123-45-67 (муж)",
        "8 (916) 123-45-67 доб. 12",
        "Анна 8 916 123 45 67 после 18",
    ],
)
@SEARCHES
async def test_a_contact_is_found_however_its_phone_is_written(written: str, search: Search) -> None:
    async with an_account() as account:
        account.emulator.faults.search = search
        standing = account.emulator.world.add_contact("Анна Петровна", [written])

        assert await account.make(Effect.CONTACT, a_full_lead()) == [CrmMade(CrmId(standing))]
        assert phones(account, standing) == [written]


async def test_a_contact_with_the_digits_elsewhere_is_another_person() -> None:
    async with an_account() as account:
        other = account.emulator.world.add_contact("Борис, звонил с 9161234567", ["+79035550101"])

        (outcome,) = await account.make(Effect.CONTACT, a_full_lead())

        assert isinstance(outcome, CrmMade)
        assert outcome.id != other


@SEARCHES
@pytest.mark.parametrize("written", ["8 (926) 123-45-67", "8 (495) 123-45-67", "123-45-67", "8 (916) 123-45-678"])
async def test_a_number_with_the_same_end_is_another_person_s(written: str, search: Search) -> None:
    async with an_account() as account:
        account.emulator.faults.search = search
        other = account.emulator.world.add_contact("Борис", [written])

        (outcome,) = await account.make(Effect.CONTACT, a_full_lead())

        assert isinstance(outcome, CrmMade)
        assert outcome.id != other


@pytest.mark.parametrize(
    ("search", "written", "searches"),
    [
        ("substring", "89161234567", 1),
        ("substring", "8 (916) 123-45-67", 2),
        ("substring", None, 4),
        ("digits", "89161234567", 1),
        ("digits", "8 (916) 123-45-67", 1),
        ("digits", None, 4),
    ],
)
async def test_what_a_search_costs(search: Search, written: str | None, searches: int) -> None:
    async with an_account() as account:
        account.emulator.faults.search = search
        if written is not None:
            account.emulator.world.add_contact("Анна", [written])

        await account.make(Effect.CONTACT, a_full_lead())

        assert searches_of(account) == searches


def searches_of(account: AmoCrmAccount) -> int:
    return sum("query=" in request.query for request in account.emulator.journal)


async def test_a_search_that_was_seen_to_compare_digits_is_asked_once() -> None:
    async with an_account() as account:
        account.emulator.faults.search = "digits"
        account.emulator.world.add_contact("Анна", ["8 (916) 123-45-67"])
        await account.make(Effect.CONTACT, a_full_lead())
        before = searches_of(account)

        await account.make(Effect.CONTACT, a_full_lead(2, phone=Phone("+79035550101")))

        assert searches_of(account) - before == 1


async def test_a_backlog_costs_each_new_contact_one_search_more() -> None:
    async with an_account() as account:
        people = [a_full_lead(number, phone=Phone(f"+7916000{number:04}")) for number in range(1, 26)]

        await account.make(Effect.CONTACT, *people)

        assert searches_of(account) == 2 * len(people)
        assert len(account.emulator.world.contacts) == len(people)


@pytest.mark.parametrize(("search", "searches"), [("substring", 2), ("digits", 1)])
async def test_of_a_backlog_nobody_is_sought_twice_where_a_contact_shows_that_digits_are_compared(
    search: Search, searches: int
) -> None:
    async with an_account() as account:
        account.emulator.faults.search = search
        account.emulator.world.add_contact("Ольга", ["8 (903) 111-00-02"])
        batches = [[a_full_lead(at + number, phone=a_phone(at + number)) for number in range(25)] for at in (1, 26)]

        for people in batches:
            await account.make(Effect.CONTACT, *people)

        to_learn = 1
        assert searches_of(account) == to_learn + searches * 50
        assert len(account.emulator.world.contacts) == 1 + 50


@pytest.mark.parametrize(("search", "contacts"), [("substring", 25), ("digits", 50)])
async def test_twice_as_many_contacts_are_taken_at_once_where_each_is_known_to_cost_one_search(
    search: Search, contacts: int
) -> None:
    async with an_account() as account:
        account.emulator.faults.search = search
        account.emulator.world.add_contact("Анна", ["8 (916) 123-45-67"])
        assert account.crm.limits.contacts == 25

        await account.make(Effect.CONTACT, a_full_lead())

        assert account.crm.limits.contacts == contacts


async def test_a_backlog_waits_when_nothing_can_be_learnt_of_the_search() -> None:
    async with an_account() as account:
        account.emulator.faults.add("503", path="contacts", times=None)
        people = [a_full_lead(number, phone=a_phone(number)) for number in range(25)]

        outcomes = await account.make(Effect.CONTACT, *people)

        assert {type(outcome) for outcome in outcomes} == {CrmBusy}
        assert account.emulator.world.contacts == {}


async def test_of_several_contacts_with_the_phone_the_oldest_is_taken() -> None:
    async with an_account() as account:
        oldest = account.emulator.world.add_contact("Анна", [ANNA_S_PHONE.e164])
        account.emulator.world.add_contact("Анна (дубль)", [ANNA_S_PHONE.e164])

        assert await account.make(Effect.CONTACT, a_full_lead()) == [CrmMade(CrmId(oldest))]


async def test_a_new_contact_has_name_phone_and_telegram() -> None:
    async with an_account() as account:
        (outcome,) = await account.make(Effect.CONTACT, replace(a_full_lead(), handle=ANNA_S_HANDLE))

        assert isinstance(outcome, CrmMade)
        contact = account.emulator.world.contacts[outcome.id]
        assert contact.name == "Анна"
        assert phones(account, outcome.id) == [ANNA_S_PHONE.e164]
        assert contact.field(account.fields[FieldName.TELEGRAM]) == "@anna_k"


async def test_the_field_for_telegram_holds_nobody_s_name_in_another_messenger() -> None:
    async with an_account() as account:
        lead = replace(a_full_lead(), customer=NAMESAKE, handle=Handle("MAX", "@anna_k"))

        (outcome,) = await account.make(Effect.CONTACT, lead)

        assert isinstance(outcome, CrmMade)
        assert account.emulator.world.contacts[outcome.id].field(account.fields[FieldName.TELEGRAM]) is None


async def test_telegram_is_added_to_a_contact_that_has_none_and_nothing_is_overwritten() -> None:
    async with an_account() as account:
        standing = account.emulator.world.add_contact("Анна Петровна", ["89161234567", "+74951234567"])

        await account.make(Effect.CONTACT, replace(a_full_lead(name=PersonName("Аня")), handle=ANNA_S_HANDLE))
        await account.make(Effect.CONTACT, replace(a_full_lead(2), handle=Handle("Telegram", "@another")))

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
