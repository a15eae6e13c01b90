"""The parameters of one call, however they were sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.errors import bad_request


@dataclass(frozen=True, slots=True)
class UploadedFile:
    name: str
    content_type: str
    content: bytes

    def __str__(self) -> str:
        return f"<{self.name}, {len(self.content)} bytes>"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Read leniently, as the Bot API reads: a number may come as text, an object as JSON text."""

    values: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, UploadedFile] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)

    def integer(self, name: str) -> int | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return int(value)
        except ValueError as error:
            raise bad_request(f'field "{name}" must be an Integer') from error

    def flag(self, name: str) -> bool:
        return (self.text(name) or "").lower() in {"true", "1", "yes", "t", "y"}

    def structure(self, name: str) -> object:
        """A nested object or list; None if it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object") from error

    def upload(self, name: str, reference: str | None) -> UploadedFile | None:
        """The file sent as field `name`, or the one that `reference` («attach://…») points to."""
        if reference and reference.startswith("attach://"):
            return self.files.get(reference.removeprefix("attach://"))
        return self.files.get(name)

    def recorded(self) -> Json:
        """As the journal keeps them: JSON text opened up, files by name and size."""
        return {
            **{name: _opened(value) for name, value in self.values.items()},
            **{name: str(file) for name, file in self.files.items()},
        }


async def read_parameters(request: web.Request) -> Parameters:
    """Take the query string and the body: JSON, form-urlencoded or multipart."""
    values: dict[str, object] = dict(request.query)
    files: dict[str, UploadedFile] = {}
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError as error:
            raise bad_request("can't parse request JSON object") from error
        if not isinstance(body, dict):
            raise bad_request("request JSON must be an Object")
        values |= body
    elif request.can_read_body:
        for name, part in (await request.post()).items():
            if isinstance(part, web.FileField):
                files[name] = UploadedFile(part.filename, part.content_type, part.file.read())
            else:
                values[name] = part if isinstance(part, str) else bytes(part).decode()
    return Parameters(values, files)


def _opened(value: object) -> object:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
