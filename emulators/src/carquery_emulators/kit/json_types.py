"""JSON as it travels."""

import json
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object as the real API sends it; the keys are that API's field names."""


def read_json(content: bytes | str) -> object:
    """The value that is written there. Raises ValueError: it is no JSON, though Python's reader may take it."""
    try:
        value: object = json.loads(content, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("too deeply nested") from error
    return value


def _refuse(constant: str) -> object:
    """Python's reader would take NaN and Infinity."""
    raise ValueError(f"{constant} is not JSON")
