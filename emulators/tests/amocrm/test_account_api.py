"""What can be learned about the account, and the custom fields that can be made in it."""

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Client

FIELDS = "/api/v4/leads/custom_fields"


async def test_the_account_tells_what_is_asked_for(amocrm: AmoCrmEmulator, api: Client) -> None:
    plain = (await api.get("/api/v4/account")).body
    full = (await api.get("/api/v4/account", **{"with": "task_types,is_api_filter_enabled,version"})).body

    assert (plain["subdomain"], plain["current_user_id"]) == ("example", amocrm.world.admin)
    assert "is_api_filter_enabled" not in plain
    assert full["is_api_filter_enabled"] is False
    assert [kind["id"] for kind in full["_embedded"]["task_types"]] == [1, 2]


async def test_pipelines_have_an_incoming_stage_and_the_two_last_ones(api: Client) -> None:
    body = (await api.get("/api/v4/leads/pipelines")).body

    [pipeline] = body["_embedded"]["pipelines"]
    assert (body["_total_items"], pipeline["name"], pipeline["is_main"]) == (1, "Продажи", True)
    stages = [(stage["name"], stage["type"]) for stage in pipeline["_embedded"]["statuses"]]
    assert stages == [
        ("Неразобранное", 1),
        ("Первичный контакт", 0),
        ("Переговоры", 0),
        ("Успешно реализовано", 0),
        ("Закрыто и не реализовано", 0),
    ]
    assert [stage["id"] for stage in pipeline["_embedded"]["statuses"]][-2:] == [142, 143]
    path = f"/api/v4/leads/pipelines/{pipeline['id']}"
    assert (await api.get(path)).body == pipeline
    assert (await api.get(f"{path}/statuses")).rows("statuses") == pipeline["_embedded"]["statuses"]


async def test_a_pipeline_that_is_not_there_is_not_found(api: Client) -> None:
    answer = await api.get("/api/v4/leads/pipelines/1")

    assert (answer.status, answer.body["detail"]) == (404, "Pipeline not found")


def test_a_pipeline_has_a_stage_to_work_on(amocrm: AmoCrmEmulator) -> None:
    with pytest.raises(ValueError, match="a pipeline needs a stage"):
        amocrm.world.add_pipeline("Пустая", ())


async def test_users_are_an_administrator_one_who_sells_and_one_who_left(amocrm: AmoCrmEmulator, api: Client) -> None:
    users = (await api.get("/api/v4/users")).rows("users")

    assert [(user["rights"]["is_admin"], user["rights"]["is_active"]) for user in users] == [
        (True, True),
        (False, True),
        (False, False),
    ]
    assert users[0]["id"] == amocrm.world.admin
    assert (await api.get(f"/api/v4/users/{users[1]['id']}")).body == users[1]
    assert (await api.get("/api/v4/users/1")).status == 404


async def test_a_fresh_account_knows_phones_and_addresses(api: Client) -> None:
    fields = (await api.get("/api/v4/contacts/custom_fields")).rows("custom_fields")

    assert [(field["code"], field["type"]) for field in fields] == [("PHONE", "multitext"), ("EMAIL", "multitext")]
    assert [enum["code"] for enum in fields[0]["enums"]] == ["WORK", "WORKDD", "MOB", "FAX", "HOME", "OTHER"]
    assert (await api.get(FIELDS)).status == 204


async def test_fields_come_fifty_at_a_time(amocrm: AmoCrmEmulator, api: Client) -> None:
    made = [amocrm.world.add_field("leads", str(number), "text") for number in range(51)]

    first, second = await api.get(FIELDS, limit="250"), await api.get(FIELDS, limit="250", page="2")

    assert (first.body["_total_items"], first.body["_page_count"]) == (51, 2)
    assert "page=2" in first.body["_links"]["next"]["href"]
    listed = [field["id"] for answer in (first, second) for field in answer.rows("custom_fields")]
    assert listed == made


async def test_fields_are_made_and_usable_at_once(amocrm: AmoCrmEmulator, api: Client) -> None:
    wanted = [
        {"name": "Услуга", "type": "text", "code": "CARQUERY_SERVICE"},
        {"name": "Коробка", "type": "select", "enums": [{"value": "Робот", "sort": 1}]},
    ]

    answer = await api.post(FIELDS, wanted)

    assert answer.status == 201
    service, gearbox = answer.rows("custom_fields")
    assert (service["name"], service["code"], service["enums"]) == ("Услуга", "CARQUERY_SERVICE", None)
    assert [enum["value"] for enum in gearbox["enums"]] == ["Робот"]
    filled = {"field_code": "CARQUERY_SERVICE", "values": [{"value": "Продажа"}]}
    await api.post("/api/v4/leads", [{"custom_fields_values": [filled]}])
    [lead] = amocrm.world.leads.values()
    assert lead.field(service["id"]) == "Продажа"
    assert (await api.get(f"{FIELDS}/{service['id']}")).body["name"] == "Услуга"
    assert (await api.get(f"{FIELDS}/1")).status == 404


async def test_a_field_needs_a_name_a_known_type_and_a_code_of_its_own(api: Client) -> None:
    await api.post(FIELDS, [{"name": "Услуга", "type": "text", "code": "SERVICE"}])

    answer = await api.post(FIELDS, [{"type": "poem"}, {"name": "x", "type": "text", "code": "SERVICE"}])

    assert set(answer.errors) == {
        ("0", "name", "FieldMissing"),
        ("0", "type", "NotSupportedChoice"),
        ("1", "code", "NotSupportedChoice"),
    }


def test_ids_are_the_same_in_every_fresh_account_and_shared_by_nothing(amocrm: AmoCrmEmulator) -> None:
    other = AmoCrmEmulator()

    assert list(other.world.users) == list(amocrm.world.users)
    assert list(other.world.pipelines) == list(amocrm.world.pipelines)
    ids = [*other.world.users, *other.world.pipelines, *other.world.contact_fields]
    assert len(set(ids)) == len(ids)
