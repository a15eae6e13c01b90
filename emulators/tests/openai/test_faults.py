"""What can go wrong on order, as it looks on the wire."""

import asyncio
import json
import time
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout

from carquery_emulators.openai import OpenAiEmulator
from emulators.tests.openai.doubles import Client, Endpoint, request_to
from tests.patience import patience, waiting_for


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("429", 429, "rate_limit_exceeded"),
        ("429 retry-after", 429, "rate_limit_exceeded"),
        ("429 quota", 429, "insufficient_quota"),
        ("500", 500, None),
        ("401", 401, "invalid_api_key"),
        ("403 country", 403, "unsupported_country_region_territory"),
    ],
)
async def test_an_error_has_the_apis_envelope_and_costs_no_tokens(
    how: str, status: int, code: str | None, endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    openai.faults.add(how)

    answered = await api.ask(endpoint)

    assert answered.status == status
    assert answered.error.keys() == {"message", "type", "param", "code"}
    assert answered.error["code"] == code
    assert answered.headers["x-request-id"].startswith("req_")
    assert not openai.replies
    assert (await api.ask(endpoint)).status == 200


async def test_only_one_kind_of_429_says_when_to_come_back(openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("429")
    openai.faults.add("429 quota")
    openai.faults.add("429 retry-after", seconds=7.5)

    silent, empty, telling = [await api.ask("responses") for _ in range(3)]

    for answered in (silent, empty):
        assert not {"retry-after", "retry-after-ms"} & {name.lower() for name in answered.headers}
    assert (telling.headers["Retry-After"], telling.headers["Retry-After-Ms"]) == ("8", "7500")


async def test_a_502_is_a_page_of_the_proxy(endpoint: Endpoint, openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("502 html")

    answered = await api.ask(endpoint)

    assert (answered.status, answered.headers["Content-Type"]) == (502, "text/html")
    assert "Bad Gateway" in answered.text
    assert "x-request-id" not in answered.headers


async def test_a_cut_connection_says_nothing_and_may_have_cost_tokens(
    endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    openai.faults.add("refuse")
    with pytest.raises(ClientError):
        await api.ask(endpoint)
    assert not openai.replies

    openai.faults.add("drop")
    with pytest.raises(ClientError):
        await api.ask(endpoint)
    assert [reply.fault for reply in openai.replies] == ["drop"]
    assert [request.status for request in openai.journal] == [None, None]


@pytest.mark.parametrize("how", ["slow", "drip"])
async def test_an_answer_that_takes_its_time_is_whole_in_the_end(
    how: str, endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    openai.faults.add(how, seconds=0.1)

    began = time.monotonic()
    answered = await api.ask(endpoint)

    assert time.monotonic() - began >= 0.09  # clocks are coarse
    assert json.loads(answered.said)["intent"] == "sell"


async def test_a_drip_begins_at_once(openai: OpenAiEmulator) -> None:
    openai.faults.add("drip", seconds=86_400)
    headers = {"Authorization": f"Bearer {openai.api_key}"}

    async with (
        ClientSession(headers=headers, timeout=ClientTimeout(total=patience())) as http,
        http.post(f"{openai.base_url}/responses", json=request_to("responses", "Продаю")) as answer,
    ):
        first = await answer.content.readany()

    assert first.startswith(b"{")
    assert len(first) < int(answer.headers["Content-Length"]) / 2


async def test_a_huge_answer_has_two_megabytes(endpoint: Endpoint, openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("huge")

    answered = await api.ask(endpoint)

    assert len(answered.text.encode()) == 2_000_000
    assert json.loads(answered.said)["intent"] == "sell"


async def test_broken_json_is_no_json(endpoint: Endpoint, openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("broken json")

    said = (await api.ask(endpoint)).said

    assert said.startswith('{"intent"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(said)


async def test_json_that_breaks_the_schema_is_json_still(
    endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    openai.faults.add("breaks schema")

    said = json.loads((await api.ask(endpoint)).said)

    assert (said["intent"], said["confidence"], said["unasked"]) == (["sell"], [0.92], True)


async def test_low_confidence_changes_nothing_else(endpoint: Endpoint, openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("low confidence")

    unsure, sure = [json.loads((await api.ask(endpoint)).said) for _ in range(2)]

    assert unsure == sure | {"confidence": 0.2}


async def test_an_empty_answer_is_an_empty_text(endpoint: Endpoint, openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("empty")

    answered = await api.ask(endpoint)

    assert answered.said == ""
    assert answered.usage[1] == 0


async def test_a_refusal_is_no_text(openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("refusal", times=2)

    message = (await api.ask("chat/completions")).body["choices"][0]["message"]
    [content] = (await api.ask("responses")).body["output"][0]["content"]

    assert message["content"] is None
    assert content == {"type": "refusal", "refusal": message["refusal"]}
    assert openai.replies[0].answered == message["refusal"]


@pytest.mark.parametrize(("how", "reason"), [("endless", "max_output_tokens"), ("content filter", "content_filter")])
async def test_an_answer_that_was_cut_says_why(how: str, reason: str, openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add(how, times=2)

    choice = (await api.ask("chat/completions", max_completion_tokens=40)).body["choices"][0]
    response = (await api.ask("responses", max_output_tokens=40)).body

    assert choice["finish_reason"] == ("length" if how == "endless" else "content_filter")
    assert response["status"] == response["output"][0]["status"] == "incomplete"
    assert (response["incomplete_details"], response["completed_at"]) == ({"reason": reason}, None)
    for said in (choice["message"]["content"], response["output"][0]["content"][0]["text"]):
        with pytest.raises(json.JSONDecodeError):
            json.loads(said)


async def test_an_answer_longer_than_the_limit_is_cut_without_any_fault(
    endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    limit: dict[str, Any] = {"max_output_tokens" if endpoint == "responses" else "max_completion_tokens": 16}

    answered = await api.ask(endpoint, **limit)

    assert answered.usage[1] == 16
    assert openai.replies[0].finish == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(answered.said)


async def test_faults_are_used_up_in_order(openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("500", times=2)
    openai.faults.add("429")

    assert [(await api.ask("responses")).status for _ in range(4)] == [500, 500, 429, 200]
    assert openai.faults.ordered == ()


async def test_a_fault_of_one_model_spares_the_others(openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("500", times=None, model="gpt-4o-mini")

    asked = ["gpt-4o", "gpt-4o-mini", "gpt-4o-mini-2024-07-18", "gpt-4o"]
    assert [(await api.ask("responses", model=model)).status for model in asked] == [200, 500, 500, 200]

    openai.faults.clear()
    assert (await api.ask("responses")).status == 200


async def test_a_wrong_request_uses_up_no_fault(openai: OpenAiEmulator, api: Client) -> None:
    openai.faults.add("500")

    assert [(await api.ask("responses", temperature=temperature)).status for temperature in (3, 0)] == [400, 500]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"how": "burn"}, "how='burn' is unknown"),
        ({"how": "500", "model": "gpt-0"}, "model='gpt-0' is unknown"),
        ({"how": "500", "times": 0}, "times=0 must be at least 1"),
        ({"how": "slow", "seconds": -1}, "seconds=-1 must be 0 or more"),
        ({"how": "slow", "seconds": float("nan")}, "seconds=nan must be 0 or more"),
    ],
)
def test_what_is_no_fault_is_refused(order: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        OpenAiEmulator().faults.add(**order)


async def test_closing_does_not_wait_for_slow_answers() -> None:
    async with OpenAiEmulator() as openai, ClientSession() as http:
        openai.faults.add("slow", seconds=86_400)
        slow = asyncio.create_task(Client(http, openai).ask("responses"))
        async with waiting_for("the emulator to close"):
            while not openai.replies:
                await asyncio.sleep(0)
            await openai.close()
            with pytest.raises(ClientError):
                await slow
