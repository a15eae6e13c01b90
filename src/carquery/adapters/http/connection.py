"""One connection that speaks HTTP/1.1: a request goes out whole, its answer comes back whole. The parser is llhttp."""

import asyncio
import math
from http import HTTPStatus
from typing import Final, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from carquery.adapters.http.answer import HttpAnswer

LARGEST_HEAD: Final = 64 * 1024
"""Bytes."""
FIRST_FINAL_STATUS: Final = int(HTTPStatus.OK)
"""Below it («continue») the answer is still to come."""


_NOBODYS: Final = HttpResponseParser(object())


class ConnectionBroken(Exception):
    """It ended, or what came is not HTTP, before there was a whole answer. Its text: which, without its content."""


class AnswerTooLong(ConnectionBroken):
    """There is more of it than anybody wants."""


class HttpConnection(asyncio.Protocol):
    """Takes one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self._parser = HttpResponseParser(self)
        self._room = math.inf
        self._start_over()

    @property
    def is_open(self) -> bool:
        """Whether it may take another request."""
        return self._transport is not None and not self._transport.is_closing()

    def close(self) -> None:
        """End it; whoever waits for an answer gets none."""
        if self._transport is not None:
            self._transport.abort()

    async def request(self, request: bytes, *, at_most: float = math.inf) -> HttpAnswer:
        """Send it and wait. Whoever stops waiting closes the connection.

        Args:
            at_most: bytes that the answer's body may have.

        Raises:
            ConnectionBroken: there is no whole answer; AnswerTooLong: for its size.
            TimeoutError: `time_out` was called before it came.
        """
        if self._transport is None or self._transport.is_closing():
            raise ConnectionBroken("closed")
        self._start_over()
        self._room = at_most
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def time_out(self) -> None:
        """The answer did not come in time."""
        self._fail(TimeoutError())

    @property
    def _is_awaited(self) -> bool:
        return self._answer is not None and not self._answer.done()

    # What asyncio tells us.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are not, by type

    def data_received(self, data: bytes) -> None:
        if not self._is_awaited:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as nonsense:
            self._fail(ConnectionBroken(type(nonsense).__name__))
            return
        if not self._is_head_read:  # else the piece may be any size: much of a long answer may come with its head
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                self._fail(ConnectionBroken("a head without end"))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._is_head_read and self._ends_with_connection:
            self._finish()
        self._fail(ConnectionBroken("it ended"))
        self._transport = None
        self._parser = _NOBODYS  # ours holds us, as we hold it

    # What the parser tells us.

    def on_message_begin(self) -> None:
        if not self._is_awaited:  # a second answer: the next one would be taken for another's
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head.append((name, value))
        if name.lower() in {b"content-length", b"transfer-encoding"}:
            self._ends_with_connection = False

    def on_headers_complete(self) -> None:
        self._is_head_read = True

    def on_body(self, body: bytes) -> None:
        self._body.append(body)
        self._room -= len(body)
        if self._room < 0:
            self._fail(AnswerTooLong("too long"))

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < FIRST_FINAL_STATUS:
            self._start_over()
            return
        self._finish()
        if not self._parser.should_keep_alive():
            self.close()

    def _start_over(self) -> None:
        self._body: list[bytes] = []
        self._head: list[tuple[bytes, bytes]] = []
        self._head_bytes = 0
        self._is_head_read = False
        self._ends_with_connection = True

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(HttpAnswer(self._parser.get_status_code(), b"".join(self._body), self._head))

    def _fail(self, failure: ConnectionBroken | TimeoutError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(failure)
        self.close()
