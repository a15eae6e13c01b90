"""Files: uploaded in parts to a host of its own, and attached to leads."""

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Answered, Client, ManualClock

PART = 131_072
PICTURE = b"\xff\xd8\xff" + b"x" * (2 * PART)
JPEG = {"Content-Type": "image/jpeg"}


async def open_session(drive: Client, size: int, name: str = "CQ-1.jpg") -> Answered:
    return await drive.post("/v1.0/sessions", {"file_name": name, "file_size": size, "content_type": "image/jpeg"})


async def upload(drive: Client, content: bytes, name: str = "CQ-1.jpg") -> Answered:
    address = (await open_session(drive, len(content), name)).body["upload_url"]
    for start in range(0, len(content), PART):
        answer = await drive.ask("POST", address, data=content[start : start + PART], headers=JPEG)
        address = answer.body.get("next_url")
    return answer


async def test_the_account_names_its_drive(amocrm: AmoCrmEmulator, api: Client) -> None:
    answer = await api.get("/api/v4/account", **{"with": "drive_url"})

    assert answer.body["drive_url"] == amocrm.drive_url != amocrm.base_url
    assert "drive_url" not in (await api.get("/api/v4/account")).body


async def test_a_file_is_uploaded_part_by_part_and_stored_whole(amocrm: AmoCrmEmulator, drive: Client) -> None:
    session = await open_session(drive, len(PICTURE))
    assert (session.body["max_part_size"], session.body["max_file_size"]) == (PART, 314_572_800)

    first = await drive.ask("POST", session.body["upload_url"], data=PICTURE[:PART], headers=JPEG)
    assert first.body.keys() == {"session_id", "next_url"}
    second = await drive.ask("POST", first.body["next_url"], data=PICTURE[PART : 2 * PART], headers=JPEG)
    last = await drive.ask("POST", second.body["next_url"], data=PICTURE[2 * PART :], headers=JPEG)

    file = amocrm.world.files[last.body["uuid"]]
    assert (file.name, file.content, file.content_type) == ("CQ-1.jpg", PICTURE, "image/jpeg")
    assert "next_url" not in last.body
    assert (last.body["size"], last.body["type"]) == (len(PICTURE), "image")
    assert last.body["metadata"] == {"extension": "jpg", "mime_type": "image/jpeg"}
    assert (await drive.get(f"/v1.0/files/{file.uuid}")).body == last.body
    assert amocrm.world.counts()["files"] == 0, "nothing is attached yet"


async def test_a_part_is_taken_once_at_its_own_address_and_not_too_big(drive: Client) -> None:
    address = (await open_session(drive, len(PICTURE))).body["upload_url"]

    too_big = await drive.ask("POST", address, data=PICTURE[: PART + 1], headers=JPEG)
    empty = await drive.ask("POST", address, data=b"", headers=JPEG)
    await drive.ask("POST", address, data=PICTURE[:PART], headers=JPEG)
    repeated = await drive.ask("POST", address, data=PICTURE[:PART], headers=JPEG)

    assert (too_big.status, empty.status, repeated.status) == (400, 400, 404)
    small = (await open_session(drive, 3)).body["upload_url"]
    assert (await drive.ask("POST", small, data=b"1234", headers=JPEG)).status == 400


async def test_a_session_ends_after_a_day(drive: Client, clock: ManualClock) -> None:
    address = (await open_session(drive, 3)).body["upload_url"]
    clock.advance(24 * 3600 + 1)

    assert (await drive.ask("POST", address, data=b"123", headers=JPEG)).status == 404


@pytest.mark.parametrize("body", [{}, {"file_name": "x"}, {"file_name": "x", "file_size": 314_572_801}, []])
async def test_a_session_needs_a_name_and_a_size(body: object, drive: Client) -> None:
    assert (await drive.post("/v1.0/sessions", body)).status == 400


async def test_a_poisoned_name_cannot_be_uploaded(amocrm: AmoCrmEmulator, drive: Client) -> None:
    amocrm.faults.poison("CQ-1", "400 plain")
    assert (await open_session(drive, 3)).status == 400
    amocrm.faults.poison("CQ-1", "500")
    assert (await open_session(drive, 3)).status == 500
    assert (await open_session(drive, 3, "CQ-2.jpg")).status == 200


async def test_files_are_attached_once_listed_and_taken_off(amocrm: AmoCrmEmulator, api: Client, drive: Client) -> None:
    [row] = (await api.post("/api/v4/leads", [{}])).rows("leads")
    path = f"/api/v4/leads/{row['id']}/files"
    front = (await upload(drive, PICTURE, "front.jpg")).body["uuid"]
    back = (await upload(drive, PICTURE, "back.jpg")).body["uuid"]
    assert (await api.get(path)).status == 204

    await api.ask("PUT", path, json=[{"file_uuid": front}])
    answer = await api.ask("PUT", path, json=[{"file_uuid": front}, {"file_uuid": back}])

    assert [file["file_uuid"] for file in answer.rows("files")] == [front, back]
    assert (await api.get(path)).rows("files") == answer.rows("files")
    assert amocrm.world.lead_files == {row["id"]: [front, back]}
    assert amocrm.world.counts()["files"] == 2
    assert (await api.ask("DELETE", path, json=[{"file_uuid": front}])).status == 202
    assert amocrm.world.lead_files == {row["id"]: [back]}


async def test_what_is_not_there_cannot_be_attached_or_read(api: Client, drive: Client) -> None:
    [row] = (await api.post("/api/v4/leads", [{}])).rows("leads")
    unknown = [{"file_uuid": "00000000-0000-4000-8000-000000000000"}]

    refused = await api.ask("PUT", f"/api/v4/leads/{row['id']}/files", json=unknown)

    assert refused.errors == [("0", "file_uuid", "NotSupportedChoice")]
    assert (await api.ask("PUT", "/api/v4/leads/1/files", json=unknown)).status == 404
    assert (await drive.get(f"/v1.0/files/{unknown[0]['file_uuid']}")).status == 404


async def test_the_drive_wants_a_token_and_its_scope(amocrm: AmoCrmEmulator, drive: Client) -> None:
    amocrm.faults.add("403 scope", host="drive")
    refused = await open_session(drive, 3)
    assert (refused.status, refused.kind) == (403, "text/plain; charset=utf-8")

    drive.token = "wrong"
    assert (await open_session(drive, 3)).status == 401
