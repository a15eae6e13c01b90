"""What is refused, in which words, and what becomes of the rest of the request."""

from typing import Any

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Client

LEADS, CONTACTS = "/api/v4/leads", "/api/v4/contacts"
MISSING = 999_999_999

CASES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a name that is no text": (LEADS, {"name": 5}, "name", "InvalidType"),
    "a price that is no number": (LEADS, {"price": "дорого"}, "price", "InvalidType"),
    "a price that is a flag": (LEADS, {"price": True}, "price", "InvalidType"),
    "a user nobody knows": (CONTACTS, {"responsible_user_id": MISSING}, "responsible_user_id", "NotSupportedChoice"),
    "a maker nobody knows": (LEADS, {"created_by": MISSING}, "created_by", "NotSupportedChoice"),
    "a pipeline that is gone": (LEADS, {"pipeline_id": MISSING}, "pipeline_id", "NotSupportedChoice"),
    "a stage that is gone": (LEADS, {"status_id": MISSING}, "status_id", "NotSupportedChoice"),
    "won in no pipeline": (LEADS, {"status_id": 142}, "status_id", "NotSupportedChoice"),
    "a loss reason of an open lead": (LEADS, {"loss_reason_id": 1}, "loss_reason_id", "NotSupportedChoice"),
    "a contact that is gone": (
        LEADS,
        {"_embedded": {"contacts": [{"id": MISSING}]}},
        "_embedded.contacts.0.id",
        "NotSupportedChoice",
    ),
    "a contact that is no number": (
        LEADS,
        {"_embedded": {"contacts": [{"id": [5]}]}},
        "_embedded.contacts.0.id",
        "NotSupportedChoice",
    ),
    "a company": (LEADS, {"_embedded": {"companies": [{"id": 1}]}}, "_embedded.companies.0.id", "NotSupportedChoice"),
    "a tag by a number nobody gave": (
        LEADS,
        {"_embedded": {"tags": [{"name": "a"}, {"id": MISSING}]}},
        "_embedded.tags.1.id",
        "NotSupportedChoice",
    ),
    "a tag that is no text": (LEADS, {"_embedded": {"tags": [{"name": 5}]}}, "_embedded.tags.0.name", "InvalidType"),
    "a field nobody made": (
        LEADS,
        {"custom_fields_values": [{"field_id": MISSING, "values": [{"value": "x"}]}]},
        "custom_fields_values.0.field_id",
        "NotSupportedChoice",
    ),
    "a code nobody gave": (
        CONTACTS,
        {"custom_fields_values": [{"field_code": "FAX", "values": [{"value": "x"}]}]},
        "custom_fields_values.0.field_code",
        "NotSupportedChoice",
    ),
    "a kind of phone that there is not": (
        CONTACTS,
        {"custom_fields_values": [{"field_code": "PHONE", "values": [{"value": "1", "enum_code": "PIGEON"}]}]},
        "custom_fields_values.0.values.0.enum_code",
        "NotSupportedChoice",
    ),
}


@pytest.mark.parametrize("case", list(CASES))
async def test_a_wrong_item_is_refused_with_the_place_of_its_fault(
    case: str, amocrm: AmoCrmEmulator, api: Client
) -> None:
    path, item, place, code = CASES[case]

    answer = await api.post(path, [{**item, "request_id": "mine"}])

    assert (answer.status, answer.kind) == (400, "application/problem+json")
    assert answer.errors == [("mine", place, code)]
    assert (answer.body["title"], answer.body["detail"]) == ("Bad Request", "Request validation failed")
    assert set(amocrm.world.counts().values()) == {0}


@pytest.mark.parametrize(
    ("kind", "value", "place", "code"),
    [
        ("text", 5, "value", "InvalidType"),
        ("text", "х" * 257, "value", "TooLong"),
        ("numeric", "много", "value", "InvalidType"),
        ("checkbox", "да", "value", "InvalidType"),
        ("date", "завтра", "value", "InvalidType"),
        ("select", "Робот ", "value", "NotSupportedChoice"),
        ("text", None, "value", "FieldMissing"),
    ],
)
async def test_a_value_must_be_of_its_fields_type(
    kind: str, value: object, place: str, code: str, amocrm: AmoCrmEmulator, api: Client
) -> None:
    field = amocrm.world.add_field("leads", "Поле", kind, enums=("Робот", "Автомат"))

    answer = await api.post(LEADS, [{"custom_fields_values": [{"field_id": field, "values": [{"value": value}]}]}])

    assert answer.errors == [("0", f"custom_fields_values.0.values.0.{place}", code)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "х" * 256),
        ("textarea", "х" * 5000),
        ("numeric", 5),
        ("numeric", "5.5"),
        ("checkbox", True),
        ("date", 1_700_000_000),
        ("date_time", "2026-01-01T00:00:00+03:00"),
        ("select", "Робот"),
    ],
)
async def test_a_right_value_is_kept_as_it_came(kind: str, value: object, amocrm: AmoCrmEmulator, api: Client) -> None:
    field = amocrm.world.add_field("leads", "Поле", kind, enums=("Робот",))

    await api.post(LEADS, [{"custom_fields_values": [{"field_id": field, "values": [{"value": value}]}]}])

    [lead] = amocrm.world.leads.values()
    assert lead.field(field) == value


async def test_an_option_is_chosen_by_number_or_code_too(amocrm: AmoCrmEmulator, api: Client) -> None:
    field = amocrm.world.add_field("leads", "Коробка", "multiselect", enums=("Робот", "Автомат"))
    robot, automatic = amocrm.world.lead_fields[field].enums

    values = [{"enum_id": automatic.id}, {"enum_code": robot.code}]
    await api.post(LEADS, [{"custom_fields_values": [{"field_id": field, "values": values}]}])

    [lead] = amocrm.world.leads.values()
    assert lead.values(field) == ("Автомат", "Робот")


async def test_a_plain_value_carries_no_option(amocrm: AmoCrmEmulator, api: Client) -> None:
    field = amocrm.world.add_field("leads", "Поле", "text")
    value = {"value": "x", "enum_code": None}

    answer = await api.post(LEADS, [{"custom_fields_values": [{"field_id": field, "values": [value]}]}])

    assert answer.errors == [("0", "custom_fields_values.0.values.0.enum_code", "FieldNotExpected")]


async def test_a_field_that_was_deleted_is_refused_and_no_longer_shown(amocrm: AmoCrmEmulator, api: Client) -> None:
    field = amocrm.world.add_field("leads", "Поле", "text")
    item = {"custom_fields_values": [{"field_id": field, "values": [{"value": "x"}]}]}
    [row] = (await api.post(LEADS, [item])).rows("leads")

    amocrm.world.delete_field("leads", field)

    assert (await api.post(LEADS, [item])).errors == [("0", "custom_fields_values.0.field_id", "NotSupportedChoice")]
    assert (await api.get(f"{LEADS}/{row['id']}")).body["custom_fields_values"] is None


async def test_an_entity_takes_forty_values(amocrm: AmoCrmEmulator, api: Client) -> None:
    def item(number: int) -> dict[str, Any]:
        values = [{"value": str(value)} for value in range(number)]
        return {"custom_fields_values": [{"field_code": "PHONE", "values": values}]}

    assert (await api.post(CONTACTS, [item(40)])).status == 200
    assert (await api.post(CONTACTS, [item(41)])).errors == [("0", "custom_fields_values", "TooManyElements")]


async def test_a_user_who_has_left_cannot_be_responsible(amocrm: AmoCrmEmulator, api: Client) -> None:
    active = [user.id for user in amocrm.world.users.values() if user.is_active]
    item = {"responsible_user_id": active[1]}
    assert (await api.post(LEADS, [item])).status == 200

    amocrm.world.deactivate_user(active[1])

    assert (await api.post(LEADS, [item])).errors == [("0", "responsible_user_id", "NotSupportedChoice")]
    assert (await api.post(LEADS, [{"created_by": 0}])).status == 200, "0 is the robot"


async def test_nothing_can_be_put_into_the_incoming_stage(amocrm: AmoCrmEmulator, api: Client) -> None:
    incoming = amocrm.world.main_pipeline().statuses[0]
    assert incoming.type == 1
    [row] = (await api.post(LEADS, [{}])).rows("leads")

    made = await api.post(LEADS, [{"status_id": incoming.id}])
    moved = await api.patch(LEADS, [{"id": row["id"], "status_id": incoming.id}])

    assert made.errors == moved.errors == [("0", "status_id", "NotSupportedChoice")]


async def test_a_pipeline_that_was_deleted_takes_no_leads(amocrm: AmoCrmEmulator, api: Client) -> None:
    pipeline = amocrm.world.add_pipeline("Сервис", ("Приём",))
    amocrm.world.delete_pipeline(pipeline)

    assert (await api.post(LEADS, [{"pipeline_id": pipeline}])).errors == [("0", "pipeline_id", "NotSupportedChoice")]
    with pytest.raises(ValueError, match="the main pipeline cannot be deleted"):
        amocrm.world.delete_pipeline(amocrm.world.main_pipeline().id)


async def test_every_fault_of_every_item_is_named_and_nothing_is_done(amocrm: AmoCrmEmulator, api: Client) -> None:
    items = [
        {"name": "Раз"},
        {"price": "x", "pipeline_id": MISSING, "status_id": MISSING, "request_id": "second"},
        {"custom_fields_values": [{"field_id": MISSING, "values": []}, {"field_id": "x", "values": []}, {}]},
    ]

    answer = await api.post(LEADS, items)

    assert set(answer.errors) == {
        ("second", "price", "InvalidType"),
        ("second", "pipeline_id", "NotSupportedChoice"),
        ("second", "status_id", "NotSupportedChoice"),
        ("2", "custom_fields_values.0.field_id", "NotSupportedChoice"),
        ("2", "custom_fields_values.1.field_id", "InvalidType"),
        ("2", "custom_fields_values.2.field_id", "FieldMissing"),
    }
    assert amocrm.world.leads == {}


async def test_a_change_of_what_is_not_there_is_refused(amocrm: AmoCrmEmulator, api: Client) -> None:
    contact = amocrm.world.add_contact("Анна", [])

    answer = await api.patch(CONTACTS, [{"id": contact, "name": "Аня"}, {"id": MISSING}, {"name": "x"}])

    assert answer.errors == [("1", "id", "NotSupportedChoice"), ("2", "id", "FieldMissing")]
    assert amocrm.world.contacts[contact].name == "Анна"


@pytest.mark.parametrize("how", ["an unknown user", "400 plain", "400 validation"])
async def test_the_good_items_of_a_refused_request_may_be_done_all_the_same(
    how: str, amocrm: AmoCrmEmulator, api: Client
) -> None:
    amocrm.faults.partial_batches = True
    bad: dict[str, Any] = {"name": "плохой"}
    if how == "an unknown user":
        bad["responsible_user_id"] = MISSING
    else:
        amocrm.faults.poison("плохой", how)

    answer = await api.post(LEADS, [{"name": "Раз"}, bad, {"name": "Три"}])

    assert answer.status == 400
    assert [lead.name for lead in amocrm.world.leads.values()] == ["Раз", "Три"]


async def test_a_poisoned_item_fails_its_request_in_the_chosen_way(amocrm: AmoCrmEmulator, api: Client) -> None:
    for how, status in (("400 plain", 400), ("400 validation", 400), ("500", 500), ("504", 504)):
        amocrm.faults.poison("яд", how)
        answer = await api.post(LEADS, [{"name": "Раз"}, {"name": "с ядом", "request_id": "bad"}])
        assert answer.status == status
        if how == "400 plain":
            assert "validation-errors" not in answer.body
        elif how == "400 validation":
            assert answer.errors == [("bad", "name", "NotSupportedChoice")]
    assert amocrm.world.leads == {}

    amocrm.faults.clear()
    assert (await api.post(LEADS, [{"name": "с ядом"}])).status == 200
    with pytest.raises(ValueError, match="how='burn' is unknown; choose from 400 plain"):
        amocrm.faults.poison("x", "burn")


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ([], 400, "Request data can not be empty"),
        ({"name": "x"}, 400, "Invalid request body"),
        (["x"], 400, "Invalid request body"),
        ([{}] * 251, 422, "Limit 250 per page"),
    ],
    ids=["an empty array", "an object", "an array of texts", "too many"],
)
async def test_a_collection_is_posted_as_an_array_of_at_most_250(
    body: object, status: int, detail: str, api: Client
) -> None:
    answer = await api.post(LEADS, body)

    assert (answer.status, answer.body["detail"], answer.kind) == (status, detail, "application/problem+json")
    assert answer.body["type"] == f"https://httpstatus.es/{status}"


async def test_a_body_that_is_no_json_or_none_is_refused(api: Client) -> None:
    broken, none = await api.ask("POST", LEADS, data=b"{"), await api.ask("POST", LEADS)
    not_a_number = await api.ask("POST", LEADS, data=b'[{"price": NaN}]')  # Python's json would take it

    assert (broken.status, broken.body["detail"]) == (400, "Invalid request body")
    assert (not_a_number.status, not_a_number.body["detail"]) == (400, "Invalid request body")
    assert (none.status, none.body["detail"]) == (400, "Request data can not be empty")


async def test_a_page_holds_250_at_most(api: Client) -> None:
    answer = await api.get(LEADS, limit="251")

    assert (answer.status, answer.body["detail"]) == (422, "Limit 250 per page")


async def test_answers_of_the_application_carry_a_request_id(api: Client) -> None:
    answers = [await api.get(LEADS), await api.post(LEADS, [{}]), await api.post(LEADS, []), await api.get("/x")]

    ids = [answer.headers.get("X-Request-Id") for answer in answers]
    assert all(ids)
    assert len(set(ids)) == len(ids)
