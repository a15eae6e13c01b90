"""The control API, as the playground's page uses it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientError, ClientResponse, ClientSession, web

from carquery_emulators.amocrm import AmoCrmEmulator, control_routes
from carquery_emulators.amocrm.emulator import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI
from emulators.tests.amocrm.doubles import Client, ManualClock

ACCOUNT = "/api/v4/account"


@pytest.fixture
async def page(amocrm: AmoCrmEmulator) -> AsyncIterator[ClientSession]:
    """A page with the control API mounted into an application of its own."""
    app = web.Application()
    app.add_routes(control_routes(amocrm))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as page:
        yield page
    await runner.cleanup()


async def asked(page: ClientSession, method: str, path: str, body: object = None) -> tuple[int, Any]:
    async with page.request(method, path, json=body) as answer:
        return answer.status, await answer.json()


async def next_event(stream: ClientResponse) -> dict[str, object] | None:
    """The next event of a stream; comments and blank lines are passed over."""
    while line := await stream.content.readline():
        if line.startswith(b"data: "):
            event: dict[str, object] = json.loads(line.removeprefix(b"data: "))
            return event
    return None


async def test_the_state_shows_the_newest_leads_with_all_that_hangs_on_them(
    amocrm: AmoCrmEmulator, api: Client, drive: Client, page: ClientSession, clock: ManualClock
) -> None:
    field = amocrm.world.add_field("leads", "Марка", "text")
    contact = amocrm.world.add_contact("Анна", ["+79161234567"])
    item = {
        "name": "Продажа",
        "price": 5,
        "custom_fields_values": [{"field_id": field, "values": [{"value": "Lada"}]}],
        "_embedded": {"contacts": [{"id": contact}], "tags": [{"name": "CarQuery"}]},
    }
    [_, row] = (await api.post("/api/v4/leads", [{}, item])).rows("leads")
    await api.post(f"/api/v4/leads/{row['id']}/notes", [{"note_type": "common", "params": {"text": "Ответы"}}])
    task = {"text": "Позвонить", "complete_till": 9, "entity_id": row["id"], "entity_type": "leads"}
    await api.post("/api/v4/tasks", [task])
    session = {"file_name": "a.jpg", "file_size": 3, "content_type": "image/jpeg"}
    address = (await drive.post("/v1.0/sessions", session)).body["upload_url"]
    uuid = (await drive.ask("POST", address, data=b"jpg")).body["uuid"]
    await api.ask("PUT", f"/api/v4/leads/{row['id']}/files", json=[{"file_uuid": uuid}])

    _, state = await asked(page, "GET", "/control/state")
    _, one = await asked(page, "GET", "/control/state?limit=1")

    assert state["counts"] == {"contacts": 1, "leads": 2, "notes": 1, "tasks": 1, "files": 1}
    shown, older = state["leads"]
    assert [lead["id"] for lead in one["leads"]] == [row["id"]]
    assert (older["contact"], older["notes"]) == (None, [])
    assert (shown["name"], shown["price"], shown["stage"], shown["pipeline"]) == (
        "Продажа",
        5,
        "Первичный контакт",
        "Продажи",
    )
    assert (shown["created_at"], shown["tags"]) == (int(clock()), ["CarQuery"])
    assert shown["fields"] == [{"id": field, "name": "Марка", "values": ["Lada"]}]
    assert (shown["contact"]["name"], shown["contact"]["phones"]) == ("Анна", ["+79161234567"])
    assert [note["text"] for note in shown["notes"]] == ["Ответы"]
    assert [(task["text"], task["complete_till"]) for task in shown["tasks"]] == [("Позвонить", 9)]
    [pipeline] = state["pipelines"]
    assert [stage["leads"] for stage in pipeline["stages"]] == [0, 2, 0, 0, 0]
    [file] = shown["files"]
    assert (file["name"], file["size"]) == ("a.jpg", 3)
    async with page.get(file["url"]) as picture:
        assert (picture.content_type, await picture.read()) == ("image/jpeg", b"jpg")


async def test_a_file_that_is_not_there_is_not_found(page: ClientSession) -> None:
    async with page.get("/control/files/0") as answer:
        assert answer.status == 404


async def test_faults_are_ordered_and_taken_back(amocrm: AmoCrmEmulator, api: Client, page: ClientSession) -> None:
    order = {"how": "503", "method": "GET", "path": "/account", "times": None}

    assert await asked(page, "POST", "/control/faults", order) == (200, {"ok": True})
    assert await asked(page, "POST", "/control/faults", {"poison": "яд", "how": "500"}) == (200, {"ok": True})
    assert (await api.get(ACCOUNT)).status == 503
    assert (await api.post("/api/v4/leads", [{"name": "яд"}])).status == 500

    await asked(page, "DELETE", "/control/faults")

    assert (await api.get(ACCOUNT)).status == 200
    assert (await api.post("/api/v4/leads", [{"name": "яд"}])).status == 200


async def test_switches_are_read_and_put(amocrm: AmoCrmEmulator, api: Client, page: ClientSession) -> None:
    usual = {
        "down": False,
        "slow": 0,
        "unpaid": False,
        "blocked": False,
        "search_lag": 0,
        "partial_batches": False,
        "events_lag": 0,
        "events_silent": False,
        "events_mixed": False,
    }
    assert await asked(page, "GET", "/control/switches") == (200, usual)

    changed = {"unpaid": True, "search_lag": 60, "partial_batches": True}
    assert await asked(page, "PUT", "/control/switches", changed) == (200, usual | changed)

    assert (await api.get(ACCOUNT)).status == 402
    assert (amocrm.faults.search_lag, amocrm.faults.partial_batches) == (60, True)
    await asked(page, "PUT", "/control/switches", {"unpaid": False, "blocked": True})
    assert (await api.get(ACCOUNT)).status == 403
    await asked(page, "DELETE", "/control/faults")
    assert await asked(page, "GET", "/control/switches") == (200, usual)


async def test_a_slow_amocrm_takes_its_time_for_every_request(
    amocrm: AmoCrmEmulator, api: Client, page: ClientSession
) -> None:
    await asked(page, "PUT", "/control/switches", {"slow": 0.05})

    before = amocrm.journal.open("account", "GET", "/", "").at
    await api.get(ACCOUNT)

    assert amocrm.journal.open("account", "GET", "/", "").at - before >= 0.05


async def test_amocrm_can_be_down_while_its_page_is_not(
    amocrm: AmoCrmEmulator, api: Client, drive: Client, page: ClientSession
) -> None:
    _, switches = await asked(page, "PUT", "/control/switches", {"down": True})

    assert switches["down"] is True
    for client in (api, drive):
        with pytest.raises(ClientError):
            await client.get(ACCOUNT)
    assert (await asked(page, "GET", "/control/state"))[0] == 200

    await asked(page, "PUT", "/control/switches", {"down": False})
    assert (await api.get(ACCOUNT)).status == 200


async def test_who_is_switched_off_over_his_own_host_answers_that_and_no_other(amocrm: AmoCrmEmulator) -> None:
    async with ClientSession(amocrm.base_url) as own, ClientSession(amocrm.base_url) as other:
        assert (await asked(other, "GET", "/control/switches"))[0] == 200
        assert (await asked(own, "PUT", "/control/switches", {"down": True}))[1]["down"] is True
        with pytest.raises(ClientError):
            await asked(other, "GET", "/control/switches")

        assert (await asked(own, "PUT", "/control/switches", {"down": False}))[1]["down"] is False
        assert (await asked(other, "GET", "/control/switches"))[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        ("POST", "/control/faults", {"how": "burn"}, "not a fault: how='burn' is unknown"),
        ("POST", "/control/faults", {"method": "GET"}, "not a fault: 'how'"),
        ("POST", "/control/faults", {"how": "500", "who": "me"}, "not a fault: "),
        ("POST", "/control/faults", {"how": "500", "times": "often"}, "not a fault: "),
        ("POST", "/control/faults", {"how": "500", "path": "("}, "not a fault: path='(' is no pattern"),
        ("POST", "/control/faults", {"how": "500", "host": "drvie"}, "not a fault: host='drvie' is unknown"),
        ("POST", "/control/faults", {"poison": "x", "how": "burn"}, "not a fault: how='burn' is unknown"),
        ("POST", "/control/faults", [], "a JSON object is expected"),
        ("PUT", "/control/switches", {"lights": True}, "no switch 'lights'; there are down, slow"),
        ("PUT", "/control/switches", {"down": 1}, "down must be true or false"),
        ("PUT", "/control/switches", {"slow": -1}, "slow must be a number of seconds"),
        ("PUT", "/control/switches", {"unpaid": True, "slow": "x"}, "slow must be a number of seconds"),
        ("GET", "/control/state?limit=x", None, "'x' is not a number"),
        ("POST", "/control/leads/1/call", {}, "there is no deal 1"),
        ("POST", "/control/leads/1/dance", {}, "nobody can 'dance'; there are call, write"),
        ("POST", "/control/leads/1/call", {"user": 5}, "nobody works here with the number 5"),
        ("POST", "/control/leads/1/move", {}, "'status' is missing"),
        ("POST", "/control/contacts/1/merge", {"into": 2}, "there is no contact 1"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_the_reason(
    method: str, path: str, body: object, error: str, amocrm: AmoCrmEmulator, page: ClientSession
) -> None:
    status, answer = await asked(page, method, path, body)

    assert (status, answer["ok"]) == (400, False)
    assert answer["error"].startswith(error)
    assert not amocrm.faults.unpaid
    assert not amocrm.is_down


async def test_tokens_are_expired_and_revoked(amocrm: AmoCrmEmulator, api: Client, page: ClientSession) -> None:
    long_lived, (api.token, _) = api.token, amocrm.grant()
    await asked(page, "POST", "/control/tokens/expire")
    assert (await api.get(ACCOUNT)).status == 401

    api.token = long_lived
    assert (await api.get(ACCOUNT)).status == 200
    await asked(page, "POST", "/control/tokens/revoke")
    assert (await api.get(ACCOUNT)).status == 401


async def test_a_code_is_had_and_exchanged(amocrm: AmoCrmEmulator, page: ClientSession) -> None:
    _, had = await asked(page, "POST", "/control/codes")

    async with ClientSession(amocrm.base_url) as http:
        grant = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uri": REDIRECT_URI,
            "code": had["code"],
        }
        assert (await asked(http, "POST", "/oauth2/access_token", grant))[0] == 200


async def test_the_journal_is_read_from_where_one_stopped(api: Client, page: ClientSession) -> None:
    await api.get(ACCOUNT)
    _, before = await asked(page, "GET", "/control/journal")
    await api.get("/api/v4/leads", query="x")

    _, after = await asked(page, "GET", f"/control/journal?after={before['next']}")

    assert [request["path"] for request in before["requests"]] == [ACCOUNT]
    [request] = after["requests"]
    assert (request["number"], request["method"], request["query"], request["status"]) == (2, "GET", "query=x", 204)


async def test_events_tell_every_listener_what_changed(
    amocrm: AmoCrmEmulator, api: Client, page: ClientSession
) -> None:
    async with page.get("/control/events") as first, page.get("/control/events") as second:
        assert first.content_type == "text/event-stream"
        await first.content.readline()
        await second.content.readline()

        await api.post("/api/v4/contacts", [{"name": "Анна"}])
        await asked(page, "PUT", "/control/switches", {"unpaid": True})

        for stream in (first, second):
            assert await next_event(stream) == {"type": "world", "what": "contacts"}
            assert await next_event(stream) == {"type": "request", "number": 1}
            assert await next_event(stream) == {"type": "switches"}


async def test_a_block_is_told_to_the_page() -> None:
    async with (
        AmoCrmEmulator(requests_per_second=0) as strict,
        ClientSession(strict.base_url) as http,
        http.get("/control/events") as stream,
    ):
        await stream.content.readline()
        for _ in range(20):
            async with http.get(ACCOUNT) as answer:
                assert answer.status == 429

        events = [await next_event(stream) for _ in range(21)]
        assert strict.faults.blocked

    assert [event for event in events if event and event["type"] == "switches"] == [{"type": "switches"}]


async def test_event_streams_end_when_the_emulator_closes(amocrm: AmoCrmEmulator, page: ClientSession) -> None:
    async with page.get("/control/events") as stream:
        await stream.content.readline()
        await amocrm.close()

        assert await next_event(stream) is None


async def test_a_listener_that_leaves_disturbs_nobody(amocrm: AmoCrmEmulator, page: ClientSession) -> None:
    async with page.get("/control/events") as staying:
        await staying.content.readline()
        async with page.get("/control/events") as leaving:
            await leaving.content.readline()
        amocrm.world.add_contact("Анна", [])
        amocrm.world.add_contact("Борис", [])

        assert [await next_event(staying) for _ in range(2)] == [{"type": "world", "what": "contacts"}] * 2
