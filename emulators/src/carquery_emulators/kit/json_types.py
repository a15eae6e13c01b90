"""The type of everything on the wire."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object as the real API sends it; the keys are that API's field names."""
