"""The one type of everything on the wire."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object as amoCRM sends it; the keys are the API's field names."""
