"""What the models say, and what they are held to."""

import json
from typing import Any

import pytest
from aiohttp import ClientSession

from carquery_emulators.openai import OpenAiEmulator, always
from emulators.tests.openai.doubles import INTENTS, Client, Endpoint, request_to


async def test_a_model_without_a_brain_says_what_the_schema_asks_for_and_nothing_in_it(endpoint: Endpoint) -> None:
    async with OpenAiEmulator() as openai, ClientSession() as http:
        said = json.loads((await Client(http, openai).ask(endpoint, "Продаю камри")).said)

    assert said == {"intent": "sell", "confidence": 0, "brand": None, "reply": ""}


async def test_one_and_the_same_can_be_said_to_everything(endpoint: Endpoint) -> None:
    answer = {"intent": "buy", "confidence": 1, "brand": "Lada", "reply": "Да"}

    async with OpenAiEmulator(always(answer)) as openai, ClientSession() as http:
        client = Client(http, openai)
        said = [json.loads((await client.ask(endpoint, message)).said) for message in ("Куплю ладу", "")]

    assert said == [answer, answer]


async def test_a_brain_is_given_the_model_and_the_last_thing_the_user_said(endpoint: Endpoint) -> None:
    heard: list[tuple[str, str]] = []

    def brain(model: str, message: str) -> str:
        heard.append((model, message))
        return "{}"

    async with OpenAiEmulator(brain) as openai, ClientSession() as http:
        where: str = "input" if endpoint == "responses" else "messages"
        kinds = ("input_text", "output_text") if endpoint == "responses" else ("text", "text")
        conversation: list[dict[str, Any]] = [
            {"role": "developer", "content": "Classify."},
            {"role": "user", "content": "Здравствуйте"},
            {"role": "assistant", "content": [{"type": kinds[1], "text": "Добрый день!"}]},
            {"role": "user", "content": [{"type": kinds[0], "text": "Продаю"}, {"type": kinds[0], "text": "камри"}]},
        ]
        request = request_to(endpoint, "") | {"model": "gpt-4o", where: conversation}
        await Client(http, openai).post(endpoint, request)

    assert heard == [("gpt-4o", "Продаю\nкамри")]


async def test_instructions_and_a_bare_input_are_a_conversation_too(openai: OpenAiEmulator, api: Client) -> None:
    await api.ask("responses", instructions="Classify.", input="Куплю ладу")

    assert openai.replies[0].message == "Куплю ладу"


async def test_what_the_brain_leaves_out_is_null_or_empty_and_what_is_unasked_is_left_out(endpoint: Endpoint) -> None:
    schema = {
        "type": "object",
        "properties": {
            "intent": {"enum": INTENTS},
            "year": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "car": {"$ref": "#/$defs/car"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "is_urgent": {"type": "boolean"},
        },
        "required": ["intent", "year", "car", "tags", "is_urgent"],
        "additionalProperties": False,
        "$defs": {
            "car": {
                "type": "object",
                "properties": {"brand": {"type": ["string", "null"]}, "doors": {"type": "integer"}},
                "required": ["brand", "doors"],
                "additionalProperties": False,
            }
        },
    }

    said = await said_by({"car": {"brand": "Lada", "colour": "red"}, "mood": "good"}, schema, endpoint)

    assert said == {
        "intent": "sell",
        "year": None,
        "car": {"brand": "Lada", "doors": 0},
        "tags": [],
        "is_urgent": False,
    }


async def test_of_several_shapes_the_one_that_was_meant_is_said(endpoint: Endpoint) -> None:
    def shape(name: str) -> dict[str, Any]:
        properties = {name: {"type": ["string", "null"]}}
        return {"type": "object", "properties": properties, "required": [name], "additionalProperties": False}

    wishes = {"type": "array", "items": {"anyOf": [shape("car"), shape("question")]}}
    schema = {"type": "object", "properties": {"wishes": wishes}, "required": ["wishes"], "additionalProperties": False}
    answer = {"wishes": [{"question": "Сколько?"}, {"car": "Lada"}, {}]}

    said = await said_by(answer, schema, endpoint)

    assert said == {"wishes": [{"question": "Сколько?"}, {"car": "Lada"}, {"car": None}]}


async def said_by(answer: dict[str, Any], schema: dict[str, Any], endpoint: Endpoint) -> Any:
    """What a model with that in mind says within the schema."""
    async with OpenAiEmulator(lambda _, __: answer) as openai, ClientSession() as http:
        return json.loads((await Client(http, openai).post(endpoint, request_to(endpoint, "x", schema))).said)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"intent": "fly"}, "$.intent is 'fly', which is none of"),
        ({"confidence": "very"}, "$.confidence is 'very', which is not of type number"),
        ({"confidence": True}, "$.confidence is True, which is not of type number"),
        ({"brand": 5}, "$.brand is 5, which is not of type string or null"),
    ],
)
async def test_a_brain_that_breaks_the_schema_is_told_so(
    wrong: dict[str, object], words: str, endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    openai.brain = lambda _, __: {"intent": "sell", "confidence": 1, "reply": "Да"} | wrong

    answered = await api.ask(endpoint)

    assert answered.status == 500
    assert answered.error["message"].startswith(f"Emulator: what the brain says breaks the schema: {words}")
    assert not openai.replies


async def test_a_string_is_said_as_it_is(endpoint: Endpoint, openai: OpenAiEmulator, api: Client) -> None:
    openai.brain = lambda _, __: '```json\n{"intent": "fly"}\n```'

    assert (await api.ask(endpoint)).said == '```json\n{"intent": "fly"}\n```'


@pytest.mark.parametrize("how", ["breaks schema", "low confidence"])
async def test_a_fault_that_a_string_cannot_have_is_told(how: str, openai: OpenAiEmulator, api: Client) -> None:
    openai.brain = lambda _, __: "что-то"
    openai.faults.add(how)

    answered = await api.ask("responses")

    assert answered.status == 500
    assert "needs a brain that says a JSON object" in answered.error["message"]


async def test_low_confidence_needs_a_confidence(openai: OpenAiEmulator, api: Client) -> None:
    schema = {
        "type": "object",
        "properties": {"intent": {"type": "string"}},
        "required": ["intent"],
        "additionalProperties": False,
    }
    openai.faults.add("low confidence")

    answered = await api.post("responses", request_to("responses", "x", schema))

    assert "needs a schema with the property 'confidence'" in answered.error["message"]


async def test_a_schema_that_nothing_fits_is_told(api: Client) -> None:
    schema = {
        "type": "object",
        "properties": {"again": {"$ref": "#"}},
        "required": ["again"],
        "additionalProperties": False,
    }

    answered = await api.post("responses", request_to("responses", "x", schema))

    assert answered.status == 500
    assert answered.error["message"] == "Emulator: the schema contains itself, and nothing that ends"
