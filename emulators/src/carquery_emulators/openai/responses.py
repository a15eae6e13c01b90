"""POST /responses: what is asked, and how it is answered."""

from uuid import uuid4

from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.answers import invalid
from carquery_emulators.openai.asked import Asked, Dialect, InputMessage, Place, read_format, read_messages, read_model
from carquery_emulators.openai.generated import Generated
from carquery_emulators.openai.parameters import Parameter, check, need, need_choice, need_object
from carquery_emulators.openai.sampling import SAMPLING, check_sampling

_LEAST_OUTPUT = 16  # tokens
_SERVED = {
    **SAMPLING,
    "instructions": Parameter("string"),
    "max_output_tokens": Parameter("integer", lowest=_LEAST_OUTPUT),
    "reasoning": Parameter("object"),
    "text": Parameter("object"),
    "truncation": Parameter("string", choices=["disabled"]),
}
_KNOWN = frozenset(
    {
        "access_programs", "background", "background_options", "context_management", "conversation", "image", "include",
        "max_tool_calls", "moderation", "parallel_tool_calls", "previous_response_id", "prompt", "prompt_cache_options",
        "prompt_cache_retention", "stream_options", "tool_choice", "tools", "top_logprobs",
    }
)  # fmt: skip
_FORMAT = Place("text.format.", schema_param="text.format.schema", schema_code="invalid_json_schema")
_ITEM = {"type": Parameter("string", choices=["message"])}
_DIALECT = Dialect("input", _ITEM, user_part="input_text", assistant_part="output_text")
_IN_TEXT = {"format": Parameter("object"), "verbosity": Parameter("string", choices=["low", "medium", "high"])}
_IN_REASONING = {"effort": Parameter("string", choices=["none", "minimal", "low", "medium", "high"])}
_REASONS = {"length": "max_output_tokens", "content_filter": "content_filter"}


def read_response(body: Json) -> Asked:
    """Raises Refused."""
    check({name: value for name, value in body.items() if name != "input"}, _SERVED, known=_KNOWN)
    model = read_model(body)
    check_sampling(body, model)
    reasoning = body.get("reasoning") or {}
    check(reasoning, _IN_REASONING, where="reasoning.")
    if reasoning.get("effort") is not None and not model.reasons:
        raise invalid(
            "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
            param="reasoning.effort",
            code="unsupported_parameter",
        )
    text = need_object(body, "text")
    check(text, _IN_TEXT, where="text.")
    envelope = need_object(text, "format", where="text.")
    need_choice(envelope, "type", ["json_schema"], where="text.format.")
    wanted = read_format(envelope, _FORMAT)
    return Asked(model, _messages(body), wanted, body.get("max_output_tokens"), _DIALECT.where)


def write_response(generated: Generated, body: Json, *, now: float) -> Json:
    """The body of the answer to the request `body`."""
    usage = generated.usage
    is_whole = generated.finish == "stop"
    return {
        "id": f"resp_{uuid4().hex}",
        "object": "response",
        "created_at": int(now),
        "status": "completed" if is_whole else "incomplete",
        "background": False,
        "completed_at": int(now) if is_whole else None,
        "error": None,
        "incomplete_details": None if is_whole else {"reason": _REASONS[generated.finish]},
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": None,
        "model": generated.asked.model.snapshot,
        "output": [_message(generated, is_whole=is_whole)],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "prompt_cache_key": body.get("prompt_cache_key"),
        "reasoning": {"effort": None, "summary": None, **(body.get("reasoning") or {})},
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": "default",
        "temperature": 1.0 if body.get("temperature") is None else body["temperature"],
        "text": {"verbosity": "medium", **body["text"]},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 1.0 if body.get("top_p") is None else body["top_p"],
        "truncation": "disabled",
        "usage": {
            "input_tokens": usage.input,
            "input_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": 0},
            "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": usage.total,
        },
        "user": body.get("user"),
        "metadata": body.get("metadata") or {},
    }


def _messages(body: Json) -> list[InputMessage]:
    given = need(body, "input")
    instructions = body.get("instructions")
    before = [] if instructions is None else [InputMessage("system", instructions)]
    if isinstance(given, str):
        return [*before, InputMessage("user", given)]
    return [*before, *read_messages(given, _DIALECT)]


def _message(generated: Generated, *, is_whole: bool) -> Json:
    content: Json = (
        {"type": "refusal", "refusal": generated.refusal}
        if generated.refusal is not None
        else {"type": "output_text", "annotations": [], "logprobs": [], "text": generated.text}
    )
    return {
        "id": f"msg_{uuid4().hex}",
        "type": "message",
        "status": "completed" if is_whole else "incomplete",
        "content": [content],
        "role": "assistant",
    }
