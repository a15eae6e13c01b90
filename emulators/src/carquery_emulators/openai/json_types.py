"""The types of everything on the wire."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object as the API sends it; the keys are the API's field names."""
