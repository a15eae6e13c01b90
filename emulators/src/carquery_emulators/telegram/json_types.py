"""The one type of everything on the wire."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object as Telegram sends it; the keys are the Bot API's field names."""
