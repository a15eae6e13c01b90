"""What a request asks for, whichever endpoint it came to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carquery_emulators.kit.answers import Refused
from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.answers import invalid, model_not_found
from carquery_emulators.openai.models import MODELS, Model
from carquery_emulators.openai.parameters import Parameter, as_array, as_object, check, need, need_choice, need_object
from carquery_emulators.openai.strict_schema import SchemaRefused, check_strict

ROLES = ("system", "developer", "user", "assistant")
_TEXT = Parameter("string")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class InputMessage:
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Format:
    """The answer is to be JSON of this schema."""

    name: str
    schema: Json
    description: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is right. `max_output` None: the model's own limit; `where`: the parameter with the messages."""

    model: Model
    messages: Sequence[InputMessage]
    format: Format
    max_output: int | None
    where: str

    @property
    def message(self) -> str:
        """The last thing a user said."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the schema's envelope stands in the request, and with which words a schema is refused there."""

    path: str
    schema_param: str
    schema_code: str | None


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an endpoint writes messages: where, with what beside role and content, and in which types of content."""

    where: str
    in_message: Mapping[str, Parameter]
    user_part: str
    assistant_part: str


def read_model(body: Json) -> Model:
    """Raises Refused: there is no such model."""
    name = str(need(body, "model"))
    if name not in MODELS:
        raise Refused(model_not_found(name))
    return MODELS[name]


def read_format(body: Json, place: Place) -> Format:
    """A strict schema. The API takes one that is not strict too; here nobody may forget it.

    Raises:
        Refused: `strict` is not true, something is missing, or the schema is not one of strict mode.
    """
    known = {"name": _TEXT, "schema": Parameter("object"), "strict": Parameter("boolean"), "description": _TEXT}
    check({name: value for name, value in body.items() if name != "type"}, known, where=place.path)
    name = str(need(body, "name", where=place.path))
    if _NAME.fullmatch(name) is None:
        raise invalid(
            f"Invalid '{place.path}name': string does not match pattern. Expected a string that matches the pattern "
            f"'^[a-zA-Z0-9_-]+$', at most 64 characters.",
            param=f"{place.path}name",
            code="invalid_value",
        )
    schema = need_object(body, "schema", where=place.path)
    if need(body, "strict", where=place.path) is not True:
        raise invalid(
            f"Invalid value: 'false'. This emulator serves strict schemas only: '{place.path}strict' must be true.",
            param=f"{place.path}strict",
            code="invalid_value",
        )
    try:
        check_strict(schema)
    except SchemaRefused as refused:
        raise invalid(
            f"Invalid schema for response_format '{name}': {refused}", param=place.schema_param, code=place.schema_code
        ) from refused
    return Format(name, schema, str(body.get("description") or ""))


def read_messages(given: object, dialect: Dialect) -> list[InputMessage]:
    """A conversation. Raises Refused."""
    items = as_array(given, dialect.where)
    if not items:
        raise invalid(
            f"Invalid '{dialect.where}': empty array. Expected an array with minimum length 1, but got an empty array "
            "instead.",
            param=dialect.where,
            code="empty_array",
        )
    return [_read_message(item, f"{dialect.where}[{number}]", dialect) for number, item in enumerate(items)]


def _read_message(given: object, where: str, dialect: Dialect) -> InputMessage:
    item = as_object(given, where)
    served = {"role": _TEXT, **dialect.in_message}
    check({key: value for key, value in item.items() if key != "content"}, served, where=f"{where}.")
    role = need_choice(item, "role", ROLES, where=f"{where}.")
    content = need(item, "content", where=f"{where}.")
    if isinstance(content, str):
        return InputMessage(role, content)
    kind = dialect.assistant_part if role == "assistant" else dialect.user_part
    parts = enumerate(as_array(content, f"{where}.content"))
    return InputMessage(role, "\n".join(_read_part(part, f"{where}.content[{number}]", kind) for number, part in parts))


def _read_part(given: object, where: str, kind: str) -> str:
    part = as_object(given, where)
    check(part, {"type": _TEXT, "text": _TEXT}, where=f"{where}.")
    need_choice(part, "type", [kind], where=f"{where}.")
    return str(need(part, "text", where=f"{where}."))
