"""A JSON array that is written while what it holds is read."""

import json
from collections.abc import Mapping
from typing import TextIO


class JsonArray:
    """One object in a line."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._before = "["

    def write(self, item: Mapping[str, object]) -> None:
        """Add one."""
        self._text.write(f"{self._before}\n{json.dumps(item, ensure_ascii=False)}")
        self._before = ","

    def end(self) -> None:
        """Write what closes the array."""
        self._text.write("[]\n" if self._before == "[" else "\n]\n")
