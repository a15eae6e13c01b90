"""A request that has arrived whole, and who answers it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Literal, TypeAlias

from carquery_emulators.amocrm.requests.answers import problem
from carquery_emulators.kit.answers import Answer, Refused
from carquery_emulators.kit.json_types import read_json

Host: TypeAlias = Literal["account", "drive"]


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request.

    Attributes:
        origin: scheme, host and port it came to.
        headers: without regard to upper and lower case.
        names: what the path's placeholders stand for.
        user_id: whose token it carries; 0 where none is needed.
    """

    host: Host
    origin: str
    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    names: Mapping[str, str] = field(default_factory=dict)
    user_id: int = 0

    def json(self) -> object:
        """The body. Raises Refused."""
        if not self.body:
            raise Refused(problem(HTTPStatus.BAD_REQUEST, "Request data can not be empty"))
        try:
            return read_json(self.body)
        except ValueError as error:
            raise Refused(problem(HTTPStatus.BAD_REQUEST, "Invalid request body")) from error

    def asked(self, name: str) -> str | None:
        """A parameter of the query."""
        return next((value for key, value in self.query if key == name), None)

    def number(self, name: str) -> int:
        """The number in the path."""
        return int(self.names[name])

    @property
    def bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ").strip()


Act: TypeAlias = Callable[[ApiCall], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`path` has placeholders: `{id}` is a number, `{uuid}` hexadecimal."""

    method: str
    path: str
    handler: Act

    def match(self, path: str) -> Mapping[str, str] | None:
        """What the placeholders stand for; `None` if it is another path."""
        pattern = self.path.replace("{id}", r"(?P<id>\d+)").replace("{inner}", r"(?P<inner>\d+)")
        found = re.fullmatch(pattern.replace("{uuid}", r"(?P<uuid>[0-9a-f-]+)"), path)
        return None if found is None else found.groupdict()


@dataclass(frozen=True, slots=True)
class Router:
    """All that a host can be asked; anything else is 404 or 405."""

    routes: Sequence[Route]

    def answer(self, call: ApiCall) -> Answer:
        """Do what is asked."""
        fitting = [(route, names) for route in self.routes if (names := route.match(call.path)) is not None]
        for route, names in fitting:
            if route.method == call.method:
                try:
                    return route.handler(replace(call, names=names))
                except Refused as refused:
                    return refused.answer
        if fitting:
            return problem(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed")
        return problem(HTTPStatus.NOT_FOUND, "Page not found")
