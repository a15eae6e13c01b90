"""What a call says: its path, its query and its JSON body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from carquery_emulators.kit.json_types import Json, read_json
from carquery_emulators.max.api.errors import bad_payload

_WHOLE = re.compile(r"-?[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class MaxRequest:
    """A call. `path` holds what stands in the path besides the names: a message's id, a chat's."""

    query: Mapping[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A parameter of the query or the path; None if it is missing or empty."""
        return self.path.get(name) or self.query.get(name) or None

    def needed(self, name: str) -> str:
        """Raises MaxError: it is missing."""
        given = self.text(name)
        if given is None:
            raise bad_payload(f"{name}: must not be empty")
        return given

    def whole(self, name: str) -> int | None:
        """Raises MaxError: it is no number."""
        given = self.text(name)
        if given is None:
            return None
        if _WHOLE.fullmatch(given) is None:
            raise bad_payload(f"{name}: {given!r} is not a number")
        return int(given)

    def within(self, name: str, lowest: int, highest: int, *, default: int) -> int:
        """Raises MaxError: it is no number of this range."""
        given = self.whole(name)
        if given is None:
            return default
        if not lowest <= given <= highest:
            raise bad_payload(f"{name}: must be between {lowest} and {highest}")
        return given

    def recorded(self) -> Json:
        """As the journal keeps it."""
        return {**self.query, **self.path, **self.body}


async def read_asked(request: web.Request) -> MaxRequest:
    """Raises MaxError: there is a body, and it is no JSON object."""
    body: Json = {}
    if request.method in {"POST", "PUT", "PATCH"} and request.can_read_body:
        content = await request.read()
        try:
            given = read_json(content) if content.strip() else {}
        except ValueError as error:
            raise bad_payload("Can't deserialize body") from error
        if not isinstance(given, dict):
            raise bad_payload("Can't deserialize body")
        body = given
    return MaxRequest(dict(request.query), body, dict(request.match_info))
