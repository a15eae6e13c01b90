"""Connections that are kept and shared, and whatever becomes of a request: an answer or `NoAnswer`.

A proxy has errors of its own, so have TLS, the operating system and whoever answers in another's place; no list of
them is complete. So everything that happens between sending a request and reading its answer is one failure.
"""

import asyncio
import math
from collections import defaultdict, deque
from typing import Final

from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.http.connecting import Connector, Origin
from carquery.adapters.http.connection import HttpConnection
from carquery.adapters.http.time_limits import TimeLimits
from carquery.adapters.room import Room

CONNECT_SECONDS: Final = 5.0
"""For the connection alone, TLS included, so that what was surely not sent can be told from what perhaps was."""
IDLE_SECONDS: Final = 15.0
"""A connection that was not used for longer may be about to end at the other side."""


class NoAnswer(Exception):
    """There was no whole answer.

    Attributes:
        failure: what happened; its text may hold addresses.
        is_sent: whether the request may have arrived.
    """

    def __init__(self, failure: Exception, *, is_sent: bool) -> None:
        super().__init__(type(failure).__name__)
        self.failure = failure
        self.is_sent = is_sent


class HttpPool:
    """One client's connections.

    Args:
        at_once: so many at most; further requests wait.
        idle_seconds: a connection that was not used for longer is not used again.
    """

    def __init__(
        self,
        connect: Connector,
        *,
        at_once: int,
        connect_seconds: float = CONNECT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._connect = connect
        self._connect_seconds = connect_seconds
        self._idle_seconds = idle_seconds
        self._room = Room(at_once)
        self._limits = TimeLimits()
        self._open: set[HttpConnection] = set()
        self._idle: defaultdict[Origin, deque[tuple[HttpConnection, float]]] = defaultdict(deque)

    async def exchange(
        self, origin: Origin, request: bytes, *, seconds: float, at_most: float = math.inf
    ) -> HttpAnswer:
        """Send a whole request, once, and wait for its answer.

        Args:
            seconds: for all of it, waiting for a connection included.
            at_most: bytes that the answer's body may have.

        Raises:
            NoAnswer.
        """
        is_sent = False
        until = asyncio.get_running_loop().time() + seconds
        try:
            is_in = self._room.enter_at_once()
            connection = self._kept(origin) if is_in else None
            if connection is None:
                connection = await self._waited_for(origin, until, is_in=is_in)
            is_sent = True
            self._limits.begin(connection, until)
            try:
                return await connection.request(request, at_most=at_most)
            except BaseException:
                connection.close()
                raise
            finally:
                self._limits.end(connection)
                self._room.leave()
                self._put_back(origin, connection)
        except Exception as failure:  # see above
            raise NoAnswer(failure, is_sent=is_sent) from failure

    async def close(self) -> None:
        """End all connections."""
        self._limits.close()
        for connection in self._open:
            connection.close()
        await asyncio.sleep(0)  # asyncio closes their sockets in its next round

    async def _waited_for(self, origin: Origin, until: float, *, is_in: bool) -> HttpConnection:
        """One that is kept, once there is room, or a new one. The room is given back if there will be none."""
        async with asyncio.timeout_at(until):
            if not is_in:
                await self._room.enter()
            try:
                return self._kept(origin) or await self._opened(origin)
            except BaseException:
                self._room.leave()
                raise

    async def _opened(self, origin: Origin) -> HttpConnection:
        async with asyncio.timeout(self._connect_seconds):
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
