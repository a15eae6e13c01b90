"""The custom fields that CarQuery fills, and making those that are missing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from carquery.adapters.amocrm.access import LongLivedAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import FIELD_TITLES, AmoCrmConfig, FieldName
from carquery.adapters.amocrm.custom_fields import accepts, code_of, create_fields, fields_of, standing_fields
from carquery.adapters.amocrm.problems import Refusal
from carquery.application.ports.crm import CrmAmbiguous
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import a_client
from tests.adapters.amocrm.saying import saying

NUMBERS = {FieldName.YEAR, FieldName.MILEAGE, FieldName.PRICE}


@asynccontextmanager
async def an_empty_account() -> AsyncIterator[tuple[AmoCrmEmulator, AmoCrmClient]]:
    """Only amoCRM's own fields are there."""
    async with AmoCrmEmulator(requests_per_second=100_000) as amocrm:
        access = LongLivedAccess(amocrm.base_url, amocrm.long_lived_token())
        async with a_client(amocrm.base_url, access=access) as client:
            yield amocrm, client


async def test_all_fields_are_made_each_of_its_kind_and_where_it_belongs() -> None:
    async with an_empty_account() as (amocrm, client):
        made = await create_fields(client, AmoCrmConfig())

        assert set(made) == set(FieldName)
        for name, field in made.items():
            of_leads, of_contacts = field.id in amocrm.world.lead_fields, field.id in amocrm.world.contact_fields
            assert (of_leads, of_contacts) == (name is not FieldName.TELEGRAM, name is FieldName.TELEGRAM)
            standing = (amocrm.world.lead_fields | amocrm.world.contact_fields)[field.id]
            assert standing.type == ("numeric" if name in NUMBERS else "text")
            assert (standing.name, standing.code) == (FIELD_TITLES[name], code_of(name))
            assert accepts(name, standing.type)


async def test_nothing_is_made_twice() -> None:
    async with an_empty_account() as (amocrm, client):
        first = await create_fields(client, AmoCrmConfig())
        second = await create_fields(client, AmoCrmConfig())

        assert second == first
        assert sum(request.method == "POST" for request in amocrm.journal) == len(FieldName)


async def test_fields_that_were_chosen_or_made_before_are_not_made_again() -> None:
    async with an_empty_account() as (amocrm, client):
        chosen = amocrm.world.add_field("leads", "Модель", "text")
        ours = amocrm.world.add_field("leads", "Переименовано", "text", code="CARQUERY_VIN")
        made = await create_fields(client, AmoCrmConfig(fields={FieldName.BRAND: chosen}))

        assert made[FieldName.BRAND].id == chosen
        assert made[FieldName.VIN].id == ours
        assert len(amocrm.world.lead_fields) == len(FieldName) - 1


async def test_a_chosen_field_that_is_gone_is_made_anew() -> None:
    async with an_empty_account() as (_, client):
        made = await create_fields(client, AmoCrmConfig(fields={FieldName.BRAND: 999_999}))

    assert made[FieldName.BRAND].id != 999_999


async def test_without_creating_only_what_stands_is_shown() -> None:
    async with an_empty_account() as (amocrm, client):
        chosen = amocrm.world.add_field("contacts", "Ник", "text")
        standing = await standing_fields(client, AmoCrmConfig(fields={FieldName.TELEGRAM: chosen}))

        assert {name: field.id for name, field in standing.items()} == {FieldName.TELEGRAM: chosen}
        assert all(request.method == "GET" for request in amocrm.journal)


async def test_fields_are_read_from_every_page() -> None:
    async with an_empty_account() as (amocrm, client):
        numbers = {amocrm.world.add_field("leads", f"Поле {number}", "text") for number in range(101)}

        assert set(await fields_of(client, "leads")) == numbers
        assert len(amocrm.journal) == 3


async def test_exactly_one_page_of_fields_is_all() -> None:
    async with an_empty_account() as (amocrm, client):
        for number in range(50):
            amocrm.world.add_field("leads", f"Поле {number}", "text")

        assert len(await fields_of(client, "leads")) == 50


async def test_no_fields_at_all_are_none() -> None:
    async with an_empty_account() as (_, client):
        assert await fields_of(client, "leads") == {}


@pytest.mark.parametrize("how", ["drop", "504 after", "empty 200"])
async def test_a_creation_whose_answer_was_lost_is_done_by_running_it_again(how: str) -> None:
    async with an_empty_account() as (amocrm, client):
        amocrm.faults.add(how, method="POST", skip=3)
        with pytest.raises(CrmAmbiguous):
            await create_fields(client, AmoCrmConfig())

        made = await create_fields(client, AmoCrmConfig())

        assert set(made) == set(FieldName)
        assert len(amocrm.world.lead_fields) == len(FieldName) - 1


async def test_who_may_not_make_fields_is_told_so() -> None:
    async with an_empty_account() as (amocrm, client):
        amocrm.faults.add("403 scope", method="POST")
        with pytest.raises(Refusal, check=saying("scope")):
            await create_fields(client, AmoCrmConfig())

        assert amocrm.world.lead_fields == {}


@pytest.mark.parametrize(
    ("name", "kind", "is_accepted"),
    [
        (FieldName.YEAR, "numeric", True),
        (FieldName.PRICE, "monetary", True),
        (FieldName.MILEAGE, "text", False),
        (FieldName.VIN, "text", True),
        (FieldName.SERVICE, "textarea", True),
        (FieldName.SOURCE, "select", False),
        (FieldName.TELEGRAM, "url", False),
        (FieldName.REFERENCE, "numeric", False),
    ],
)
def test_a_field_takes_what_is_of_its_kind(name: FieldName, kind: str, *, is_accepted: bool) -> None:
    assert accepts(name, kind) is is_accepted
