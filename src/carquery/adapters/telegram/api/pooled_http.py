"""HTTP for one bot: connections that are kept, and whatever becomes of a request, an answer or TelegramAway.

A proxy has errors of its own, so have TLS, the operating system and whoever answers in Telegram's place; no list of
them is complete. So everything that happens between sending a request and reading its answer means that Telegram is
away.
"""

import asyncio
import os
import socket
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

import certifi
from aiohappyeyeballs import start_connection

from carquery.adapters.telegram.api.failures import DIRECTLY, TelegramAway
from carquery.adapters.telegram.api.http_client import HttpAnswer
from carquery.adapters.telegram.api.http_connection import ConnectionBroken, HttpConnection

CONNECT_SECONDS: Final = 5
"""For the connection alone, TLS included, so that what was surely not sent can be told from what perhaps was."""
IDLE_SECONDS: Final = 15.0
"""A connection that was not used for longer may be about to end at the other side."""
MOST_CONNECTIONS: Final = 1000
"""So many that customers whose replies hang keep none from others."""
HAPPY_EYEBALLS_SECONDS: Final = 0.25
"""After it the next address is tried beside the first. Source: RFC 8305."""

_PATH: Final = "/:@!$&'()*+,;=~-._%"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection leads."""

    host: str
    port: int
    is_tls: bool


Connector: TypeAlias = Callable[[Origin], Awaitable[HttpConnection]]


class PooledHttp:
    """As `HttpClient` promises. `explain`: what a failed connection is in words; `remedy`: what to do about it."""

    def __init__(
        self,
        connect: Connector,
        explain: Callable[[BaseException], str],
        remedy: str,
        *,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._connect = connect
        self._explain = explain
        self._remedy = remedy
        self._idle_seconds = idle_seconds
        self._room = asyncio.Semaphore(MOST_CONNECTIONS)
        self._open: set[HttpConnection] = set()
        self._idle: defaultdict[Origin, deque[tuple[HttpConnection, float]]] = defaultdict(deque)

    async def post(self, url: str, body: bytes, *, seconds: float) -> HttpAnswer:
        origin, host, path = place_of(url)
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        return await self._exchange(origin, head.encode() + b"\r\n\r\n" + body, seconds)

    async def get(self, url: str, *, seconds: float) -> HttpAnswer:
        origin, host, path = place_of(url)
        return await self._exchange(origin, f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), seconds)

    async def close(self) -> None:
        """End all connections."""
        for connection in self._open:
            connection.close()
        await asyncio.sleep(0)  # asyncio closes their sockets in its next round

    async def _exchange(self, origin: Origin, request: bytes, seconds: float) -> HttpAnswer:
        is_sent = False
        try:
            async with asyncio.timeout(seconds), self._room:
                connection = self._kept(origin) or await self._new(origin)
                is_sent = True
                try:
                    answer = await connection.request(request)
                except BaseException:
                    connection.close()
                    raise
                finally:
                    self._put_back(origin, connection)
        except Exception as failure:  # see above
            raise TelegramAway(self._explain(failure), self._remedy, is_sent=is_sent) from failure
        return answer

    async def _new(self, origin: Origin) -> HttpConnection:
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await self._connect(origin)
        self._open.add(connection)
        return connection

    def _kept(self, origin: Origin) -> HttpConnection | None:
        """The one that was used last; those that were idle for too long are ended."""
        idle = self._idle[origin]
        too_long_ago = asyncio.get_running_loop().time() - self._idle_seconds
        while idle and idle[0][1] < too_long_ago:
            oldest, _ = idle.popleft()
            oldest.close()
            self._open.discard(oldest)
        while idle:
            connection, _ = idle.pop()
            if connection.is_open:
                return connection
            self._open.discard(connection)
        return None

    def _put_back(self, origin: Origin, connection: HttpConnection) -> None:
        """Keep it, if it goes on."""
        if connection.is_open:
            self._idle[origin].append((connection, asyncio.get_running_loop().time()))
        else:
            self._open.discard(connection)


@asynccontextmanager
async def pooled_http(proxy: str | None) -> AsyncIterator[PooledHttp]:
    """A client, closed on leaving. `proxy`: an http or socks5 URL; None: directly."""
    if proxy is None:
        http = PooledHttp(directly(trusting_certifi()), connection_in_words, DIRECTLY)
    else:
        # Imported here: only those who need a proxy wait for its library.
        from carquery.adapters.telegram.api import proxies

        http = PooledHttp(proxies.through(proxy), proxies.in_words, proxies.AT_PROXY)
    try:
        yield http
    finally:
        await http.close()


def trusting_certifi() -> ssl.SSLContext:
    """TLS with those whom Mozilla trusts, whatever this machine does."""
    return ssl.create_default_context(cafile=certifi.where())


def directly(trusted: ssl.SSLContext) -> Connector:
    """Connections without a proxy, to the first address that answers."""

    async def connect(origin: Origin) -> HttpConnection:
        loop = asyncio.get_running_loop()
        addresses = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        # asyncio can do the same by itself, uvloop can't.
        channel = await start_connection(
            addresses, happy_eyeballs_delay=HAPPY_EYEBALLS_SECONDS, interleave=1, loop=loop
        )
        return await speaking_http(channel, origin, trusted)

    return connect


async def speaking_http(channel: socket.socket, origin: Origin, trusted: ssl.SSLContext) -> HttpConnection:
    """HTTP on a socket that leads there, within TLS where that is asked for."""
    try:
        _, connection = await asyncio.get_running_loop().create_connection(
            HttpConnection,
            sock=channel,
            ssl=trusted if origin.is_tls else None,
            server_hostname=origin.host if origin.is_tls else None,
        )
    except BaseException:
        channel.close()
        raise
    return connection


def connection_in_words(failure: BaseException) -> str:
    """What happened to a connection. The texts of these errors hold addresses."""
    match failure:
        case TimeoutError():
            return "no answer in time"
        case socket.gaierror():
            return "its name can't be resolved"
        case ssl.SSLError():
            return "no trusted TLS connection"
        case OSError(errno=int(number)):
            return f"no connection ({os.strerror(number)})"
        case ConnectionBroken():
            return f"the connection broke ({failure})"
        case _:
            return f"no connection ({type(failure).__name__})"


@lru_cache(maxsize=64)
def place_of(url: str) -> tuple[Origin, str, str]:
    """Where a URL leads, the Host to name there, and the path; all in ASCII."""
    parts = urlsplit(url)
    name, is_tls = parts.hostname or "", parts.scheme == "https"
    if not name.isascii():
        name = name.encode("idna").decode()
    host = f"[{name}]" if ":" in name else name
    origin = Origin(name, parts.port or (443 if is_tls else 80), is_tls)
    return origin, host if parts.port is None else f"{host}:{parts.port}", quote(parts.path, safe=_PATH)
