"""A request that is wrong is told so, in the API's words."""

from typing import Any

import pytest

from carquery_emulators.openai import OpenAiEmulator
from emulators.tests.openai.doubles import SCHEMA, Answered, Client, Endpoint, request_to

INTENT = SCHEMA["properties"]["intent"]


def nested(levels: int) -> dict[str, Any]:
    """Objects in objects, so many of them."""
    inner = {"type": "string"} if levels == 1 else nested(levels - 1)
    return {"type": "object", "properties": {"a": inner}, "required": ["a"], "additionalProperties": False}


def flat(**properties: object) -> dict[str, Any]:
    """An object of strict mode with these properties."""
    required = list(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


async def refused(api: Client, endpoint: Endpoint, **changed: Any) -> tuple[int, str, str, str]:
    answered = await api.ask(endpoint, **changed)
    return answered.status, answered.error["param"], answered.error["code"], answered.error["message"]


async def test_a_wrong_key_is_refused_and_not_repeated_whole(
    endpoint: Endpoint, openai: OpenAiEmulator, api: Client
) -> None:
    api.key = "sk-proj-0123456789-secret-abcd"

    answered = await api.ask(endpoint)

    assert (answered.status, answered.error["code"]) == (401, "invalid_api_key")
    assert answered.error["message"].startswith("Incorrect API key provided: sk-proj-*")
    assert api.key not in answered.text
    assert api.key not in str([request.to_json() for request in openai.journal])


@pytest.mark.parametrize("given", ["", "Basic x", "Bearer", "Bearer "])
async def test_no_key_is_refused_too(given: str, api: Client) -> None:
    answered = await api.send("POST", "responses", json={}, headers={"Authorization": given})

    assert (answered.status, answered.error["code"]) == (401, None)
    assert answered.error["message"].startswith("You didn't provide an API key.")


async def test_an_unknown_model_is_not_found(endpoint: Endpoint, api: Client) -> None:
    assert await refused(api, endpoint, model="gpt-0") == (
        404,
        "model",
        "model_not_found",
        "The model `gpt-0` does not exist or you do not have access to it.",
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a": NaN}', b"\xff", b"[" * 100_000])
async def test_what_is_no_json_object_is_refused(body: bytes, endpoint: Endpoint, api: Client) -> None:
    answered = await api.send("POST", endpoint, data=body)

    assert answered.status == 400
    assert answered.error["message"].startswith("We could not parse the JSON body of your request.")


async def test_other_addresses_and_methods_are_refused(api: Client) -> None:
    lost = await api.post("embeddings", {})
    got = await api.get("responses")
    deleted = await api.send("DELETE", "models/gpt-4o")

    assert (lost.status, lost.error["message"]) == (404, "Invalid URL (POST /v1/embeddings)")
    assert (got.status, got.error["message"]) == (405, "Not allowed to GET on /v1/responses.")
    assert deleted.status == 405


@pytest.mark.parametrize(
    ("changed", "param", "code", "message"),
    [
        ({"temprature": 0}, "temprature", "unknown_parameter", "Unknown parameter: 'temprature'."),
        ({"tools": []}, "tools", "unsupported_parameter", "Unsupported parameter: 'tools' is not served"),
        ({"stream": True}, "stream", "unsupported_value", "Unsupported value: 'stream' must be false"),
        (
            {"temperature": "0"},
            "temperature",
            "invalid_type",
            "Invalid type for 'temperature': expected a decimal, but",
        ),
        (
            {"temperature": 2.1},
            "temperature",
            "decimal_above_max_value",
            "Invalid 'temperature': decimal above maximum",
        ),
        ({"top_p": -1}, "top_p", "decimal_below_min_value", "Invalid 'top_p': decimal below minimum value."),
        ({"store": 1}, "store", "invalid_type", "Invalid type for 'store': expected a boolean, but got an integer"),
        ({"service_tier": "best"}, "service_tier", "invalid_value", "Invalid value: 'best'. Supported values are:"),
        (
            {"safety_identifier": "x" * 129},
            "safety_identifier",
            "string_above_max_length",
            "Invalid 'safety_identifier'",
        ),
        ({"metadata": {"a": 1}}, "metadata.a", "invalid_type", "Invalid type for 'metadata.a': expected a string"),
        ({"metadata": {"a": "x" * 513}}, "metadata.a", "string_above_max_length", "Invalid 'metadata.a'"),
        ({"metadata": {"a" * 65: ""}}, "metadata", "string_above_max_length", "Invalid 'metadata'"),
        (
            {"metadata": dict.fromkeys("abcdefghijklmnopq", "")},
            "metadata",
            "object_above_max_properties",
            "Invalid 'met",
        ),
        ({"model": None}, "model", "missing_required_parameter", "Missing required parameter: 'model'."),
        ({"model": 4}, "model", "invalid_type", "Invalid type for 'model': expected a string"),
        (
            {"model": "gpt-5", "temperature": 0},
            "temperature",
            "unsupported_value",
            "Unsupported value: 'temperature' does",
        ),
    ],
)
async def test_a_wrong_parameter_is_named(
    changed: dict[str, Any], param: str, code: str, message: str, endpoint: Endpoint, api: Client
) -> None:
    status, *said, words = await refused(api, endpoint, **changed)

    assert (status, said) == (400, [param, code])
    assert words.startswith(message)


@pytest.mark.parametrize(
    ("endpoint", "changed", "param", "code"),
    [
        ("chat/completions", {"messages": None}, "messages", "missing_required_parameter"),
        ("chat/completions", {"messages": []}, "messages", "empty_array"),
        ("chat/completions", {"messages": "x"}, "messages", "invalid_type"),
        ("chat/completions", {"messages": ["x"]}, "messages[0]", "invalid_type"),
        ("chat/completions", {"messages": [{"role": "me", "content": "x"}]}, "messages[0].role", "invalid_value"),
        ("chat/completions", {"messages": [{"role": "user"}]}, "messages[0].content", "missing_required_parameter"),
        ("chat/completions", {"messages": [{"role": "user", "content": 5}]}, "messages[0].content", "invalid_type"),
        (
            "chat/completions",
            {"messages": [{"role": "user", "content": [{"type": "input_text", "text": "x"}]}]},
            "messages[0].content[0].type",
            "invalid_value",
        ),
        (
            "chat/completions",
            {"messages": [{"role": "user", "content": "x", "mood": "good"}]},
            "messages[0].mood",
            "unknown_parameter",
        ),
        ("chat/completions", {"input": "x"}, "input", "unknown_parameter"),
        ("chat/completions", {"n": 2}, "n", "integer_above_max_value"),
        ("chat/completions", {"max_completion_tokens": 0}, "max_completion_tokens", "integer_below_min_value"),
        ("chat/completions", {"model": "gpt-5", "max_tokens": 9}, "max_tokens", "unsupported_parameter"),
        ("chat/completions", {"reasoning_effort": "low"}, None, None),
        ("responses", {"input": None}, "input", "missing_required_parameter"),
        ("responses", {"input": []}, "input", "empty_array"),
        ("responses", {"input": 5}, "input", "invalid_type"),
        (
            "responses",
            {"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
            "input[0].content[0].text",
            "missing_required_parameter",
        ),
        (
            "responses",
            {"input": [{"type": "reasoning", "role": "user", "content": "x"}]},
            "input[0].type",
            "invalid_value",
        ),
        ("responses", {"messages": []}, "messages", "unknown_parameter"),
        ("responses", {"max_output_tokens": 15}, "max_output_tokens", "integer_below_min_value"),
        ("responses", {"previous_response_id": "resp_1"}, "previous_response_id", "unsupported_parameter"),
        ("responses", {"reasoning": {"effort": "low"}}, "reasoning.effort", "unsupported_parameter"),
    ],
)  # fmt: skip
async def test_each_endpoint_has_parameters_of_its_own(
    endpoint: Endpoint, changed: dict[str, Any], param: str | None, code: str | None, api: Client
) -> None:
    assert (await refused(api, endpoint, **changed))[:3] == (400, param, code)


@pytest.mark.parametrize(
    ("endpoint", "effort"),
    [("chat/completions", {"reasoning_effort": "minimal"}), ("responses", {"reasoning": {"effort": "minimal"}})],
)
async def test_a_reasoning_model_takes_an_effort(endpoint: Endpoint, effort: dict[str, Any], api: Client) -> None:
    assert (await api.ask(endpoint, model="gpt-5-nano", **effort)).status == 200


def with_format(endpoint: Endpoint, **changed: object) -> dict[str, Any]:
    """A request that is right but for what is changed in the envelope of its schema; None takes a key away."""
    body = request_to(endpoint, "Продаю камри")
    envelope = body["text"]["format"] if endpoint == "responses" else body["response_format"]["json_schema"]
    envelope |= changed
    for name in [name for name, value in changed.items() if value is None]:
        del envelope[name]
    return body


@pytest.mark.parametrize(
    ("changed", "name", "code"),
    [
        ({"schema": None}, "schema", "missing_required_parameter"),
        ({"strict": None}, "strict", "missing_required_parameter"),
        ({"strict": False}, "strict", "invalid_value"),
        ({"strict": "yes"}, "strict", "invalid_type"),
        ({"name": None}, "name", "missing_required_parameter"),
        ({"name": "my wish"}, "name", "invalid_value"),
        ({"name": "x" * 65}, "name", "invalid_value"),
        ({"schema": []}, "schema", "invalid_type"),
        ({"mode": "strict"}, "mode", "unknown_parameter"),
    ],
)
async def test_the_schemas_envelope_must_be_whole(
    changed: dict[str, object], name: str, code: str, endpoint: Endpoint, api: Client
) -> None:
    answered = await api.post(endpoint, with_format(endpoint, **changed))

    where = "text.format" if endpoint == "responses" else "response_format.json_schema"
    assert (answered.status, answered.error["param"], answered.error["code"]) == (400, f"{where}.{name}", code)


@pytest.mark.parametrize(
    ("endpoint", "changed", "param"),
    [
        ("responses", {"text": None}, "text"),
        ("responses", {"text": {}}, "text.format"),
        ("responses", {"text": {"format": {"type": "json_object"}}}, "text.format.type"),
        ("chat/completions", {"response_format": None}, "response_format"),
        ("chat/completions", {"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
        ("chat/completions", {"response_format": {"type": "text"}}, "response_format.type"),
    ],
)
async def test_only_structured_output_is_served(
    endpoint: Endpoint, changed: dict[str, Any], param: str, api: Client
) -> None:
    assert (await refused(api, endpoint, **changed))[:2] == (400, param)


async def with_schema(api: Client, schema: dict[str, Any], endpoint: Endpoint = "responses") -> Answered:
    return await api.post(endpoint, request_to(endpoint, "Продаю", schema))


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"type": "array", "items": {"type": "string"}}, "schema must be a JSON Schema of 'type: \"object\"'"),
        ({"anyOf": [flat()]}, "schema must be a JSON Schema of 'type: \"object\"'"),
        (SCHEMA | {"additionalProperties": True}, "In context=(), 'additionalProperties' is required to be supplied"),
        ({"type": "object", "properties": {}}, "In context=(), 'additionalProperties' is required to be supplied"),
        (flat(car={"type": "object"}), "In context=('properties', 'car'), 'additionalProperties' is required"),
        (
            SCHEMA | {"required": ["intent", "confidence", "reply"]},
            (
                "In context=(), 'required' is required to be supplied and to be an array including every key in "
                "properties. Missing 'brand'."
            ),
        ),
        (SCHEMA | {"required": [*SCHEMA["required"], "model"]}, "In context=(), 'required' is not a subset"),
        (flat(a={"type": "string", "minLength": 1}), "In context=('properties', 'a'), 'minLength' is not permitted."),
        (flat(a={"type": "string", "default": ""}), "In context=('properties', 'a'), 'default' is not permitted."),
        (flat(a={"allOf": [INTENT]}), "In context=('properties', 'a'), 'allOf' is not permitted."),
        (flat(a={"description": "?"}), "In context=('properties', 'a'), schema must have a 'type' key."),
        (flat(a={"type": "text"}), "In context=('properties', 'a'), \"text\" is not a valid type."),
        (flat(a={"type": "array"}), "In context=('properties', 'a'), array schema missing items."),
        (flat(a={"$ref": "#/$defs/b"}), "reference to component '#/$defs/b' which was not found in the schema."),
        (flat(a={"$ref": "#", "description": "?"}), "context=('properties', 'a'), $ref cannot have keywords"),
        (flat(a=5), "In context=('properties', 'a'), 5 is not of type 'object'"),
        (flat(a={"anyOf": [{"type": "null"}, {"type": "object"}]}), "In context=('properties', 'a', 'anyOf', '1')"),
        (flat(a={"$ref": "#/$defs/b"}) | {"$defs": {"b": {"$ref": "#/$defs/b"}}}, "reference to component '#/$defs/b'"),
        (flat(a={"type": "string", "pattern": "("}), "In context=('properties', 'a'), 'pattern' is no regular"),
        (flat(a={"type": 5}), "In context=('properties', 'a'), 5 is not a valid 'type'."),
        (flat(a={"enum": []}), "In context=('properties', 'a'), 'enum' must not be empty."),
        (SCHEMA | {"required": None}, "In context=(), null is not a valid 'required'."),
        (SCHEMA | {"properties": []}, "In context=(), [] is not a valid 'properties'."),
        (nested(11), "11 levels of nesting exceeds limit of 10."),
        (flat(a={"enum": [str(number) for number in range(1001)]}), "1001 enum values exceeds limit of 1000."),
        (flat(**{f"p{number}": INTENT for number in range(5001)}), "5001 properties exceeds limit of 5000."),
        (flat(a={"enum": ["x" * 120_000]}), "120001 characters in names and enum values exceeds limit of 120000."),
    ],
)
async def test_a_schema_outside_of_strict_mode_is_refused(schema: dict[str, Any], complaint: str, api: Client) -> None:
    answered = await with_schema(api, schema)

    assert (answered.status, answered.error["param"]) == (400, "text.format.schema")
    assert answered.error["code"] == "invalid_json_schema"
    assert answered.error["message"].startswith(f"Invalid schema for response_format 'wish': {complaint}")


async def test_chat_completions_refuse_a_schema_with_a_code_of_their_own(api: Client) -> None:
    answered = await with_schema(api, {"type": "object"}, "chat/completions")

    assert (answered.error["param"], answered.error["code"]) == ("response_format", None)


@pytest.mark.parametrize(
    "schema",
    [
        nested(9),
        flat(a={"type": "number", "minimum": 0, "maximum": 1, "description": "?"}),
        flat(a={"type": ["integer", "null"]}, b={"anyOf": [{"type": "string", "pattern": "^$"}, {"type": "null"}]}),
        flat(a={"const": 1}, b={"enum": ["x", None]}, c={"type": "array", "items": flat(d=INTENT), "maxItems": 3}),
        flat(a={"$ref": "#/$defs/a"}) | {"$defs": {"a": flat(a={"type": "string"})}, "title": "Wish"},
        flat(a={"$ref": "#/$defs/a"}) | {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"type": "string"}}},
        flat(a={"anyOf": [{"$ref": "#"}, {"type": "null"}]}),
    ],
)  # fmt: skip
async def test_a_schema_of_strict_mode_is_taken(schema: dict[str, Any], api: Client) -> None:
    assert (await with_schema(api, schema)).status == 200


@pytest.mark.parametrize(
    ("endpoint", "param", "words"),
    [
        ("responses", "input", "Your input exceeds the context window of this model."),
        (
            "chat/completions",
            "messages",
            "This model's maximum context length is 128000 tokens. However, your messages",
        ),
    ],
)
async def test_an_input_longer_than_the_context_is_refused(
    endpoint: Endpoint, param: str, words: str, openai: OpenAiEmulator, api: Client
) -> None:
    answered = await api.ask(endpoint, "ы" * 256_000)

    assert (answered.status, answered.error["param"]) == (400, param)
    assert answered.error["code"] == "context_length_exceeded"
    assert answered.error["message"].startswith(words)
    assert not openai.replies
    assert (await api.ask(endpoint, "ы" * 255_000)).status == 200
