"""Which schemas strict structured output takes. Source: OpenAI's guide «Structured Outputs», «Supported schemas»."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from carquery_emulators.kit.json_types import Json

MOST_PROPERTIES = 5000
MOST_LEVELS = 10
MOST_ENUM_VALUES = 1000
MOST_CHARACTERS = 120_000  # of all names and enum values together
_Kinds: TypeAlias = tuple[type, ...]
_NUMBER: _Kinds = (int, float)
_KINDS: Mapping[str, _Kinds] = {
    "$defs": (dict,),
    "$ref": (str,),
    "additionalProperties": (bool, dict),
    "anyOf": (list,),
    "const": (),
    "definitions": (dict,),
    "description": (str,),
    "enum": (list,),
    "exclusiveMaximum": _NUMBER,
    "exclusiveMinimum": _NUMBER,
    "format": (str,),
    "items": (dict,),
    "maxItems": (int,),
    "maximum": _NUMBER,
    "minItems": (int,),
    "minimum": _NUMBER,
    "multipleOf": _NUMBER,
    "pattern": (str,),
    "properties": (dict,),
    "required": (list,),
    "title": (str,),
    "type": (str, list),
}
"""Whatever the guide does not list is refused here: severe where the API may have become more lenient meanwhile."""
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_Path = tuple[str, ...]


class SchemaRefused(Exception):
    """The schema is outside of what strict mode takes; the message is the API's."""


def check_strict(schema: Json) -> None:
    """Raises SchemaRefused."""
    if schema.get("type") != "object":
        raise SchemaRefused(f"schema must be a JSON Schema of 'type: \"object\"', got 'type: {_shown(schema)}'.")
    nodes = list(_nodes(schema, (), schema, 1))
    for path, node in nodes:
        _check(schema, path, node)
    _check_size([node for _, node in nodes])


def resolved(root: Json, node: Json) -> Json:
    """What a `$ref` stands for. Raises SchemaRefused: nothing, or only itself."""
    seen: set[str] = set()
    while "$ref" in node:
        ref = str(node["$ref"])
        target: object = root if ref.startswith("#") and ref not in seen else None
        for name in ref.removeprefix("#").split("/")[1:]:
            target = target.get(name) if isinstance(target, dict) else None
        if not isinstance(target, dict):
            raise SchemaRefused(f"reference to component {ref!r} which was not found in the schema.")
        seen.add(ref)
        node = target
    return node


def _nodes(root: Json, path: _Path, node: object, level: int) -> Iterator[tuple[_Path, Json]]:
    """The schema and all in it, with the way to each; `level` counts objects and arrays around it."""
    if not isinstance(node, dict):
        raise SchemaRefused(f"In context={path}, {json.dumps(node)} is not of type 'object', 'boolean'.")
    if level > MOST_LEVELS:
        raise SchemaRefused(f"{level} levels of nesting exceeds limit of {MOST_LEVELS}.")
    _check_keywords(path, node)
    yield path, node
    for group in ("properties", "$defs", "definitions"):
        members = node.get(group, {})
        for name, member in members.items():
            yield from _nodes(root, (*path, group, name), member, level + 1 if group == "properties" else 1)
    if "items" in node:
        yield from _nodes(root, (*path, "items"), node["items"], level + 1)
    for number, variant in enumerate(node.get("anyOf", ())):
        yield from _nodes(root, (*path, "anyOf", str(number)), variant, level)


def _check_keywords(path: _Path, node: Json) -> None:
    """Every keyword is known and of the right kind, so that nobody further on has to ask."""
    for keyword, value in node.items():
        if keyword not in _KINDS:
            raise SchemaRefused(f"In context={path}, '{keyword}' is not permitted.")
        kinds = _KINDS[keyword]
        if kinds and not isinstance(value, kinds):
            raise SchemaRefused(f"In context={path}, {json.dumps(value)} is not a valid '{keyword}'.")
    for keyword in ("anyOf", "enum", "type"):
        if node.get(keyword) == []:
            raise SchemaRefused(f"In context={path}, '{keyword}' must not be empty.")
    try:
        re.compile(node.get("pattern", ""))
    except re.error as error:
        raise SchemaRefused(f"In context={path}, 'pattern' is no regular expression: {error}.") from error


def _check(root: Json, path: _Path, node: Json) -> None:
    if "$ref" in node:
        resolved(root, node)
        if len(node) > 1:
            other = next(keyword for keyword in node if keyword != "$ref")
            raise SchemaRefused(f"context={path}, $ref cannot have keywords {{'{other}'}}.")
        return
    if not node.keys() & {"type", "anyOf", "enum", "const"}:
        raise SchemaRefused(f"In context={path}, schema must have a 'type' key.")
    types = types_of(node)
    for name in types:
        if name not in _TYPES:
            raise SchemaRefused(f"In context={path}, {json.dumps(name)} is not a valid type.")
    if "array" in types and "items" not in node:
        raise SchemaRefused(f"In context={path}, array schema missing items.")
    if "object" in types or "properties" in node:
        _check_object(path, node)


def _check_object(path: _Path, node: Json) -> None:
    if node.get("additionalProperties") is not False:
        raise SchemaRefused(f"In context={path}, 'additionalProperties' is required to be supplied and to be false.")
    properties = node.get("properties", {})
    required = node.get("required", ())
    missing = next((name for name in properties if name not in required), None)
    if missing is not None:
        raise SchemaRefused(
            f"In context={path}, 'required' is required to be supplied and to be an array including every key in "
            f"properties. Missing '{missing}'."
        )
    extra = next((name for name in required if name not in properties), None)
    if extra is not None:
        raise SchemaRefused(
            f"In context={path}, 'required' is not a subset of properties. Extra required key '{extra}'."
        )


def _check_size(nodes: list[Json]) -> None:
    names = [name for node in nodes for name in node.get("properties", ())]
    values = [value for node in nodes for value in node.get("enum", ())]
    for what, count, most in (
        ("properties", len(names), MOST_PROPERTIES),
        ("enum values", len(values), MOST_ENUM_VALUES),
        ("characters in names and enum values", sum(len(str(word)) for word in (*names, *values)), MOST_CHARACTERS),
    ):
        if count > most:
            raise SchemaRefused(f"{count} {what} exceeds limit of {most}.")


def types_of(node: Json) -> tuple[str, ...]:
    """The types a schema names, one or several."""
    named = node.get("type", ())
    return (named,) if isinstance(named, str) else tuple(str(name) for name in named)


def _shown(schema: Json) -> str:
    return json.dumps(schema.get("type", "None"))
