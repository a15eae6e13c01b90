"""Every way to get no answer has a name, a price, and words that give nothing away."""

import asyncio
import gzip
import json
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from openai import AsyncOpenAI

from carquery.adapters.openai.classifier import OpenAiClassifier
from carquery.adapters.openai.client import LARGEST_ANSWER, open_client
from carquery.application.ports.classifier import ClassifierFailed, Trouble
from carquery_emulators.openai import OpenAiEmulator
from tests.adapters.openai.asking import KEY, MODEL, Handler, answered_by, asking, served
from tests.patience import patience, waiting_for

MESSAGE = "продаю камри тайно"
FREE = Decimal(0)


async def failure_of(classifier: OpenAiClassifier) -> ClassifierFailed:
    """How it fails; its words hold neither key nor message."""
    with pytest.raises(ClassifierFailed) as failed:
        await classifier.classify(MESSAGE)
    words = str(failed.value)
    assert words
    assert "sk-" not in words
    assert "тайно" not in words
    assert failed.value.usage.cost <= classifier.dearest(MESSAGE)
    return failed.value


def answering(status: int, body: Any, content_type: str = "application/json", **headers: str) -> Handler:
    """Always answers so."""
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, body=content, content_type=content_type, headers=headers)

    return answer


def completion(**message: Any) -> dict[str, Any]:
    """A chat completion without usage."""
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **message}}]}


@pytest.mark.parametrize(
    ("how", "trouble"),
    [
        ("429", Trouble.BUSY),
        ("429 retry-after", Trouble.BUSY),
        ("429 quota", Trouble.CLOSED),
        ("500", Trouble.UNAVAILABLE),
        ("502 html", Trouble.UNAVAILABLE),
        ("401", Trouble.CLOSED),
        ("403 country", Trouble.CLOSED),
    ],
)
async def test_a_request_that_no_model_worked_on_costs_nothing(
    openai: OpenAiEmulator, classifier: OpenAiClassifier, how: str, trouble: Trouble
) -> None:
    openai.faults.add(how, seconds=3600)

    failure = await failure_of(classifier)

    assert (failure.trouble, failure.usage.cost) == (trouble, FREE)
    assert len(openai.journal) == 1


@pytest.mark.parametrize(
    ("how", "trouble"),
    [
        ("refusal", Trouble.REFUSED),
        ("broken json", Trouble.UNUSABLE),
        ("breaks schema", Trouble.UNUSABLE),
        ("endless", Trouble.UNUSABLE),
        ("empty", Trouble.UNUSABLE),
        ("content filter", Trouble.UNUSABLE),
    ],
)
async def test_an_answer_that_is_of_no_use_is_paid_for_as_counted(
    openai: OpenAiEmulator, classifier: OpenAiClassifier, how: str, trouble: Trouble
) -> None:
    openai.faults.add(how)

    failure = await failure_of(classifier)

    counted = openai.replies[-1].usage
    assert failure.trouble is trouble
    assert (failure.usage.input_tokens, failure.usage.output_tokens) == (counted.input, counted.output)
    assert failure.usage.cost == (counted.input * Decimal("0.15") + counted.output * Decimal("0.60")) / 1_000_000
    assert len(openai.journal) == 1


@pytest.mark.parametrize(
    ("how", "trouble"),
    [
        ("drop", Trouble.UNAVAILABLE),
        ("refuse", Trouble.UNAVAILABLE),
        ("huge", Trouble.UNUSABLE),
    ],
)
async def test_an_outcome_that_nobody_knows_is_booked_as_the_dearest(
    openai: OpenAiEmulator, classifier: OpenAiClassifier, how: str, trouble: Trouble
) -> None:
    """`refuse` and `drop` look alike from here: a request was sent, and nothing came."""
    openai.faults.add(how)

    failure = await failure_of(classifier)

    assert (failure.trouble, failure.usage.cost) == (trouble, classifier.dearest(MESSAGE))


async def test_silence_ends_the_call_and_is_booked_as_the_dearest(openai: OpenAiEmulator) -> None:
    openai.faults.add("slow", seconds=86_400)
    async with open_client(api_key=openai.api_key, base_url=openai.base_url, timeout_seconds=0.2) as client:
        classifier = asking(client, MODEL)

        failure = await failure_of(classifier)

        assert (failure.trouble, failure.usage.cost) == (Trouble.TIMED_OUT, classifier.dearest(MESSAGE))


async def test_a_server_that_is_not_there_costs_nothing() -> None:
    async with served(answering(200, "")) as base_url:
        pass
    async with open_client(api_key=KEY, base_url=base_url, timeout_seconds=patience()) as client:
        failure = await failure_of(asking(client, MODEL))

    assert (failure.trouble, failure.usage.cost) == (Trouble.UNAVAILABLE, FREE)


async def test_a_model_that_there_is_not_lets_nobody_in(client: AsyncOpenAI) -> None:
    failure = await failure_of(asking(client, "gpt-4o-micro"))

    assert (failure.trouble, failure.usage.cost) == (Trouble.CLOSED, FREE)
    assert "model_not_found" in str(failure)


async def test_a_wrong_key_lets_nobody_in(openai: OpenAiEmulator) -> None:
    async with open_client(api_key=KEY, base_url=openai.base_url, timeout_seconds=patience()) as client:
        failure = await failure_of(asking(client, MODEL))

    assert (failure.trouble, failure.usage.cost) == (Trouble.CLOSED, FREE)
    assert "401, invalid_api_key" in str(failure)


@pytest.mark.parametrize("key", ["sk-ключ", "sk-abc\nX-Evil: 1", "sk-a\x00b"])
async def test_a_key_that_fits_into_no_header_lets_nobody_in(openai: OpenAiEmulator, key: str) -> None:
    async with open_client(api_key=key, base_url=openai.base_url, timeout_seconds=patience()) as client:
        failure = await failure_of(asking(client, MODEL))

    assert (failure.trouble, failure.usage.cost) == (Trouble.CLOSED, FREE)
    assert len(openai.journal) == 0


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (400, "unsupported_parameter", Trouble.REFUSED),
        (400, "billing_hard_limit_reached", Trouble.CLOSED),
        (402, None, Trouble.CLOSED),
        (405, None, Trouble.CLOSED),
        (409, None, Trouble.UNAVAILABLE),
        (413, None, Trouble.REFUSED),
        (422, None, Trouble.REFUSED),
        (429, "billing_not_active", Trouble.CLOSED),
        (429, None, Trouble.BUSY),
        (451, None, Trouble.CLOSED),
        (500, None, Trouble.UNAVAILABLE),
        (503, "server_overloaded", Trouble.UNAVAILABLE),
    ],
)
async def test_every_status_has_its_trouble(status: int, code: str | None, trouble: Trouble) -> None:
    body = {"error": {"message": f"{KEY} {MESSAGE}", "type": "t", "param": None, "code": code}}
    async with answered_by(answering(status, body)) as classifier:
        failure = await failure_of(classifier)

    assert (failure.trouble, failure.usage.cost) == (trouble, FREE)
    assert str(failure) == f"OpenAI: HTTP {status}" + (f", {code}" if code else "")


@pytest.mark.parametrize("status", [408, 504, 524])
async def test_a_gateway_that_gave_up_waiting_may_have_cost_the_most(status: int) -> None:
    async with answered_by(answering(status, "<html></html>", "text/html")) as classifier:
        failure = await failure_of(classifier)

        assert (failure.trouble, failure.usage.cost) == (Trouble.UNAVAILABLE, classifier.dearest(MESSAGE))


@pytest.mark.parametrize("body", ["<html>Country not supported</html>", "", "null", "[]", '"x"', '{"error": 5}', "{"])
async def test_403_lets_nobody_in_whatever_it_says(body: str) -> None:
    async with answered_by(answering(403, body, "text/html")) as classifier:
        assert (await failure_of(classifier)).trouble is Trouble.CLOSED


@pytest.mark.parametrize("code", [KEY, "тайно", "<b>", 5, ["a"], {"a": 1}, "a" * 10_000, "sk_abc9"])
async def test_a_code_that_openai_would_not_send_is_not_repeated(code: object) -> None:
    async with answered_by(answering(400, {"error": {"code": code, "message": KEY, "type": code}})) as classifier:
        assert str(await failure_of(classifier)) == "OpenAI: HTTP 400"


@pytest.mark.parametrize(
    "body",
    [
        "<html>Hello</html>",
        "",
        "{}",
        "null",
        "[]",
        '"text"',
        {"choices": []},
        {"choices": None},
        {"choices": {"0": {}}},
        {"choices": [None]},
        {"choices": [{"finish_reason": "stop"}]},
        {"choices": [{"finish_reason": "stop", "message": "sell"}]},
        {"error": {"message": "no"}},
        "[" * 30_000,
        completion(),
        completion(content=None),
        completion(content=["sell"]),
        completion(content=7),
        completion(content="{}"),
        completion(content='{"intent":"sell","confidence":NaN}'),
        {**completion(content='{"intent":"sell","confidence":1}'), "choices": [{"message": {"content": "{}"}}]},
    ],
)
async def test_an_answer_that_is_no_chat_completion_is_of_no_use(body: object) -> None:
    async with answered_by(answering(200, body)) as classifier:
        failure = await failure_of(classifier)

        assert (failure.trouble, failure.usage.cost) == (Trouble.UNUSABLE, classifier.dearest(MESSAGE))


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        [],
        {"prompt_tokens": "400", "completion_tokens": 50},
        {"prompt_tokens": -1, "completion_tokens": 50},
        {"prompt_tokens": True, "completion_tokens": 50},
        {"prompt_tokens": 10**18, "completion_tokens": 50},
        {"prompt_tokens": 400},
    ],
)
async def test_a_count_that_nobody_believes_is_booked_as_the_dearest(usage: object) -> None:
    body = completion(content='{"intent":"sell","confidence":1}') | {"usage": usage}
    async with answered_by(answering(200, body)) as classifier:
        classified = await classifier.classify(MESSAGE)

        assert classified.usage.cost == classifier.dearest(MESSAGE)


@pytest.mark.parametrize(
    ("cached", "cost"), [(300, "0.0000675"), (9000, "0.00006"), (None, "0.00009"), (-5, "0.00009")]
)
async def test_cached_tokens_cost_less_and_are_never_more_than_there_were(cached: int | None, cost: str) -> None:
    usage = {"prompt_tokens": 400, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": cached}}
    body = completion(content='{"intent":"sell","confidence":1}') | {"usage": usage}
    async with answered_by(answering(200, body)) as classifier:
        classified = await classifier.classify(MESSAGE)

    assert classified.usage.cost == Decimal(cost)


async def test_an_error_is_read_to_its_bound_too() -> None:
    async with answered_by(answering(500, b"x" * (LARGEST_ANSWER + 1))) as classifier:
        assert (await failure_of(classifier)).trouble is Trouble.UNUSABLE


async def test_what_comes_after_the_bound_is_not_waited_for() -> None:

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b" " * (LARGEST_ANSWER + 1))
        await asyncio.Event().wait()
        return response

    async with answered_by(endless) as classifier, waiting_for("the failure"):
        assert (await failure_of(classifier)).trouble is Trouble.UNUSABLE


async def test_a_packed_answer_is_not_unpacked() -> None:
    """However right it may be: 64 KB may unpack to 64 MB."""
    right = json.dumps(completion(content='{"intent":"sell","confidence":1}')).encode()
    handler = answering(200, gzip.compress(right), **{"Content-Encoding": "gzip"})
    async with answered_by(handler) as classifier:
        assert (await failure_of(classifier)).trouble is Trouble.UNUSABLE
