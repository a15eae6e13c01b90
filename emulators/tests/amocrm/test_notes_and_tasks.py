"""What hangs on a lead."""

from typing import Any

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Client, ManualClock

NOTES, TASKS = "/api/v4/leads/notes", "/api/v4/tasks"
MISSING = 999_999_999


@pytest.fixture
async def lead(api: Client) -> int:
    [row] = (await api.post("/api/v4/leads", [{"name": "Раз"}])).rows("leads")
    lead: int = row["id"]
    return lead


def a_note(text: str = "Текст", **more: Any) -> dict[str, Any]:
    return {"note_type": "common", "params": {"text": text}, **more}


def a_task(**changes: Any) -> dict[str, Any]:
    return {"text": "Позвонить", "complete_till": 1_790_001_800, **changes}


async def test_a_note_is_made_by_either_path_and_read_back(
    lead: int, amocrm: AmoCrmEmulator, api: Client, clock: ManualClock
) -> None:
    text = "Марка: «Toyota» <b>\nКоммент: 🚗"
    bulk = await api.post(NOTES, [a_note(text, entity_id=lead, request_id="n")])
    await api.post(f"/api/v4/leads/{lead}/notes", [a_note("Второй", created_at=5)])

    [row] = bulk.rows("notes")
    assert bulk.status == 200
    assert row.keys() == {"id", "entity_id", "request_id", "_links"}
    assert (row["entity_id"], row["request_id"]) == (lead, "n")
    body = (await api.get(f"/api/v4/leads/{lead}/notes/{row['id']}")).body
    assert (body["note_type"], body["params"], body["created_at"]) == ("common", {"text": text}, int(clock()))
    assert (await api.get(f"{NOTES}/{row['id']}")).body == body
    assert [note.text for note in amocrm.world.notes.values()] == [text, "Второй"]


async def test_notes_are_listed_by_lead_and_all_together(lead: int, api: Client) -> None:
    [other] = (await api.post("/api/v4/leads", [{}])).rows("leads")
    service = {"note_type": "service_message", "params": {"service": "CarQuery", "text": "С"}, "entity_id": lead}
    await api.post(NOTES, [a_note("1", entity_id=lead), service, a_note("3", entity_id=other["id"])])

    async def texts(path: str, **params: str) -> list[str]:
        return [note["params"]["text"] for note in (await api.get(path, **params)).rows("notes")]

    assert await texts(NOTES, **{"order[id]": "desc"}) == ["3", "С", "1"]
    assert await texts(f"/api/v4/leads/{lead}/notes") == ["1", "С"]
    assert await texts(f"/api/v4/leads/{lead}/notes", **{"filter[note_type]": "common"}) == ["1"]
    assert await texts(NOTES, **{"filter[note_type][]": "common", "limit": "1", "page": "2"}) == ["3"]
    assert (await api.get(f"/api/v4/leads/{MISSING}/notes")).status == 204


@pytest.mark.parametrize("path", ["/api/v4/leads/{lead}/notes", "/api/v4/leads/{lead}/notes/{note}", NOTES])
async def test_a_note_is_rewritten(path: str, lead: int, amocrm: AmoCrmEmulator, api: Client) -> None:
    [row] = (await api.post(NOTES, [a_note(entity_id=lead)])).rows("notes")
    change = a_note("Новый", id=row["id"])

    answer = await api.patch(path.format(lead=lead, note=row["id"]), change if "{note}" in path else [change])

    assert answer.rows("notes")[0]["id"] == row["id"]
    assert amocrm.world.notes[row["id"]].text == "Новый"


@pytest.mark.parametrize(
    ("note", "place", "code"),
    [
        ({"note_type": "common", "params": {}}, "params.text", "FieldMissing"),
        ({"note_type": "common"}, "params.text", "FieldMissing"),
        ({"note_type": "common", "params": {"text": 5}}, "params.text", "InvalidType"),
        ({"note_type": "common", "params": "x"}, "params", "InvalidType"),
        ({"note_type": "poem", "params": {}}, "note_type", "NotSupportedChoice"),
        ({"params": {"text": "x"}}, "note_type", "FieldMissing"),
        ({"note_type": "attachment", "params": {"file_uuid": "x"}}, "params.file_name", "FieldMissing"),
    ],
)
async def test_a_note_that_lacks_something_is_refused(
    note: dict[str, Any], place: str, code: str, lead: int, api: Client
) -> None:
    assert (await api.post(f"/api/v4/leads/{lead}/notes", [note])).errors == [("0", place, code)]


async def test_a_note_in_no_lead_is_refused(api: Client) -> None:
    assert (await api.post(NOTES, [a_note()])).errors == [("0", "entity_id", "FieldMissing")]


@pytest.mark.parametrize("what", ["note", "note by lead", "task"])
async def test_nothing_can_hang_on_a_lead_that_was_deleted(
    what: str, lead: int, amocrm: AmoCrmEmulator, api: Client
) -> None:
    amocrm.world.delete_lead(lead)
    requests = {
        "note": (NOTES, a_note(entity_id=lead)),
        "note by lead": (f"/api/v4/leads/{lead}/notes", a_note()),
        "task": (TASKS, a_task(entity_id=lead, entity_type="leads")),
    }
    path, item = requests[what]

    answer = await api.post(path, [item])

    assert (answer.status, answer.body["_total_items"]) == (400, 0)
    assert [error["title"] for error in answer.body["errors"]] == ["Entity not found"]
    assert set(amocrm.world.counts().values()) == {0}


async def test_a_task_is_made_for_a_lead_and_found_by_it(lead: int, amocrm: AmoCrmEmulator, api: Client) -> None:
    about = {"entity_id": lead, "entity_type": "leads"}
    answer = await api.post(TASKS, [a_task(**about, task_type_id=2, request_id="t"), a_task(text="Сам по себе")])

    [row, _] = answer.rows("tasks")
    assert row.keys() == {"id", "request_id", "_links"}
    wanted = {"filter[entity_type]": "leads", "filter[entity_id]": str(lead)}
    [found] = (await api.get(TASKS, **wanted)).rows("tasks")
    assert (found["id"], found["text"], found["complete_till"]) == (row["id"], "Позвонить", 1_790_001_800)
    assert (found["task_type_id"], found["is_completed"], found["result"]) == (2, False, [])
    assert found["responsible_user_id"] == amocrm.world.admin
    assert (await api.get(f"{TASKS}/{row['id']}")).body == found
    assert (await api.get(f"/api/v4/leads/{lead}")).body["closest_task_at"] == 1_790_001_800


async def test_tasks_are_filtered_by_what_they_are(lead: int, amocrm: AmoCrmEmulator, api: Client) -> None:
    salesman = sorted(amocrm.world.users)[1]
    done = a_task(text="2", is_completed=True, result={"text": "дозвонились"})
    await api.post(TASKS, [a_task(text="1", complete_till=9), done, a_task(text="3", responsible_user_id=salesman)])

    async def texts(**params: str) -> list[str]:
        return [task["text"] for task in (await api.get(TASKS, **params)).rows("tasks")]

    assert await texts(**{"filter[is_completed]": "1"}) == ["2"]
    assert await texts(**{"filter[responsible_user_id]": str(salesman)}) == ["3"]
    assert await texts(**{"filter[task_type]": "1", "order[complete_till]": "desc"}) == ["3", "2", "1"]
    [task] = (await api.get(TASKS, **{"filter[is_completed]": "1"})).rows("tasks")
    assert task["result"] == {"text": "дозвонились"}


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"text": None}, "text", "FieldMissing"),
        ({"text": ""}, "text", "FieldMissing"),
        ({"complete_till": None}, "complete_till", "FieldMissing"),
        ({"complete_till": "завтра"}, "complete_till", "InvalidType"),
        ({"task_type_id": 77}, "task_type_id", "NotSupportedChoice"),
        ({"entity_id": 1}, "entity_type", "FieldMissing"),
        ({"entity_id": 1, "entity_type": "cars"}, "entity_type", "NotSupportedChoice"),
        ({"responsible_user_id": MISSING}, "responsible_user_id", "NotSupportedChoice"),
        ({"is_completed": "да"}, "is_completed", "InvalidType"),
        ({"result": "да"}, "result", "InvalidType"),
    ],
)
async def test_a_task_that_is_wrong_is_refused(
    changes: dict[str, Any], place: str, code: str, amocrm: AmoCrmEmulator, api: Client
) -> None:
    assert (await api.post(TASKS, [a_task(**changes)])).errors == [("0", place, code)]
    assert amocrm.world.tasks == {}


async def test_a_deleted_lead_takes_its_notes_and_tasks_along(lead: int, amocrm: AmoCrmEmulator, api: Client) -> None:
    await api.post(NOTES, [a_note(entity_id=lead)])
    await api.post(TASKS, [a_task(entity_id=lead, entity_type="leads")])
    assert (amocrm.world.counts()["notes"], amocrm.world.counts()["tasks"]) == (1, 1)

    amocrm.world.delete_lead(lead)

    assert set(amocrm.world.counts().values()) == {0}
