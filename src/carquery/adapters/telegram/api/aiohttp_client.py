"""HTTP by aiohttp: whatever becomes of a request, the caller gets an answer or TelegramAway.

A proxy has errors of its own, so have TLS, the operating system and whoever answers in Telegram's place; no list of
them is complete. So everything that happens between sending a request and reading its answer means that Telegram is
away.
"""

import os
import ssl
from asyncio import IncompleteReadError
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import certifi
from aiohttp import (
    BaseConnector,
    BytesPayload,
    ClientConnectorDNSError,
    ClientError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractStreamWriter

from carquery.adapters.telegram.api.failures import DIRECTLY, TelegramAway
from carquery.adapters.telegram.api.http_client import HttpAnswer

CONNECT_SECONDS: Final = 5
"""For the connection alone, so that what was surely not sent can be told from what perhaps was."""
MOST_CONNECTIONS: Final = 1000
"""So many that customers whose replies hang keep none from others."""
NAMES_KEPT_SECONDS: Final = 3600
"""An address that was resolved is used for so long."""


class _Body(BytesPayload):
    """What is posted; it knows whether it was asked for, which is when a connection stands."""

    is_sent = False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        self.is_sent = True
        await super().write_with_length(writer, content_length)


@dataclass(frozen=True, slots=True)
class AiohttpClient:
    """One session. `explain`: what a failed connection is in words; `remedy`: what to do about it."""

    session: ClientSession
    explain: Callable[[BaseException], str]
    remedy: str

    async def post(self, url: str, body: bytes, *, seconds: float) -> HttpAnswer:
        posted = _Body(body, content_type="application/json")
        try:
            async with self.session.post(url, data=posted, timeout=_limit(seconds)) as answer:
                return HttpAnswer(answer.status, await answer.read())
        except Exception as failure:  # see above
            raise TelegramAway(self.explain(failure), self.remedy, is_sent=posted.is_sent) from failure

    async def get(self, url: str, *, seconds: float) -> HttpAnswer:
        try:
            async with self.session.get(url, timeout=_limit(seconds)) as answer:
                return HttpAnswer(answer.status, await answer.read())
        except Exception as failure:  # see above
            raise TelegramAway(self.explain(failure), self.remedy, is_sent=True) from failure


@asynccontextmanager
async def aiohttp_client(proxy: str | None) -> AsyncIterator[AiohttpClient]:
    """A client, closed on leaving. `proxy`: an http or socks5 URL; None: directly."""
    connector: BaseConnector
    if proxy is None:
        trusted = ssl.create_default_context(cafile=certifi.where())
        connector = TCPConnector(ssl=trusted, limit=MOST_CONNECTIONS, ttl_dns_cache=NAMES_KEPT_SECONDS)
        explain, remedy = connection_in_words, DIRECTLY
    else:
        # Imported here: only those who need a proxy wait for its library.
        from carquery.adapters.telegram.api import proxies

        connector = proxies.connector(proxy, limit=MOST_CONNECTIONS)
        explain, remedy = proxies.in_words, proxies.AT_PROXY
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session:
        yield AiohttpClient(session, explain, remedy)


def connection_in_words(failure: BaseException) -> str:
    """What happened to a connection. The texts of these errors hold addresses, and some of them the token."""
    match failure:
        case TimeoutError():
            return "no answer in time"
        case IncompleteReadError():
            return "the connection broke"
        case ClientConnectorDNSError():
            return "its name can't be resolved"
        case ClientSSLError():
            return "no trusted TLS connection"
        case OSError(errno=int(number)):
            return f"no connection ({os.strerror(number)})"
        case ClientError():
            return f"the connection broke ({type(failure).__name__})"
        case _:
            return f"no connection ({type(failure).__name__})"


@lru_cache(maxsize=16)
def _limit(seconds: float) -> ClientTimeout:
    return ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
