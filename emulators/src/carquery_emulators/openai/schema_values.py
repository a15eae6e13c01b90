"""Values and schemas: what constrained decoding lets a model say, and what it does not."""

import re

from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.strict_schema import resolved, types_of

_MISSING = object()
_EMPTY = {"string": "", "integer": 0, "number": 0, "boolean": False}


def fitted(schema: Json, value: Json) -> Json:
    """As a model held to the schema would say it.

    What is missing becomes null or, where that is not allowed, empty; properties the schema does not know are left out;
    everything else stays, right or wrong.
    """
    return _fit_object(schema, schema, value)


def misfit(schema: Json, value: object) -> str | None:
    """Where the value breaks the schema, and how; `None` if it does not."""
    return _misfit(schema, schema, value, "$")


def _fit(root: Json, given: Json, value: object) -> object:
    node = resolved(root, given)
    if "anyOf" in node:
        return _fit_one(root, node["anyOf"], value)
    types = types_of(node)
    if value is _MISSING:
        return _nothing(root, node, types)
    if "object" in types and isinstance(value, dict):
        return _fit_object(root, node, value)
    if "array" in types and isinstance(value, list):
        return [_fit(root, node["items"], item) for item in value]
    return value


def _fit_object(root: Json, node: Json, value: Json) -> Json:
    return {name: _fit(root, member, value.get(name, _MISSING)) for name, member in node.get("properties", {}).items()}


def _fit_one(root: Json, variants: list[Json], value: object) -> object:
    """As it is, if it fits a variant; else by the first variant that can make it fit; else by the first one."""
    known = None if value is _MISSING else value
    if any(_misfit(root, variant, known, "$") is None for variant in variants):
        return known
    attempts = [_fit(root, variant, value) for variant in variants]
    fitting = (
        attempt
        for variant, attempt in zip(variants, attempts, strict=True)
        if _misfit(root, variant, attempt, "$") is None
    )
    return next(fitting, attempts[0])


def _nothing(root: Json, node: Json, types: tuple[str, ...]) -> object:
    if "const" in node:
        return node["const"]
    if "null" in types:
        return None
    if "enum" in node:
        return None if None in node["enum"] else node["enum"][0]
    if "object" in types:
        return _fit_object(root, node, {})
    return [] if "array" in types else _EMPTY[types[0]]


def _misfit(root: Json, given: Json, value: object, path: str) -> str | None:
    node = resolved(root, given)
    if "anyOf" in node:
        misfits = [_misfit(root, variant, value, path) for variant in node["anyOf"]]
        return None if None in misfits else misfits[0]
    if "const" in node and value != node["const"]:
        return f"{path} is not {node['const']!r}"
    if "enum" in node and value not in node["enum"]:
        return f"{path} is {value!r}, which is none of {node['enum']!r}"
    types = types_of(node)
    if types and not any(_is_of(name, value) for name in types):
        return f"{path} is {value!r}, which is not of type {' or '.join(types)}"
    return _misfit_within(root, node, value, path)


def _misfit_within(root: Json, node: Json, value: object, path: str) -> str | None:
    match value:
        case dict():
            properties = node.get("properties", {})
            if value.keys() != properties.keys():
                return f"{path} has {sorted(value)}, not {sorted(properties)}"
            parts = [(properties[name], value[name], f"{path}.{name}") for name in properties]
        case list():
            if not node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value)):
                return f"{path} has {len(value)} items"
            parts = [(node["items"], item, f"{path}[{number}]") for number, item in enumerate(value)]
        case str():
            wrong = "pattern" in node and re.search(node["pattern"], value) is None
            return f"{path} does not match {node['pattern']}" if wrong else None
        case int() | float() if not isinstance(value, bool):
            return None if _is_in_range(node, value) else f"{path} is {value}, out of range"
        case _:
            return None
    found = (_misfit(root, member, item, where) for member, item, where in parts)
    return next((wrong for wrong in found if wrong is not None), None)


def _is_of(name: str, value: object) -> bool:
    match name:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)


def _is_in_range(node: Json, value: float) -> bool:
    return (
        node.get("minimum", value) <= value <= node.get("maximum", value)
        and ("exclusiveMinimum" not in node or value > node["exclusiveMinimum"])
        and ("exclusiveMaximum" not in node or value < node["exclusiveMaximum"])
    )
