"""Tokens are counted as they would be billed."""

import json

import pytest
from aiohttp import ClientSession

from carquery_emulators.openai import OpenAiEmulator, estimated
from emulators.tests.openai.doubles import SCHEMA, Client, Endpoint, request_to


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("да", 1), ("дай", 2), ("камри camry", 4)]
)
def test_a_token_is_four_latin_characters_or_two_others(text: str, tokens: int) -> None:
    assert estimated(text) == tokens


async def test_input_is_the_messages_and_the_schema_and_output_is_what_was_said(
    endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    answered = await api.ask(endpoint, "Продаю камри")

    schema = json.dumps(SCHEMA, separators=(",", ":"))
    texts = [estimated(text) for text in ("Classify.", "Продаю камри", schema, "wish")]
    expected = (sum(texts) + 2 * 3 + 3, estimated(answered.said), 0)
    assert answered.usage == expected
    used = openai.replies[0].usage
    assert (used.input, used.output, used.cached) == expected
    total = answered.body["usage"]["total_tokens"]
    assert total == used.input + used.output == used.total


async def test_a_longer_message_costs_more(endpoint: Endpoint, api: Client) -> None:
    short, long = [(await api.ask(endpoint, message)).usage[0] for message in ("Продаю", "Продаю камри")]

    assert long - short == 3


async def test_long_prompts_that_begin_alike_are_cached(endpoint: Endpoint, api: Client) -> None:
    """From 1024 tokens on, in steps of 128, for each model apart."""
    beginning = "а" * 2400

    first = await api.ask(endpoint, f"{beginning} раз")
    again = await api.ask(endpoint, f"{beginning} два")
    other = await api.ask(endpoint, f"{beginning} два", model="gpt-4o")
    short = [await api.ask(endpoint, "б" * 1800) for _ in range(2)]

    assert [answered.usage[2] for answered in (first, again, other, *short)] == [0, 1152, 0, 0, 0]


async def test_another_way_of_counting_may_be_given(endpoint: Endpoint) -> None:
    async with OpenAiEmulator(lambda _, __: "said", count_tokens=len) as openai, ClientSession() as http:
        answered = await Client(http, openai).post(endpoint, request_to(endpoint, "x"))

    assert answered.usage[1] == len("said")
