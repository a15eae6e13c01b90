"""One HTTP request to amoCRM and its answer, or what is known if there is none."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from carquery.domain.reason import Reason

DEADLINE_SECONDS: Final = 10.0
"""For the whole call: httpx's own limits are for each phase, and a server that drips keeps every one of them."""
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
class Answer:
    """What amoCRM, or a server in front of it, said."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_plain_text(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/plain")

    def json_or_none(self) -> object:
        """What it says; None: that is no JSON, or none that anybody would send."""
        try:
            said: object = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return said

    def text(self, at_most: int) -> str:
        """Its first characters, in one line."""
        return " ".join(self.content[: at_most * 4].decode("utf-8", "replace").split())[:at_most]


class ObserveRequest(Protocol):
    """Is told of each request: its HTTP status, or `lost`, or `not_sent`, and the seconds until then. Never fails."""

    def __call__(self, outcome: str, seconds: float) -> None: ...


def unobserved(outcome: str, seconds: float) -> None:
    """Nobody counts."""


class Connections(Protocol):
    """What makes the requests."""

    async def answer(self, method: str, url: str, parts: Mapping[str, Any], *, deadline: float) -> Answer:
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

    async def send(self, method: str, url: str, parts: Mapping[str, Any], *, deadline: float | None = None) -> Answer:
        """Make one request under one total deadline.

        Args:
            parts: what httpx takes by name: `params`, `headers`, `json`, `content`.
            deadline: seconds; `None`: those of `open_http`.

        Raises:
            NotSent, AnswerLost.
        """
        if self._connections is None:
            from carquery.adapters.amocrm.connections import HttpxConnections

            self._connections = HttpxConnections(deadline=self._deadline, connect=self._connect)
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
