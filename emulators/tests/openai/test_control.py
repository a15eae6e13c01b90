"""The control API, as the playground's page uses it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web

from carquery_emulators.openai import OpenAiEmulator, control_routes
from emulators.tests.openai.conftest import NOW
from emulators.tests.openai.doubles import Client, Endpoint


@pytest.fixture(params=["own server", "another application"])
async def page(openai: OpenAiEmulator, request: pytest.FixtureRequest) -> AsyncIterator[ClientSession]:
    """A page that asks the emulator's own server, and one that has the control API mounted into its own application."""
    if request.param == "own server":
        async with ClientSession(openai.origin) as page:
            yield page
        return
    app = web.Application()
    app.add_routes(control_routes(openai))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as page:
        yield page
    await runner.cleanup()


async def asked(page: ClientSession, method: str, path: str, body: object = None) -> tuple[int, Any]:
    async with page.request(method, path, json=body) as answer:
        return answer.status, await answer.json()


async def test_the_state_shows_what_was_answered_the_newest_first(
    endpoint: Endpoint, openai: OpenAiEmulator, api: Client, page: ClientSession
) -> None:
    openai.faults.add("refusal")
    await api.ask(endpoint, "Продаю камри")
    await api.get("models")
    said = await api.ask(endpoint, "Куплю ладу", model="gpt-4o")

    _, state = await asked(page, "GET", "/control/state")
    _, one = await asked(page, "GET", "/control/state?limit=1")

    assert {"gpt-4o", "gpt-4o-mini"} <= set(state["models"])
    newer, older = state["replies"]
    assert one["replies"] == [newer]
    assert newer == {
        "request": 3,
        "at": NOW,
        "model": "gpt-4o",
        "message": "Куплю ладу",
        "answered": said.said,
        "finish": "stop",
        "fault": None,
        "usage": {"input": said.usage[0], "output": said.usage[1], "cached": 0},
    }
    assert (older["request"], older["model"], older["message"]) == (1, "gpt-4o-mini", "Продаю камри")
    assert (older["fault"], older["answered"]) == ("refusal", "I'm sorry, but I can't assist with that request.")


async def test_only_the_last_replies_are_kept(openai: OpenAiEmulator, api: Client, page: ClientSession) -> None:
    for number in range(201):
        await api.ask("responses", f"Сообщение {number}")

    _, state = await asked(page, "GET", "/control/state?limit=1000")

    messages = [reply["message"] for reply in state["replies"]]
    assert (len(messages), messages[0], messages[-1]) == (200, "Сообщение 200", "Сообщение 1")


async def test_faults_are_ordered_listed_and_taken_back(api: Client, page: ClientSession) -> None:
    order = {"how": "500", "times": None, "model": "gpt-4o"}

    assert await asked(page, "POST", "/control/faults", order) == (200, {"ok": True})
    assert await asked(page, "POST", "/control/faults", {"how": "slow", "times": 2, "seconds": 0}) == (
        200,
        {"ok": True},
    )
    assert (await api.ask("responses", model="gpt-4o")).status == 500
    assert (await api.ask("responses", model="gpt-4o-mini")).status == 200

    _, listed = await asked(page, "GET", "/control/faults")
    assert listed["faults"] == [
        {"how": "500", "times": None, "seconds": 1.0, "model": "gpt-4o"},
        {"how": "slow", "times": 1, "seconds": 0.0, "model": None},
    ]
    assert {"slow", "429", "500", "broken json", "refusal", "endless"} <= set(listed["known"])

    assert await asked(page, "DELETE", "/control/faults") == (200, {"ok": True})
    assert (await asked(page, "GET", "/control/faults"))[1]["faults"] == []
    assert (await api.ask("responses", model="gpt-4o")).status == 200


async def test_the_journal_is_read_from_where_one_stopped(api: Client, page: ClientSession) -> None:
    await api.get("models")
    _, before = await asked(page, "GET", "/control/journal")
    await api.ask("chat/completions", "Продаю камри", temperature=9)

    _, after = await asked(page, "GET", f"/control/journal?after={before['next']}")

    [first] = before["requests"]
    assert (first["method"], first["path"], first["body"], first["status"]) == ("GET", "/v1/models", None, 200)
    [request] = after["requests"]
    assert (request["number"], request["path"], request["status"]) == (2, "/v1/chat/completions", 400)
    assert (request["body"]["messages"][1]["content"], request["body"]["temperature"]) == ("Продаю камри", 9)
    assert request["at"] > first["at"]


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        ("POST", "/control/faults", {"how": "burn"}, "not a fault: how='burn' is unknown"),
        ("POST", "/control/faults", {"times": 2}, "not a fault: 'how'"),
        ("POST", "/control/faults", {"how": "500", "who": "me"}, "not a fault: "),
        ("POST", "/control/faults", {"how": "500", "times": "often"}, "not a fault: "),
        ("POST", "/control/faults", {"how": "500", "times": float("inf")}, "not a fault: "),
        ("POST", "/control/faults", {"how": "slow", "seconds": "inf"}, "not a fault: seconds=inf must be 0 or more"),
        ("POST", "/control/faults", {"how": "500", "model": "gpt-0"}, "not a fault: model='gpt-0' is unknown"),
        ("POST", "/control/faults", [], "a JSON object is expected"),
        ("GET", "/control/state?limit=x", None, "'x' is not a number"),
        ("GET", "/control/journal?after=-1", None, "'-1' is not a number"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_the_reason(
    method: str, path: str, body: object, error: str, openai: OpenAiEmulator, page: ClientSession
) -> None:
    status, answer = await asked(page, method, path, body)

    assert (status, answer["ok"]) == (400, False)
    assert answer["error"].startswith(error)
    assert openai.faults.ordered == ()


async def test_a_body_that_is_no_json_is_refused(page: ClientSession) -> None:
    async with page.post("/control/faults", data=b"{", headers={"Content-Type": "application/json"}) as answer:
        assert (answer.status, await answer.json()) == (400, {"ok": False, "error": "the body is not JSON"})
