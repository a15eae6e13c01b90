"""One HTTP request to amoCRM and its answer, or what is known if there is none."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

from carquery.domain.reason import Reason

DEADLINE_SECONDS: Final = 10.0
"""For the whole call: a server that drips keeps every limit of a part of it."""
CONNECT_SECONDS: Final = 5.0
MOST_AT_ONCE: Final = 8
LARGEST_ANSWER: Final = 10 * 1024 * 1024
"""Bytes."""


class NotSent(Exception):
    """amoCRM was not reached; nothing was done. The reason names no address: a phone may be in it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class AnswerLost(Exception):
    """The request was sent; whether it was done, nobody knows."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Parts:
    """What a request is made of, beside method and address."""

    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What amoCRM, or a server in front of it, said. `headers`: their names are in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_plain_text(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/plain")

    def json_or_none(self) -> object:
        """What it says; None: nothing, or that is no JSON, or none that anybody would send."""
        if not self.content:
            return None
        try:
            return msgspec.json.decode(self.content)
        except (ValueError, RecursionError):
            pass  # Python reads more: half of a character, NaN
        try:
            said: object = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return said

    def text(self, at_most: int) -> str:
        """Its first characters, in one line."""
        return " ".join(self.content[: at_most * 4].decode("utf-8", "replace").split())[:at_most]


def in_json(body: object) -> Parts:
    """A request whose body is that, as JSON."""
    try:
        encoded = msgspec.json.encode(body)
    except UnicodeEncodeError:  # half of a character
        encoded = json.dumps(body).encode()
    return Parts(headers={"Content-Type": "application/json"}, body=encoded)


class ObserveRequest(Protocol):
    """Is told of each request: its HTTP status, or `lost`, or `not_sent`, and the seconds until then. Never fails."""

    def __call__(self, outcome: str, seconds: float) -> None: ...


def unobserved(outcome: str, seconds: float) -> None:
    """Nobody counts."""


class Connections(Protocol):
    """What makes the requests."""

    async def answer(self, method: str, url: str, parts: Parts, *, deadline: float) -> Answer:
        """Raises NotSent, AnswerLost."""
        ...

    async def close(self) -> None: ...


@asynccontextmanager
async def open_http(
    observe: ObserveRequest = unobserved, *, deadline: float = DEADLINE_SECONDS, connect: float = CONNECT_SECONDS
) -> AsyncIterator["Http"]:
    """Connections that are opened when they are needed, and closed on leaving.

    Args:
        deadline: seconds that a request may take. `connect`: of them, until there is a connection.
    """
    http = Http(observe, deadline=deadline, connect=connect)
    try:
        yield http
    finally:
        await http.close()


class Http:
    """Makes requests. What makes them is imported with the first: a bot that delivers nothing does without it."""

    def __init__(self, observe: ObserveRequest, *, deadline: float, connect: float) -> None:
        self._observe = observe
        self._deadline = deadline
        self._connect = connect
        self._connections: Connections | None = None

    async def send(self, method: str, url: str, parts: Parts, *, deadline: float | None = None) -> Answer:
        """Make one request under one total deadline.

        Args:
            deadline: seconds; `None`: those of `open_http`.

        Raises:
            NotSent, AnswerLost.
        """
        if self._connections is None:
            from carquery.adapters.amocrm.connections import PooledConnections

            self._connections = PooledConnections(connect_seconds=self._connect)
        now = asyncio.get_running_loop().time
        began, outcome = now(), "lost"
        try:
            answer = await self._connections.answer(method, url, parts, deadline=deadline or self._deadline)
            outcome = str(answer.status)
        except NotSent:
            outcome = "not_sent"
            raise
        finally:
            self._observe(outcome, now() - began)
        return answer

    async def close(self) -> None:
        """Close what was opened."""
        if self._connections is not None:
            await self._connections.close()
