"""One connection to a Redis on which many commands are under way at once: replies come in the order of commands."""

import asyncio
import socket
from collections import deque
from typing import Any, Final, TypeAlias, cast

import hiredis

from carquery.adapters.redis.failures import ConnectionLost, NotRedis, Refusal

COMMAND_SECONDS: Final = 1.0
LAST_LOOK_SECONDS: Final = 0.05
"""After a command's time: a process that was held up has perhaps not read yet what came in time."""

Argument: TypeAlias = bytes | str | int

_MORE: Final = object()


class Pipeline(asyncio.Protocol):
    """Made by `access.enter`. When it ends, whatever is not answered yet fails, and it is of no more use.

    A command that waits longer than `COMMAND_SECONDS` ends it, for those behind it would wait as well. Whoever gives up
    waiting earlier leaves its reply to nobody.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader(protocolError=NotRedis, replyError=Refusal, notEnoughData=_MORE)
        self._waiting: deque[tuple[asyncio.Future[Any], float]] = deque()
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._end: Exception | None = None
        self._is_retired = False

    @property
    def is_open(self) -> bool:
        """Whether it takes commands."""
        return self._end is None and not self._is_retired

    def send(self, *command: Argument) -> asyncio.Future[Any]:
        """Its reply, in time.

        Raises, now or in the future: Refusal: of this command; TimeoutError, ConnectionLost, NotRedis: of all.
        """
        if self._end is not None:
            raise self._end
        reply: asyncio.Future[Any] = self._loop.create_future()
        if not self._unsent:
            self._loop.call_soon(self._flush)  # what others send meanwhile goes with it
        self._unsent.append(hiredis.pack_command(cast("tuple[Any]", command)))
        self._waiting.append((reply, self._loop.time()))
        if self._timer is None:
            self._timer = self._loop.call_later(COMMAND_SECONDS, self._watch)
        return reply

    def retire(self) -> None:
        """Take no more commands, and close once those under way are answered."""
        self._is_retired = True
        if not self._waiting:
            self.close()

    def close(self) -> None:
        """Close it now."""
        self._finish(ConnectionLost("closed by us"))

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        # What stands between drops connections that are silent for long, without a word to us.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        try:
            self._reader.feed(data)
            while (reply := self._reader.gets()) is not _MORE:
                self._take(reply)
        except NotRedis as error:
            self._finish(error)
        if self._is_retired and not self._waiting:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        lost = ConnectionLost("closed by the server")
        lost.__cause__ = exc
        self._finish(lost)

    def _flush(self) -> None:
        if self._transport is not None and self._end is None:
            self._transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def _take(self, reply: Any) -> None:  # noqa: ANN401  # whatever a Redis replies
        if not self._waiting:  # such as: too many clients
            self._finish(reply if isinstance(reply, Refusal) else NotRedis("a reply that nobody asked for"))
            return
        future, _ = self._waiting.popleft()
        if future.done():
            return
        if isinstance(reply, Refusal):
            future.set_exception(reply)
        else:
            future.set_result(reply)

    def _watch(self) -> None:
        self._timer = None
        if not self._waiting:
            return
        oldest = self._waiting[0]
        due_at = oldest[1] + COMMAND_SECONDS
        if due_at > self._loop.time():
            self._timer = self._loop.call_at(due_at, self._watch)
        else:
            self._timer = self._loop.call_later(LAST_LOOK_SECONDS, self._look_once_more, oldest)

    def _look_once_more(self, oldest: tuple[asyncio.Future[Any], float]) -> None:
        if self._waiting and self._waiting[0] is oldest:
            self._finish(TimeoutError("no reply in time"))
        else:
            self._watch()

    def _finish(self, error: Exception) -> None:
        if self._end is not None:
            return
        self._end = error
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.abort()
        for reply, _ in self._waiting:
            if not reply.done():
                reply.set_exception(error)
        self._waiting.clear()
