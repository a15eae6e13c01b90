"""Parameters that both endpoints take."""

from collections.abc import Mapping

from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.answers import invalid
from carquery_emulators.openai.models import Model
from carquery_emulators.openai.parameters import Parameter

_MOST_METADATA = 16
_KEY = Parameter("string", highest=64)
_VALUE = Parameter("string", highest=512)

SAMPLING: Mapping[str, Parameter] = {
    "metadata": Parameter("object"),
    "model": Parameter("string"),
    "prompt_cache_key": Parameter("string"),
    "safety_identifier": Parameter("string", highest=128),
    "service_tier": Parameter("string", choices=["auto", "default", "flex", "scale", "priority", "fast"]),
    "store": Parameter("boolean"),
    "stream": Parameter("boolean"),
    "temperature": Parameter("decimal", lowest=0, highest=2),
    "top_p": Parameter("decimal", lowest=0, highest=1),
    "user": Parameter("string"),
}


def check_sampling(body: Json, model: Model) -> None:
    """What depends on more than the parameter itself. Raises Refused."""
    if body.get("stream"):
        raise invalid(
            "Unsupported value: 'stream' must be false, this emulator does not stream.",
            param="stream",
            code="unsupported_value",
        )
    for name in ("temperature", "top_p"):
        value = body.get(name)
        if model.reasons and value not in (None, 1):
            raise invalid(
                f"Unsupported value: '{name}' does not support {value} with this model. Only the default (1) value is "
                "supported.",
                param=name,
                code="unsupported_value",
            )
    metadata = body.get("metadata") or {}
    if len(metadata) > _MOST_METADATA:
        raise invalid(
            f"Invalid 'metadata': too many properties. Expected an object with at most {_MOST_METADATA} properties, "
            f"but got an object with {len(metadata)} properties instead.",
            param="metadata",
            code="object_above_max_properties",
        )
    for key, value in metadata.items():
        _KEY.check("metadata", key)
        _VALUE.check(f"metadata.{key}", value)
