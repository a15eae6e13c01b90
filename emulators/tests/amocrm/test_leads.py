"""Leads: made, staged, changed, linked, listed; with contacts in one go."""

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Client, ManualClock

PATH = "/api/v4/leads"
WON, LOST = 142, 143


async def test_a_lead_without_anything_lands_in_the_first_stage_of_the_main_pipeline(
    amocrm: AmoCrmEmulator, api: Client
) -> None:
    answer = await api.post(PATH, [{}])

    [row] = answer.rows("leads")
    assert row.keys() == {"id", "request_id", "_links"}
    body = (await api.get(f"{PATH}/{row['id']}")).body
    pipeline = amocrm.world.main_pipeline()
    assert (body["pipeline_id"], body["status_id"]) == (pipeline.id, pipeline.statuses[1].id)
    assert (body["name"], body["price"], body["custom_fields_values"]) == (f"Сделка #{row['id']}", 0, None)


async def test_a_lead_is_read_as_it_was_written(amocrm: AmoCrmEmulator, api: Client) -> None:
    field = amocrm.world.add_field("leads", "Марка", "text")
    main, other = amocrm.world.add_contact("Анна", []), amocrm.world.add_contact("Борис", [])
    made = await api.post(
        PATH,
        [
            {
                "name": "Продажа CQ-7K3M9X",
                "price": 1_200_000,
                "custom_fields_values": [{"field_id": field, "values": [{"value": "Toyota"}]}],
                "_embedded": {
                    "contacts": [{"id": other}, {"id": main, "is_main": True}],
                    "tags": [{"name": "CarQuery"}],
                },
            }
        ],
    )
    lead = made.rows("leads")[0]["id"]

    body = (await api.get(f"{PATH}/{lead}", **{"with": "contacts"})).body

    assert (body["name"], body["price"]) == ("Продажа CQ-7K3M9X", 1_200_000)
    assert body["custom_fields_values"] == [
        {
            "field_id": field,
            "field_name": "Марка",
            "field_code": None,
            "field_type": "text",
            "values": [{"value": "Toyota"}],
        }
    ]
    assert [(contact["id"], contact["is_main"]) for contact in body["_embedded"]["contacts"]] == [
        (main, True),
        (other, False),
    ]
    assert [tag["name"] for tag in body["_embedded"]["tags"]] == ["CarQuery"]
    assert amocrm.world.leads[lead].contacts == (main, other)
    assert "contacts" not in (await api.get(f"{PATH}/{lead}")).body["_embedded"]


async def test_a_stage_chooses_its_pipeline_and_a_pipeline_its_first_stage(amocrm: AmoCrmEmulator, api: Client) -> None:
    service = amocrm.world.pipelines[amocrm.world.add_pipeline("Сервис", ("Приём", "Ремонт"))]
    repair = service.statuses[2].id

    await api.post(
        PATH, [{"status_id": repair}, {"pipeline_id": service.id}, {"pipeline_id": service.id, "status_id": WON}]
    )

    staged = [(lead.pipeline_id, lead.status_id) for lead in amocrm.world.leads.values()]
    assert staged == [(service.id, repair), (service.id, service.statuses[1].id), (service.id, WON)]


async def test_a_lead_is_moved_renamed_and_closed(amocrm: AmoCrmEmulator, api: Client, clock: ManualClock) -> None:
    [row] = (await api.post(PATH, [{"name": "Раз", "price": 5}])).rows("leads")

    answer = await api.patch(PATH, [{"id": row["id"], "status_id": LOST, "name": "Два", "loss_reason_id": 7}])

    assert answer.rows("leads")[0]["updated_at"] == int(clock())
    lead = amocrm.world.leads[row["id"]]
    assert (lead.name, lead.price, lead.status_id, lead.loss_reason_id) == ("Два", 5, LOST, 7)
    assert lead.closed_at == int(clock())


async def test_search_and_lists_find_leads_and_forget_deleted_ones(amocrm: AmoCrmEmulator, api: Client) -> None:
    field = amocrm.world.add_field("leads", "Номер", "text")
    await api.post(
        PATH,
        [{"name": "CQ-1"}, {"custom_fields_values": [{"field_id": field, "values": [{"value": "CQ-2"}]}]}],
    )
    first, second = amocrm.world.leads
    amocrm.world.rename_lead(first, "Анна")

    assert (await api.get(PATH, query="CQ-1")).status == 204
    assert [lead["id"] for lead in (await api.get(PATH, query="cq-2")).rows("leads")] == [second]
    newest = await api.get(PATH, **{"order[created_at]": "desc"})
    assert [lead["id"] for lead in newest.rows("leads")] == [second, first]

    amocrm.world.delete_lead(second)
    assert [lead["id"] for lead in (await api.get(PATH)).rows("leads")] == [first]
    assert (await api.get(f"{PATH}/{second}")).status == 204


async def test_a_new_lead_stands_in_the_audit_feed(amocrm: AmoCrmEmulator, api: Client, clock: ManualClock) -> None:
    await api.post("/api/v4/contacts", [{"name": "Анна"}])
    await api.post(PATH, [{"name": "Раз"}])
    clock.advance(10)
    await api.post(PATH, [{"name": "Два"}])

    since = {"filter[type]": "lead_added", "filter[created_at][from]": str(int(clock()))}
    events = (await api.get("/api/v4/events", **since)).rows("events")

    assert [(event["type"], event["entity_type"]) for event in events] == [("lead_added", "lead")]
    assert events[0]["entity_id"] == max(amocrm.world.leads)
    assert isinstance(events[0]["id"], str)


async def test_contacts_are_linked_and_unlinked(amocrm: AmoCrmEmulator, api: Client) -> None:
    [row] = (await api.post(PATH, [{}])).rows("leads")
    anna, boris = amocrm.world.add_contact("Анна", []), amocrm.world.add_contact("Борис", [])
    links = f"{PATH}/{row['id']}"
    assert (await api.get(f"{links}/links")).status == 204

    await api.post(f"{links}/link", [{"to_entity_id": anna, "to_entity_type": "contacts"}])
    main = {"to_entity_id": boris, "to_entity_type": "contacts", "metadata": {"is_main": True}}
    answer = await api.post(f"{PATH}/link", [{"entity_id": row["id"], **main}])

    assert answer.rows("links") == [
        {
            "entity_id": row["id"],
            "entity_type": "leads",
            "to_entity_id": boris,
            "to_entity_type": "contacts",
            "metadata": {"main_contact": True},
        }
    ]
    assert [link["to_entity_id"] for link in (await api.get(f"{links}/links")).rows("links")] == [boris, anna]
    assert (await api.post(f"{links}/unlink", [main])).status == 204
    assert amocrm.world.leads[row["id"]].contacts == (anna,)
    unknown = await api.post(f"{links}/link", [{"to_entity_id": 1, "to_entity_type": "contacts"}])
    assert unknown.errors == [("0", "to_entity_id", "NotSupportedChoice")]


async def test_a_complex_lead_brings_its_contact_and_is_answered_with_a_bare_array(
    amocrm: AmoCrmEmulator, api: Client
) -> None:
    known = amocrm.world.add_contact("Борис", [])
    item = {"name": "Раз", "_embedded": {"contacts": [{"name": "Анна"}]}, "request_id": "x"}

    answer = await api.post(f"{PATH}/complex", [item, {"_embedded": {"contacts": [{"id": known}]}}, {}])

    made, tied, alone = answer.body
    anna = made["contact_id"]
    assert made == {"id": made["id"], "contact_id": anna, "company_id": None, "request_id": ["x"], "merged": False}
    assert amocrm.world.contacts[anna].name == "Анна"
    assert [amocrm.world.leads[row["id"]].contacts for row in answer.body] == [(anna,), (known,), ()]
    assert (tied["contact_id"], tied["request_id"], alone["contact_id"]) == (known, ["1"], None)


async def test_complex_leads_are_at_most_fifty_and_wrong_ones_make_nothing(amocrm: AmoCrmEmulator, api: Client) -> None:
    wrong = {"_embedded": {"contacts": [{"name": 5, "responsible_user_id": 1}]}, "price": "дорого", "request_id": "x"}

    assert (await api.post(f"{PATH}/complex", [{}] * 51)).status == 422
    refused = await api.post(f"{PATH}/complex", [{"name": "Раз"}, wrong])

    assert set(refused.errors) == {
        ("x", "_embedded.contacts.0.name", "InvalidType"),
        ("x", "_embedded.contacts.0.responsible_user_id", "NotSupportedChoice"),
        ("x", "price", "InvalidType"),
    }
    assert amocrm.world.counts() == {"contacts": 0, "leads": 0, "notes": 0, "tasks": 0, "files": 0}


@pytest.mark.parametrize("path", ["/api/v4/leads/1/unknown", "/api/v5/leads", "/"])
async def test_other_paths_are_not_found(path: str, api: Client) -> None:
    answer = await api.get(path)

    assert (answer.status, answer.kind, answer.body["status"]) == (404, "application/problem+json", 404)
    assert (await api.ask("DELETE", PATH)).status == 405
