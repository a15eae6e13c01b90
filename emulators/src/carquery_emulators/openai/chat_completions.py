"""POST /chat/completions: what is asked, and how it is answered."""

from uuid import uuid4

from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.answers import invalid
from carquery_emulators.openai.asked import Asked, Dialect, Place, read_format, read_messages, read_model
from carquery_emulators.openai.generated import Generated
from carquery_emulators.openai.models import Model
from carquery_emulators.openai.parameters import Parameter, check, need, need_choice, need_object
from carquery_emulators.openai.sampling import SAMPLING, check_sampling

_TOKENS = Parameter("integer", lowest=1)
_SERVED = {
    **SAMPLING,
    "messages": Parameter("array"),
    "max_completion_tokens": _TOKENS,
    "max_tokens": _TOKENS,
    "n": Parameter("integer", lowest=1, highest=1),
    "reasoning_effort": Parameter("string", choices=["none", "minimal", "low", "medium", "high"]),
    "response_format": Parameter("object"),
    "seed": Parameter("integer"),
    "frequency_penalty": Parameter("decimal", lowest=-2, highest=2),
    "presence_penalty": Parameter("decimal", lowest=-2, highest=2),
    "verbosity": Parameter("string", choices=["low", "medium", "high"]),
}
_KNOWN = frozenset(
    {
        "audio", "function_call", "functions", "logit_bias", "logprobs", "modalities", "moderation",
        "parallel_tool_calls", "prediction", "prompt_cache_options", "prompt_cache_retention", "stop",
        "stream_options", "tool_choice", "tools", "top_logprobs", "web_search_options",
    }
)  # fmt: skip
_FORMAT = Place("response_format.json_schema.", schema_param="response_format", schema_code=None)
_DIALECT = Dialect("messages", {"name": Parameter("string")}, user_part="text", assistant_part="text")
_IN_FORMAT = {"type": Parameter("string"), "json_schema": Parameter("object")}


def read_chat_completion(body: Json) -> Asked:
    """Raises Refused."""
    check(body, _SERVED, known=_KNOWN)
    model = read_model(body)
    _check_of_model(body, model)
    messages = read_messages(need(body, "messages"), _DIALECT)
    envelope = need_object(body, "response_format")
    need_choice(envelope, "type", ["json_schema"], where="response_format.")
    check(envelope, _IN_FORMAT, where="response_format.")
    wanted = read_format(need_object(envelope, "json_schema", where="response_format."), _FORMAT)
    most = body.get("max_completion_tokens") or body.get("max_tokens")
    return Asked(model, messages, wanted, most, _DIALECT.where)


def write_chat_completion(generated: Generated, *, now: float) -> Json:
    """The body of the answer."""
    usage = generated.usage
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": "chat.completion",
        "created": int(now),
        "model": generated.asked.model.snapshot,
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": generated.text,
                    "refusal": generated.refusal,
                    "annotations": [],
                },
                "logprobs": None,
                "finish_reason": generated.finish,
            }
        ],
        "usage": {
            "prompt_tokens": usage.input,
            "completion_tokens": usage.output,
            "total_tokens": usage.total,
            "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": "fp_emulator",
    }


def _check_of_model(body: Json, model: Model) -> None:
    check_sampling(body, model)
    if model.reasons and body.get("max_tokens") is not None:
        raise invalid(
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        )
    if body.get("reasoning_effort") is not None and not model.reasons:
        raise invalid("Unrecognized request argument supplied: reasoning_effort")
