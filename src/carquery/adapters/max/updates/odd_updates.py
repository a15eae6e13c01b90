"""An update that is not what MAX says, read as far as it can be: what is odd costs only itself."""

import json
from types import NoneType
from typing import TypeVar, get_args

import msgspec
from msgspec import Struct

from carquery.adapters.messenger.odd_json import mended

S = TypeVar("S", bound=Struct)


def read_leniently(raw: bytes, into: type[S]) -> S | None:
    """What of it can be read, and the rest as if it were missing; `None`: what must be there is not."""
    readable = mended(raw)
    return None if readable is None else _struct(json.loads(readable), into)


def _struct(value: object, into: type[S]) -> S | None:
    if not isinstance(value, dict):
        return None
    fields = msgspec.structs.fields(into)
    read = {field.encode_name: _value(value.get(field.encode_name), field.type) for field in fields}
    there = {name: one for name, one in read.items() if one is not None}
    try:
        return msgspec.convert(there, into, from_attributes=True)
    except msgspec.ValidationError:  # something that must be there is not
        return None


def _value(value: object, kind: object) -> object:
    """As that type, with numbers written as texts, and texts as numbers, too; None: it can't be."""
    if value is None:
        return None
    kinds = get_args(kind)
    inner = next(one for one in kinds if one is not NoneType) if NoneType in kinds else kind
    if isinstance(inner, type) and issubclass(inner, Struct):
        return _struct(value, inner)
    match get_args(inner):
        case (item, last) if last is Ellipsis:
            return tuple(_value(one, item) for one in value) if isinstance(value, list) else ()
    if inner is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    try:
        return msgspec.convert(value, inner, strict=False)
    except msgspec.ValidationError:
        return None
