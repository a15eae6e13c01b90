"""The emulator is held to the official client: it understands every answer, key by key."""

from collections.abc import Iterator

import openai as sdk
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from openai.types.responses import Response, ResponseInputParam, ResponseOutputRefusal
from pydantic import BaseModel, ValidationError

from carquery_emulators.openai import OpenAiEmulator
from emulators.tests.openai.conftest import NOW
from emulators.tests.openai.doubles import Client, Wish

MESSAGES: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "Classify."},
    {"role": "user", "content": [{"type": "text", "text": "Продаю камри"}]},
]
INPUT: ResponseInputParam = [
    {"role": "developer", "content": "Classify."},
    {"role": "user", "content": [{"type": "input_text", "text": "Продаю камри"}]},
]


def undeclared(value: object, path: str) -> Iterator[str]:
    """The keys that arrived but are not fields of the type they arrived in."""
    if isinstance(value, BaseModel):
        yield from (f"{path}.{key}" for key in value.model_extra or {})
        for name in value.model_fields_set:
            yield from undeclared(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from undeclared(item, path)


async def test_a_chat_completion_is_parsed_into_the_wanted_type(client: AsyncOpenAI) -> None:
    completion = await client.chat.completions.parse(model="gpt-4o-mini", messages=MESSAGES, response_format=Wish)

    [choice] = completion.choices
    parsed = choice.message.parsed
    assert isinstance(parsed, Wish)
    assert (parsed.intent, parsed.confidence, parsed.brand) == ("sell", 0.92, None)
    assert (choice.finish_reason, completion.created) == ("stop", NOW)


async def test_a_response_is_parsed_into_the_wanted_type(client: AsyncOpenAI) -> None:
    response = await client.responses.parse(
        model="gpt-4o-mini", input=INPUT, text_format=Wish, temperature=0, max_output_tokens=200, store=False
    )

    parsed = response.output_parsed
    assert isinstance(parsed, Wish)
    assert (parsed.intent, parsed.confidence, parsed.brand) == ("sell", 0.92, None)
    assert (response.status, response.created_at) == ("completed", NOW)
    assert (response.temperature, response.max_output_tokens) == (0, 200)


async def test_what_is_answered_is_what_the_client_declares(api: Client) -> None:
    completion = ChatCompletion.model_validate((await api.ask("chat/completions")).body)
    response = Response.model_validate((await api.ask("responses")).body)

    assert [*undeclared(completion, "completion"), *undeclared(response, "response")] == []


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o", "gpt-4.1-nano"])
async def test_an_alias_is_answered_by_its_dated_snapshot(model: str, client: AsyncOpenAI) -> None:
    completion = await client.chat.completions.parse(model=model, messages=MESSAGES, response_format=Wish)
    again = await client.chat.completions.parse(model=completion.model, messages=MESSAGES, response_format=Wish)

    assert completion.model.startswith(f"{model}-20")
    assert again.model == completion.model


async def test_models_are_listed_and_looked_up(client: AsyncOpenAI) -> None:
    listed = [model.id async for model in client.models.list()]

    assert {"gpt-4o-mini", "gpt-4o"} <= set(listed)
    assert (await client.models.retrieve("gpt-4o")).id == "gpt-4o"
    with pytest.raises(sdk.NotFoundError):
        await client.models.retrieve("gpt-0")


@pytest.mark.parametrize(
    ("how", "error", "code", "kind"),
    [
        ("429", sdk.RateLimitError, "rate_limit_exceeded", "requests"),
        ("429 retry-after", sdk.RateLimitError, "rate_limit_exceeded", "requests"),
        ("429 quota", sdk.RateLimitError, "insufficient_quota", "insufficient_quota"),
        ("500", sdk.InternalServerError, None, "server_error"),
        ("502 html", sdk.InternalServerError, None, None),
        ("401", sdk.AuthenticationError, "invalid_api_key", "invalid_request_error"),
        ("403 country", sdk.PermissionDeniedError, "unsupported_country_region_territory", "request_forbidden"),
    ],
)
async def test_an_error_is_the_clients_own(
    how: str,
    error: type[sdk.APIStatusError],
    code: str | None,
    kind: str | None,
    openai: OpenAiEmulator,
    client: AsyncOpenAI,
) -> None:
    openai.faults.add(how)

    with pytest.raises(error) as raised:
        await client.chat.completions.parse(model="gpt-4o", messages=MESSAGES, response_format=Wish)

    assert (raised.value.code, raised.value.type) == (code, kind)
    assert (raised.value.request_id is None) == (how == "502 html")


@pytest.mark.parametrize("how", ["refuse", "drop"])
async def test_a_cut_connection_is_a_connection_error(how: str, openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    openai.faults.add(how)

    with pytest.raises(sdk.APIConnectionError):
        await client.chat.completions.parse(model="gpt-4o", messages=MESSAGES, response_format=Wish)


@pytest.mark.parametrize("how", ["slow", "drip"])
async def test_who_does_not_wait_times_out(how: str, openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    """The drip gives a byte now and then, but each comes too late for this reader."""
    openai.faults.add(how, seconds=20)

    with pytest.raises(sdk.APITimeoutError):
        await client.with_options(timeout=0.05).responses.parse(model="gpt-4o", input=INPUT, text_format=Wish)

    assert [reply.fault for reply in openai.replies] == [how]


async def test_who_obeys_retry_after_is_served(openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    openai.faults.add("429 retry-after", seconds=0.01)

    await client.with_options(max_retries=1).responses.parse(model="gpt-4o", input=INPUT, text_format=Wish)

    assert [request.status for request in openai.journal] == [429, 200]
    assert openai.journal[1].at - openai.journal[0].at < 0.4  # the client's own first pause is longer


@pytest.mark.parametrize("how", ["broken json", "breaks schema", "empty"])
async def test_unusable_content_does_not_parse(how: str, openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    openai.faults.add(how)

    with pytest.raises(ValidationError):
        await client.responses.parse(model="gpt-4o", input=INPUT, text_format=Wish)


async def test_a_refusal_is_told_apart_from_an_answer(openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    openai.faults.add("refusal", times=2)

    completion = await client.chat.completions.parse(model="gpt-4o", messages=MESSAGES, response_format=Wish)
    response = await client.responses.parse(model="gpt-4o", input=INPUT, text_format=Wish)

    message = completion.choices[0].message
    assert (message.content, message.parsed) == (None, None)
    assert message.refusal == "I'm sorry, but I can't assist with that request."
    assert response.output_parsed is None
    [item] = response.output
    assert item.type == "message"
    assert isinstance(item.content[0], ResponseOutputRefusal)


async def test_endless_output_ends_at_the_limit(openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    openai.faults.add("endless", times=2)

    with pytest.raises(sdk.LengthFinishReasonError) as raised:
        await client.chat.completions.parse(
            model="gpt-4o", messages=MESSAGES, response_format=Wish, max_completion_tokens=50
        )
    with pytest.raises(ValidationError):
        await client.responses.parse(model="gpt-4o", input=INPUT, text_format=Wish)

    usage = raised.value.completion.usage
    assert usage is not None
    assert usage.completion_tokens == 50
    assert openai.replies[1].usage.output == 16_384


async def test_content_may_be_cut_by_a_filter(openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    openai.faults.add("content filter")

    with pytest.raises(sdk.ContentFilterFinishReasonError):
        await client.chat.completions.parse(model="gpt-4o", messages=MESSAGES, response_format=Wish)
