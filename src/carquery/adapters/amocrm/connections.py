"""Connections to amoCRM, by httpx."""

import asyncio
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

import httpx

from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.transport import LARGEST_ANSWER, MOST_AT_ONCE, Answer, AnswerLost, NotSent

KEPT_ALIVE_SECONDS: Final = 4.0
"""Shorter than servers keep an idle connection, so that a request is rarely written into one that they have closed."""


class HttpxConnections:
    """A pool. Redirects are not followed: they would take the bearer along.

    Args:
        deadline: seconds that each phase of a request may take. `connect`: until there is a connection.
    """

    def __init__(self, *, deadline: float, connect: float) -> None:
        self._pool = httpx.AsyncClient(
            follow_redirects=False,
            timeout=httpx.Timeout(deadline, connect=connect),
            limits=httpx.Limits(
                max_connections=MOST_AT_ONCE,
                max_keepalive_connections=MOST_AT_ONCE,
                keepalive_expiry=KEPT_ALIVE_SECONDS,
            ),
            headers={"User-Agent": f"CarQuery/{version('carquery')}"},
        )

    async def answer(self, method: str, url: str, parts: Mapping[str, Any], *, deadline: float) -> Answer:
        """As `Connections` promises."""
        try:
            async with asyncio.timeout(deadline), self._pool.stream(method, url, **dict(parts)) as response:
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

    async def close(self) -> None:
        """Close them all."""
        await self._pool.aclose()
