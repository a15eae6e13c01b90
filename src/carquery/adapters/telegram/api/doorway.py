"""Connections from the whole world: not too many at once, and none that only holds its place.

aiohttp limits how long a body takes and how long a connection idles between requests, but not how long the first
request's head takes. Behind nginx that is its work; without it, half a head would hold a file descriptor for ever.
"""

import asyncio
from typing import Final, cast

from aiohttp import web

HEAD_SECONDS: Final = 10.0
MOST_CONNECTIONS: Final = 512
"""Telegram keeps as many as it may bring updates at once; a proxy in front of us some more."""


class GuardedSite(web.BaseSite):
    """A listening socket. What has said nothing whole within `head_seconds`, and what is too many, is cut off."""

    def __init__(
        self,
        runner: web.AppRunner,
        host: str,
        port: int,
        *,
        head_seconds: float = HEAD_SECONDS,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        super().__init__(runner)
        self._host = host
        self._port = port
        self._head_seconds = head_seconds
        self._most = most
        self._open: set[_Connection] = set()

    @property
    def name(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Raises OSError: it can't be listened on."""
        await super().start()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, self._host, self._port, backlog=self._backlog)

    def _connection(self) -> "_Connection":
        if self._runner.server is None:
            raise AssertionError("a runner that was set up has one")
        return _Connection(self._runner.server(), self._open, self._most, self._head_seconds)


class _Connection(asyncio.Protocol):
    """aiohttp's own protocol, watched until the head of its first request has come."""

    def __init__(self, http: asyncio.Protocol, others: "set[_Connection]", most: int, head_seconds: float) -> None:
        self._http = http
        self._others = others
        self._most = most
        self._head_seconds = head_seconds
        self._end_of_head = bytearray()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        tcp = cast("asyncio.Transport", transport)  # uvloop's are not, by type
        self._http.connection_made(tcp)
        if len(self._others) >= self._most:
            tcp.abort()
            return
        self._others.add(self)
        self._timer = asyncio.get_running_loop().call_later(self._head_seconds, tcp.abort)

    def data_received(self, data: bytes) -> None:
        if self._timer is not None:
            self._end_of_head += data
            if b"\r\n\r\n" in self._end_of_head or b"\n\n" in self._end_of_head:
                self._forget_timer()
            else:
                del self._end_of_head[:-3]
        self._http.data_received(data)

    def eof_received(self) -> bool | None:
        return self._http.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_timer()
        self._others.discard(self)
        self._http.connection_lost(exc)

    def pause_writing(self) -> None:
        self._http.pause_writing()

    def resume_writing(self) -> None:
        self._http.resume_writing()

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._end_of_head.clear()
