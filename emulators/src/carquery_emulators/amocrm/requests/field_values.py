"""Custom fields' values: which an item may carry, and how they are shown."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from carquery_emulators.amocrm.account.rows import CustomField, Entity, Enum, Value
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.requests.items import Item, is_number
from carquery_emulators.kit.json_types import Json

MOST_VALUES = 40
"""Of one entity. Source: API v4, adding complex leads."""
LONGEST_TEXT = 256
"""Characters in a text field. Source: amocrm-api-php, issues 224 and 400: a longer text is refused."""

_CHOOSING = {"select", "radiobutton", "multiselect"}
_SEVERAL = {"multitext", "multiselect"}
_SAID = {"value", "enum_id", "enum_code", "enum"}

Filled: TypeAlias = dict[int, tuple[Value, ...]]


def read_values(item: Item, entity: Entity) -> Filled | None:
    """The fields that the item fills, with no values for those it empties; None if it says nothing about them."""
    if item.has("custom_fields_values"):
        return _read(item, item.body["custom_fields_values"], entity)
    return None


def values_to_json(world: World, entity: Entity, filled: Mapping[int, tuple[Value, ...]]) -> list[Json] | None:
    """What is filled, as the API shows it: null if nothing is. Fields that were deleted are not shown."""
    fields = world.fields(entity)
    shown = [
        {
            "field_id": field.id,
            "field_name": field.name,
            "field_code": field.code,
            "field_type": field.type,
            "values": [_value_to_json(value) for value in values],
        }
        for field_id, values in filled.items()
        if values and (field := fields.get(field_id)) is not None
    ]
    return shown or None


def _value_to_json(value: Value) -> Json:
    if value.enum is None:
        return {"value": value.value}
    return {"value": value.value, "enum_id": value.enum.id, "enum_code": value.enum.code}


def _read(item: Item, given: object, entity: Entity) -> Filled:
    filled: Filled = {}
    for place, body in enumerate(item.objects(given, "custom_fields_values") or ()):
        path = f"custom_fields_values.{place}"
        field = _field(item, body, entity, path)
        if field is not None:
            values = item.objects(body.get("values"), f"{path}.values") or ()
            if len(values) > 1 and field.type not in _SEVERAL:
                item.too_many(f"{path}.values", 1)
            read = [_value(item, field, value, f"{path}.values.{number}") for number, value in enumerate(values)]
            filled[field.id] = tuple(value for value in read if value is not None)
    if sum(len(values) for values in filled.values()) > MOST_VALUES:
        item.too_many("custom_fields_values", MOST_VALUES)
    return filled


def _field(item: Item, body: Mapping[str, Any], entity: Entity, path: str) -> CustomField | None:
    fields = item.world.fields(entity)
    field_id, code = body.get("field_id"), body.get("field_code")
    if field_id is None and code is None:
        item.missing(f"{path}.field_id")
        return None
    if field_id is not None and not isinstance(field_id, int):
        item.wrong_type(f"{path}.field_id", "int")
        return None
    by_code = next((field for field in fields.values() if field.code is not None and field.code == code), None)
    field = by_code if field_id is None else fields.get(field_id)
    if field is None:
        item.not_a_choice(f"{path}.{'field_code' if field_id is None else 'field_id'}")
    return field


def _value(item: Item, field: CustomField, body: Mapping[str, Any], path: str) -> Value | None:
    before = len(item.errors)
    has_options = field.type in _CHOOSING or field.type == "multitext"
    for name in body.keys() - ({"value"} if not has_options else _SAID):
        item.not_expected(f"{path}.{name}")
    if field.type in _CHOOSING:
        enum = _option(item, field, body, path)
        value = Value(enum.value, enum) if enum is not None else None
    else:
        _check(item, field, body, path)
        kind = _kind(item, field, body, path) if has_options else None
        value = Value(body.get("value"), kind)
    return value if len(item.errors) == before else None


def _option(item: Item, field: CustomField, body: Mapping[str, Any], path: str) -> Enum | None:
    """The option that is chosen by its number, its code or, letter by letter, its text."""
    tests: Mapping[str, Callable[[Enum], object]] = {
        "enum_id": lambda enum: enum.id,
        "enum_code": lambda enum: enum.code,
        "value": lambda enum: enum.value,
    }
    name = next((name for name in tests if body.get(name) is not None), None)
    if name is None:
        item.missing(f"{path}.value")
        return None
    chosen = next((enum for enum in field.enums if tests[name](enum) == body[name]), None)
    if chosen is None:
        item.not_a_choice(f"{path}.{name}")
    return chosen


def _kind(item: Item, field: CustomField, body: Mapping[str, Any], path: str) -> Enum | None:
    """Which kind of phone or address it is: the first one if nothing is said."""
    for name in ("enum_id", "enum_code", "enum"):
        if body.get(name) is not None:
            chosen = next((enum for enum in field.enums if body[name] in (enum.id, enum.code)), None)
            if chosen is None:
                item.not_a_choice(f"{path}.{name}")
            return chosen
    return field.enums[0] if field.enums else None


def _check(item: Item, field: CustomField, body: Mapping[str, Any], path: str) -> None:
    value, path = body.get("value"), f"{path}.value"
    if value is None:
        item.missing(path)
        return
    wanted, is_right = _TYPES.get(field.type, ("string", _is_text))
    if not is_right(value):
        item.wrong_type(path, wanted)
    elif field.type == "text" and len(value) > LONGEST_TEXT:
        item.too_long(path, LONGEST_TEXT)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_numeric(value: object) -> bool:
    """Numbers may come as text."""
    if not isinstance(value, str):
        return is_number(value)
    try:
        float(value)
    except ValueError:
        return False
    return True


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_moment(value: object) -> bool:
    """Unix seconds or RFC 3339."""
    if not isinstance(value, str):
        return is_number(value)
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_file(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("file_uuid"), str)


_TYPES: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "numeric": ("numeric", _is_numeric),
    "price": ("numeric", _is_numeric),
    "monetary": ("numeric", _is_numeric),
    "checkbox": ("bool", _is_flag),
    "date": ("int", _is_moment),
    "date_time": ("int", _is_moment),
    "birthday": ("int", _is_moment),
    "file": ("array", _is_file),
}
FIELD_TYPES = frozenset(_TYPES) | _CHOOSING | {"text", "textarea", "url", "streetaddress", "multitext", "tracking_data"}
"""The types that a custom field can be made of."""
