"""Parameters of a request, and what the API says of wrong ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from carquery_emulators.kit.answers import Refused
from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.answers import invalid

ValueKind: TypeAlias = Literal["boolean", "integer", "decimal", "string", "object", "array"]
_WORDS: Mapping[ValueKind, str] = {
    "boolean": "a boolean",
    "integer": "an integer",
    "decimal": "a decimal",
    "string": "a string",
    "object": "an object",
    "array": "an array",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may stand there. `lowest` and `highest`: of a number, or of the length of a string."""

    kind: ValueKind
    lowest: float | None = None
    highest: float | None = None
    choices: Sequence[str] = ()

    def check(self, name: str, value: object) -> None:
        """Raises Refused."""
        if not _is(self.kind, value):
            raise _wrong_type(name, self.kind, value)
        if self.choices and value not in self.choices:
            raise _not_a_choice(name, value, self.choices)
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._check_size(name, value, self.kind, f"{self.kind}")
        if isinstance(value, str):
            self._check_size(name, len(value), "string", "length")

    def _check_size(self, name: str, size: float, kind: str, what: str) -> None:
        for is_wrong, side, sign, bound, code in (
            (self.lowest is not None and size < self.lowest, "below minimum", ">=", self.lowest, "below_min"),
            (self.highest is not None and size > self.highest, "above maximum", "<=", self.highest, "above_max"),
        ):
            if is_wrong:
                raise invalid(
                    f"Invalid '{name}': {what} {side} value. Expected a value {sign} {bound}, but got {size} instead.",
                    param=name,
                    code=f"{kind}_{code}_value" if kind != "string" else f"string_{code}_length",
                )


def check(body: Json, served: Mapping[str, Parameter], *, known: frozenset[str] = frozenset(), where: str = "") -> None:
    """Hold an object against what may be in it. A null is as good as nothing, as in the API.

    Args:
        known: what the real API takes and the emulator does not serve: it is refused too, rather than passed over.

    Raises:
        Refused: the first thing that is wrong.
    """
    for name, value in body.items():
        path = f"{where}{name}"
        if value is None and name in known | served.keys():
            continue
        if name in served:
            served[name].check(path, value)
        elif name in known:
            raise invalid(
                f"Unsupported parameter: '{path}' is not served by this emulator.",
                param=path,
                code="unsupported_parameter",
            )
        else:
            raise invalid(f"Unknown parameter: '{path}'.", param=path, code="unknown_parameter")


def need(body: Json, name: str, *, where: str = "") -> object:
    """What must be there. Raises Refused."""
    value: object = body.get(name)
    if value is None:
        path = f"{where}{name}"
        raise invalid(f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter")
    return value


def need_object(body: Json, name: str, *, where: str = "") -> Json:
    """An object that must be there. Raises Refused."""
    return as_object(need(body, name, where=where), f"{where}{name}")


def as_object(value: object, name: str) -> Json:
    """Raises Refused."""
    if isinstance(value, dict):
        return value
    raise _wrong_type(name, "object", value)


def as_array(value: object, name: str) -> list[object]:
    """Raises Refused."""
    if isinstance(value, list):
        return value
    raise _wrong_type(name, "array", value)


def need_choice(body: Json, name: str, choices: Sequence[str], *, where: str = "") -> str:
    """One of some words, that must be there. Raises Refused."""
    value = need(body, name, where=where)
    if not isinstance(value, str) or value not in choices:
        raise _not_a_choice(f"{where}{name}", value, choices)
    return value


def _wrong_type(name: str, kind: ValueKind, value: object) -> Refused:
    found = next((words for other, words in _WORDS.items() if _is(other, value)), "null")
    words = f"Invalid type for '{name}': expected {_WORDS[kind]}, but got {found} instead."
    return invalid(words, param=name, code="invalid_type")


def _not_a_choice(name: str, value: object, choices: Sequence[str]) -> Refused:
    words = [f"'{choice}'" for choice in choices]
    supported = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return invalid(f"Invalid value: '{value}'. Supported values are: {supported}.", param=name, code="invalid_value")


def _is(kind: ValueKind, value: object) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "decimal":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
