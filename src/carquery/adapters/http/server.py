"""A door to the whole world that speaks HTTP/1.1: few connections, and none that only holds its place.

A request's head is judged before its body is read. One connection takes one request at a time; who sends the next one
before the answer to the last is let go after that. The parser is llhttp.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, cast

import structlog
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url

log = structlog.get_logger(__name__)

LARGEST_HEAD: Final = 64 * 1024
"""Bytes."""


_NOBODYS: Final = HttpRequestParser(object())


@dataclass(frozen=True, slots=True)
class RequestHead:
    """What comes before a body. `headers`: their names are in small letters."""

    method: bytes
    path: bytes
    headers: Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `headers`: beside length and connection."""

    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def written(self, *, is_last: bool) -> bytes:
        """On the wire. `is_last`: the connection ends with it."""
        lines = [f"HTTP/1.1 {self.status.value} {self.status.phrase}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if is_last:
            lines.append("Connection: close")
        return "\r\n".join((*lines, "\r\n")).encode() + self.body


@dataclass(frozen=True, slots=True)
class DoorTimes:
    """Seconds, and how much there may be.

    Attributes:
        head: for a request's head, from when its connection stands.
        body: for what follows it.
        idle: until the next request on the same connection.
        largest: bytes of a body.
        most: connections; more are cut off.
    """

    head: float = 10.0
    body: float = 10.0
    idle: float = 75.0
    largest: int = 1024 * 1024
    most: int = 512


@dataclass(frozen=True, slots=True)
class Site:
    """What answers.

    Attributes:
        refuse: the answer to a head whose body is not wanted; None: it is.
        answer: the answer to a whole request.
    """

    refuse: Callable[[RequestHead], Response | None]
    answer: Callable[[bytes], Awaitable[Response]]


class HttpServer:
    """Listens from `start` to `close`."""

    def __init__(self, site: Site, times: DoorTimes) -> None:
        self.site = site
        self.times = times
        self.open: set[_Connection] = set()
        self._listening: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen. Returns the port. Raises OSError: it can't be listened on."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: _Connection(self), host, port)
        listened_on: int = self._listening.sockets[0].getsockname()[1]
        return listened_on

    async def close(self, *, within: float) -> None:
        """Take no more connections and requests; those in hand have so many seconds to be answered."""
        if self._listening is not None:
            self._listening.close()
        for connection in tuple(self.open):
            connection.end()
        if in_hand := [connection.task for connection in self.open if connection.task is not None]:
            await asyncio.wait(in_hand, timeout=within)
        for connection in tuple(self.open):
            connection.cut()


class _Connection(asyncio.Protocol):
    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._parser = HttpRequestParser(self)
        self._timer: asyncio.TimerHandle | None = None
        self._answered = 0
        self._is_last = False
        self.task: asyncio.Task[None] | None = None
        self._start_over()

    def end(self) -> None:
        """Close it; with a request in hand, after its answer."""
        self._is_last = True
        if self.task is None:
            self._transport.close()

    def cut(self) -> None:
        """End it now."""
        self._transport.abort()

    # What asyncio tells us.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are not, by type
        if len(self._server.open) >= self._server.times.most:
            self.cut()
            return
        self._server.open.add(self)
        self._cut_after(self._server.times.head)

    def data_received(self, data: bytes) -> None:
        if self.task is not None:
            self._is_last = True
            return
        answered = self._answered
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._is_last = True
        except HttpParserError:
            self._is_last = True
            self._write(Response(HTTPStatus.BAD_REQUEST))
            return
        if not self._is_head_read and self._answered == answered:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                self._is_last = True
                self._write(Response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._forget_timer()
        self._server.open.discard(self)
        self._parser = _NOBODYS  # ours holds us, as we hold it

    # What the parser tells us. Nothing is taken of what comes while a request is in hand.

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        if self.task is not None:
            self._is_last = True
            return
        try:
            path = parse_url(self._url).path or b"/"
        except HttpParserError:
            path = b""
        self._is_head_read = True
        self._refusal: Response | None = self._server.site.refuse(
            RequestHead(self._parser.get_method(), path, self._headers)
        )
        self._forget_timer()
        self._timer = self._loop.call_later(self._server.times.body, self._is_too_slow)
        if self._refusal is None and self._headers.get(b"expect", b"").lower() == b"100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        if self.task is not None or self._room < 0:
            return
        self._room -= len(body)
        if self._room < 0:
            self._is_last = True
            self._write(self._refusal or Response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
        elif self._refusal is None:
            self._body.append(body)

    def on_message_complete(self) -> None:
        if self.task is not None or self._room < 0:
            return
        self._is_last |= not self._parser.should_keep_alive()
        self._forget_timer()
        if self._refusal is not None:
            self._write(self._refusal)
        else:
            self.task = self._loop.create_task(self._answer(b"".join(self._body)))

    async def _answer(self, body: bytes) -> None:
        try:
            response = await self._server.site.answer(body)
        except Exception:
            log.exception("request_failed")
            response = Response(HTTPStatus.INTERNAL_SERVER_ERROR)
        self.task = None
        self._write(response)

    def _is_too_slow(self) -> None:
        self._is_last = True
        self._write(self._refusal or Response(HTTPStatus.REQUEST_TIMEOUT))

    def _write(self, response: Response) -> None:
        self._forget_timer()
        if self._transport.is_closing():
            return
        self._transport.write(response.written(is_last=self._is_last))
        self._answered += 1
        self._start_over()
        if self._is_last:
            self._room = -1
            self._transport.close()
        else:
            self._cut_after(self._server.times.idle)

    def _start_over(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._is_head_read = False
        self._head_bytes = 0
        self._refusal = None
        self._body: list[bytes] = []
        self._room = self._server.times.largest

    def _cut_after(self, seconds: float) -> None:
        self._timer = None if seconds == math.inf else self._loop.call_later(seconds, self.cut)

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
