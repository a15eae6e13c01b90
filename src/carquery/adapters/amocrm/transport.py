"""One HTTP request to amoCRM and its answer, or what is known if there is none."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, Protocol

import httpx

from carquery.adapters.amocrm.reasons import AmoReason
from carquery.domain.reason import Reason

DEADLINE_SECONDS: Final = 10.0
"""For the whole call: httpx's own limits are for each phase, and a server that drips keeps every one of them."""
CONNECT_SECONDS: Final = 5.0
KEPT_ALIVE_SECONDS: Final = 4.0
"""Shorter than servers keep an idle connection, so that a request is rarely written into one that they have closed."""
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


@asynccontextmanager
async def open_http(
    observe: ObserveRequest = unobserved, *, deadline: float = DEADLINE_SECONDS, connect: float = CONNECT_SECONDS
) -> AsyncIterator["Http"]:
    """A pool of connections, closed on leaving. Redirects are not followed: they would take the bearer along.

    Args:
        deadline: seconds that a request may take. `connect`: of them, until there is a connection.
    """
    async with httpx.AsyncClient(
        follow_redirects=False,
        timeout=httpx.Timeout(deadline, connect=connect),
        limits=httpx.Limits(
            max_connections=MOST_AT_ONCE,
            max_keepalive_connections=MOST_AT_ONCE,
            keepalive_expiry=KEPT_ALIVE_SECONDS,
        ),
        headers={"User-Agent": f"CarQuery/{version('carquery')}"},
    ) as pool:
        yield Http(pool, observe, deadline)


@dataclass(frozen=True, slots=True)
class Http:
    """Makes requests."""

    pool: httpx.AsyncClient
    observe: ObserveRequest
    deadline: float

    async def send(self, method: str, url: str, parts: Mapping[str, Any], *, deadline: float | None = None) -> Answer:
        """Make one request under one total deadline.

        Args:
            parts: what httpx takes by name: `params`, `headers`, `json`, `content`.
            deadline: seconds; `None`: those of the pool.

        Raises:
            NotSent, AnswerLost.
        """
        now = asyncio.get_running_loop().time
        began, outcome = now(), "lost"
        try:
            answer = await _answer(self.pool, method, url, parts, deadline or self.deadline)
            outcome = str(answer.status)
        except NotSent:
            outcome = "not_sent"
            raise
        finally:
            self.observe(outcome, now() - began)
        return answer


async def _answer(pool: httpx.AsyncClient, method: str, url: str, parts: Mapping[str, Any], deadline: float) -> Answer:
    try:
        async with asyncio.timeout(deadline), pool.stream(method, url, **dict(parts)) as response:
            content = bytearray()
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > LARGEST_ANSWER:
                    raise AnswerLost(AmoReason.TOO_LONG(most=LARGEST_ANSWER))
            return Answer(response.status_code, response.headers, bytes(content))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotSent(AmoReason.NO_CONNECTION(kind=type(error).__name__)) from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise NotSent(AmoReason.BAD_ADDRESS(kind=type(error).__name__)) from None
    except UnicodeEncodeError:  # its text would show the token
        raise NotSent(AmoReason.ODD_TOKEN()) from None
    except TimeoutError:
        raise AnswerLost(AmoReason.NO_ANSWER(seconds=f"{deadline:g}")) from None
    except httpx.HTTPError as error:
        raise AnswerLost(AmoReason.CONNECTION_BROKE(kind=type(error).__name__)) from None
