"""What is said of a variable that is missing or wrong: a line that never shows its value, for that may be a secret."""

from dataclasses import dataclass
from typing import Final

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_WORDS: Final = {
    "missing": "missing",
    "greater_than_equal": "too small",
    "less_than_equal": "too large",
    "less_than": "too large",
    "bool_parsing": "neither true nor false",
    "bool_type": "neither true nor false",
    "literal_error": "none of those that there are",
    "string_pattern_mismatch": "has characters in it that it can't have",
    "string_too_short": "too short",
    "string_too_long": "too long",
}
"""Instead of pydantic's own, which speak to programmers."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with variables, and what would be right.

    Attributes:
        names: the fields of the settings.
        is_file: the file that `NAME_FILE` names is what is wrong.
    """

    names: tuple[str, ...]
    what: str
    expected: str = ""
    is_file: bool = False

    @property
    def variables(self) -> str:
        return ", ".join(f"{name.upper()}{'_FILE' if self.is_file else ''}" for name in self.names)

    @property
    def remedy(self) -> str:
        return f"expected: {self.expected}" if self.expected else ""

    def __str__(self) -> str:
        return f"{self.variables}: {'; '.join(filter(None, (self.what, self.remedy)))}"


def complaint_of(error: ErrorDetails, fields: dict[str, FieldInfo]) -> Complaint:
    """What pydantic found, in our words."""
    name = str(error["loc"][0])
    own = error["msg"].removeprefix("Value error, ") if error["type"] == "value_error" else "wrong"
    return Complaint((name,), _WORDS.get(error["type"], own), fields[name].description or "")
