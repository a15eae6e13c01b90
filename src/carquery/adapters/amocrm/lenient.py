"""Reading JSON as PHP writes it: an empty map is `[]`, a map with holes in its keys is an object, numbers are text.

A dataclass says what is needed: fields without a default. Whatever else is missing, null or odd becomes its default,
and costs neither the row that it stands in nor the other rows.
"""

import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from carquery.domain.effects import CrmId

T = TypeVar("T")

Reader: TypeAlias = Callable[[object], Any]

LARGEST: Final = 2**63 - 1
"""Numbers beyond are no ids, moments or sizes of amoCRM."""

_WHOLE: Final = re.compile(r"\s*([+-]?\d{1,19})(?:\.0*)?\s*", re.ASCII)
_BOOLS: Final[Mapping[object, bool]] = {"1": True, "true": True, "0": False, "false": False, "": False}


class Odd(ValueError):
    """Something else than what was to be read. Its text names no value: it may be personal."""


def read(kind: type[T], said: object) -> T:
    """Read a dataclass. Raises Odd: something that is needed can't be read."""
    row: T = _reader(kind)(said)
    return row


def mapping(said: object) -> Mapping[str, object]:
    """A map; an empty one may be a list."""
    if isinstance(said, dict):
        return said
    if said == []:
        return {}
    raise Odd("no map")


def listed(said: object) -> list[object]:
    """A list; one with holes is a map from numbers."""
    if isinstance(said, list):
        return said
    if isinstance(said, dict) and all(key.isdecimal() for key in said):
        return list(said.values())
    raise Odd("no list")


def whole(said: object) -> int:
    """A whole number, also as text or with an empty fraction."""
    if isinstance(said, str) and (written := _WHOLE.fullmatch(said)):
        said = int(written[1])
    elif isinstance(said, float) and math.isfinite(said) and said.is_integer():
        said = int(said)
    if isinstance(said, bool) or not isinstance(said, int) or abs(said) > LARGEST:
        raise Odd("no whole number")
    return said


def crm_id(said: object) -> CrmId:
    """A number of amoCRM's own; they begin at 1."""
    if (number := whole(said)) < 1:
        raise Odd("no id")
    return CrmId(number)


def text(said: object) -> str:
    """Text, also as a number."""
    if isinstance(said, str):
        return said
    if isinstance(said, int | float) and not isinstance(said, bool):
        return str(int(said)) if isinstance(said, float) and math.isfinite(said) and said.is_integer() else str(said)
    raise Odd("no text")


def truth(said: object) -> bool:
    """Yes or no, also as 1 and 0."""
    if isinstance(said, bool):
        return said
    known = _BOOLS.get(text(said).lower())
    if known is None:
        raise Odd("neither yes nor no")
    return known


_PLAIN: Final[Mapping[object, Reader]] = {
    int: whole,
    CrmId: crm_id,
    str: text,
    bool: truth,
    Any: lambda said: said,
    object: lambda said: said,
}


def _reader(hint: Any) -> Reader:  # noqa: ANN401 - whatever stands behind the colon of a field
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (only,) = (one for one in get_args(hint) if one is not NoneType)
        return _reader(only)
    if origin is list:
        return _list_of(_reader(get_args(hint)[0]))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint)
    raise TypeError(f"nobody knows how to read {hint}")


def _list_of(read_one: Reader) -> Reader:
    def read_list(said: object) -> list[Any]:
        rows = []
        for one in listed(said):
            try:
                rows.append(read_one(one))
            except Odd:
                continue
        return rows

    return read_list


@cache
def _dataclass(kind: Any) -> Reader:  # noqa: ANN401 - a class; to mypy, `type` is not hashable
    hints = get_type_hints(kind)
    parts = [
        (part.name, _reader(hints[part.name]), part.default is part.default_factory is dataclasses.MISSING)
        for part in dataclasses.fields(kind)
    ]

    def read_row(said: object) -> object:
        row, values = mapping(said), {}
        for name, read_part, is_needed in parts:
            try:
                values[name] = read_part(row.get(name))
            except Odd as odd:
                if is_needed:
                    raise Odd(f"{name}: {odd}") from None
        return kind(**values)

    return read_row
