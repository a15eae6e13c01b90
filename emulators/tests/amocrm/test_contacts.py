"""Contacts: made, changed, listed and found."""

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Client, ManualClock

PATH = "/api/v4/contacts"


def phone(*numbers: str) -> dict[str, object]:
    return {"field_code": "PHONE", "values": [{"value": number, "enum_code": "MOB"} for number in numbers]}


async def test_contacts_are_made_and_answered_with_nothing_but_their_ids(amocrm: AmoCrmEmulator, api: Client) -> None:
    answer = await api.post(PATH, [{"name": "Анна"}, {"first_name": "Пётр", "last_name": "Ильин", "request_id": "p"}])

    assert (answer.status, answer.kind) == (200, "application/hal+json")
    anna, pyotr = answer.rows("contacts")
    assert anna == {
        "id": anna["id"],
        "is_deleted": False,
        "is_unsorted": False,
        "request_id": "0",
        "_links": {"self": {"href": f"{amocrm.base_url}{PATH}/{anna['id']}"}},
    }
    assert pyotr["request_id"] == "p"
    assert amocrm.world.contacts[anna["id"]].name == "Анна"
    assert amocrm.world.contacts[pyotr["id"]].name == "Пётр Ильин"


async def test_a_contact_is_read_as_it_was_written(amocrm: AmoCrmEmulator, api: Client, clock: ManualClock) -> None:
    made = await api.post(
        PATH,
        [
            {
                "name": "  Анна «Ёж» <b>\n🚗 ",
                "custom_fields_values": [phone("8 (916) 123-45-67")],
                "_embedded": {"tags": [{"name": "VIP"}]},
            }
        ],
    )
    contact = made.rows("contacts")[0]["id"]

    body = (await api.get(f"{PATH}/{contact}")).body

    assert body["name"] == "  Анна «Ёж» <b>\n🚗 "
    assert body["created_at"] == body["updated_at"] == int(clock())
    assert body["responsible_user_id"] == body["created_by"] == amocrm.world.admin
    [field] = body["custom_fields_values"]
    assert (field["field_id"], field["field_code"], field["field_type"]) == (
        amocrm.world.phone_field,
        "PHONE",
        "multitext",
    )
    [value] = field["values"]
    assert (value["value"], value["enum_code"], value.keys()) == (
        "8 (916) 123-45-67",
        "MOB",
        {"value", "enum_id", "enum_code"},
    )
    assert [tag["name"] for tag in body["_embedded"]["tags"]] == ["VIP"]


async def test_what_is_not_there_is_nothing_and_not_an_error(amocrm: AmoCrmEmulator, api: Client) -> None:
    deleted = amocrm.world.add_contact("Анна", [])
    amocrm.world.delete_contact(deleted)

    for path in (f"{PATH}/{deleted}", PATH, f"{PATH}?query=Анна", f"{PATH}?page=2"):
        answer = await api.get(path)
        assert (answer.status, answer.text, answer.kind) == (204, "", None)


@pytest.mark.parametrize("query", ["анна", "Петро", "1234567", "8 (916)", "mail.ru"])
async def test_search_looks_for_a_part_of_the_name_or_of_any_field(
    query: str, amocrm: AmoCrmEmulator, api: Client
) -> None:
    email = {"field_code": "EMAIL", "values": [{"value": "anna@mail.ru"}]}
    await api.post(PATH, [{"name": "Анна Петрова", "custom_fields_values": [phone("8 (916) 1234567"), email]}])
    amocrm.world.add_contact("Борис", ["+79035550101"])

    found = await api.get(PATH, query=query)

    assert [contact["name"] for contact in found.rows("contacts")] == ["Анна Петрова"]


async def test_search_knows_numbers_only_as_they_are_written(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.world.add_contact("Анна", ["+79161234567"])

    assert (await api.get(PATH, query="89161234567")).status == 204
    assert (await api.get(PATH, query="+79161234567")).status == 200


async def test_search_may_lag_while_lists_do_not(amocrm: AmoCrmEmulator, api: Client, clock: ManualClock) -> None:
    amocrm.faults.search_lag = 30
    contact = amocrm.world.add_contact("Анна", [])

    clock.advance(29)
    assert (await api.get(PATH, query="Анна")).status == 204
    assert (await api.get(PATH)).status == (await api.get(f"{PATH}/{contact}")).status == 200

    clock.advance(1)
    assert (await api.get(PATH, query="Анна")).status == 200


async def test_filters_are_ignored_in_silence(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.world.add_contact("Анна", [])
    amocrm.world.add_contact("Борис", [])

    listed = await api.get(PATH, **{"filter[name]": "Анна", "filter[id]": "1"})

    assert len(listed.rows("contacts")) == 2


async def test_lists_come_page_by_page_in_the_order_asked_for(amocrm: AmoCrmEmulator, api: Client) -> None:
    made = [amocrm.world.add_contact(str(number), []) for number in range(5)]

    first = await api.get(PATH, **{"order[id]": "desc", "limit": "2"})
    last = await api.get(PATH, **{"order[id]": "desc", "limit": "2", "page": "3"})

    assert [contact["id"] for contact in first.rows("contacts")] == [made[4], made[3]]
    assert [contact["id"] for contact in last.rows("contacts")] == [made[0]]
    assert first.body["_page"] == 1
    assert "page=2" in first.body["_links"]["next"]["href"]
    assert "next" not in last.body["_links"]


async def test_the_way_to_the_next_page_leads_on_in_the_same_list(amocrm: AmoCrmEmulator, api: Client) -> None:
    first_anna, _, second_anna, third_anna = (
        amocrm.world.add_contact(name, []) for name in ("Анна 1", "Борис", "Анна 2", "Анна 3")
    )

    first = await api.get(PATH, **{"query": "Анна", "order[id]": "desc", "limit": "2", "with": "leads"})
    second = await api.get(first.body["_links"]["next"]["href"])

    assert [contact["id"] for contact in first.rows("contacts") + second.rows("contacts")] == [
        third_anna,
        second_anna,
        first_anna,
    ]
    assert "leads" in second.rows("contacts")[0]["_embedded"]
    assert "next" not in second.body["_links"]


@pytest.mark.parametrize("path", [PATH, f"{PATH}/{{id}}"])
async def test_a_change_touches_only_what_it_names(
    path: str, amocrm: AmoCrmEmulator, api: Client, clock: ManualClock
) -> None:
    contact = amocrm.world.add_contact("Анна", ["+79161234567"])
    clock.advance(5)
    change = {"id": contact, "custom_fields_values": [{"field_code": "EMAIL", "values": [{"value": "a@b.ru"}]}]}

    answer = await api.patch(path.format(id=contact), [change] if path == PATH else change)

    [row] = answer.rows("contacts")
    assert (row["id"], row["name"], row["updated_at"]) == (contact, "Анна", int(clock()))
    changed = amocrm.world.contacts[contact]
    assert (changed.phones, changed.field(amocrm.world.email_field)) == (("+79161234567",), "a@b.ru")
    assert changed.updated_at == changed.created_at + 5


@pytest.mark.parametrize(
    ("values", "left"),
    [([{"value": "+74951234567"}], ("+74951234567",)), ([], ()), (None, ())],
    ids=["replaced", "emptied", "emptied by null"],
)
async def test_a_field_of_several_values_is_replaced_as_a_whole(
    values: object, left: tuple[str, ...], amocrm: AmoCrmEmulator, api: Client
) -> None:
    contact = amocrm.world.add_contact("Анна", ["+79161234567", "+79161234568"])

    await api.patch(f"{PATH}/{contact}", {"custom_fields_values": [{"field_code": "PHONE", "values": values}]})

    assert amocrm.world.contacts[contact].phones == left


async def test_tags_are_replaced_or_added_and_taken_away(amocrm: AmoCrmEmulator, api: Client) -> None:
    contact = amocrm.world.add_contact("Анна", [])
    path = f"{PATH}/{contact}"

    await api.patch(path, {"_embedded": {"tags": [{"name": "a"}, {"name": "b"}]}})
    assert amocrm.world.contacts[contact].tags == ("a", "b")
    await api.patch(path, {"tags_to_add": [{"name": "c"}], "tags_to_delete": [{"name": "a"}]})
    assert amocrm.world.contacts[contact].tags == ("b", "c")
    await api.patch(path, {"_embedded": {"tags": []}})

    assert amocrm.world.contacts[contact].tags == ()
    assert sorted(tag.name for tag in amocrm.world.tags.values()) == ["a", "b", "c"]


async def test_a_contacts_leads_are_told_if_asked_for(amocrm: AmoCrmEmulator, api: Client) -> None:
    contact = amocrm.world.add_contact("Анна", [])
    made = await api.post("/api/v4/leads", [{"_embedded": {"contacts": [{"id": contact}]}}])

    plain, full = await api.get(f"{PATH}/{contact}"), await api.get(f"{PATH}/{contact}", **{"with": "leads"})

    assert "leads" not in plain.body["_embedded"]
    assert [lead["id"] for lead in full.rows("leads")] == [made.rows("leads")[0]["id"]]
