"""One connection to a Redis on which many commands are under way at once: replies come in the order of commands."""

import asyncio
import socket
from collections import deque
from typing import Any, Final, TypeAlias, cast

import hiredis

from carquery.adapters.redis.failures import ConnectionLost, ErrorReply, NotRedis

COMMAND_SECONDS: Final = 1.0
LAST_LOOK_SECONDS: Final = 0.05
"""After a command's time: a process that was held up has perhaps not read yet what came in time."""
SILENT_SECONDS: Final = 2.0
"""After so long without a word, while a reply is due, nobody is there any more."""

Argument: TypeAlias = bytes | str | int

_MORE: Final = object()


class Pipeline(asyncio.Protocol):
    """Made by `access.enter`. When it ends, whatever is not answered yet fails, and it is of no more use.

    A command has `COMMAND_SECONDS`. It, and whoever gives up waiting earlier, leaves its reply to nobody. A server that
    keeps silent for `SILENT_SECONDS` while it owes a reply ends the connection.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader(protocolError=NotRedis, replyError=ErrorReply, notEnoughData=_MORE)
        self._waiting: deque[tuple[asyncio.Future[Any], float]] = deque()
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._end: Exception | None = None
        self._is_retired = False

    @property
    def is_open(self) -> bool:
        """Whether it takes commands."""
        return self._end is None and not self._is_retired

    def send(self, *command: Argument) -> asyncio.Future[Any]:
        """Its reply, in time.

        Raises, now or in the future: ErrorReply: of this command; TimeoutError, ConnectionLost, NotRedis: of all.
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
        self._heard_at = self._loop.time()
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
            self._finish(reply if isinstance(reply, ErrorReply) else NotRedis("a reply that nobody asked for"))
            return
        future, _ = self._waiting.popleft()
        if future.done():
            return
        if isinstance(reply, ErrorReply):
            future.set_exception(reply)
        else:
            future.set_result(reply)

    def _watch(self) -> None:
        self._timer = self._loop.call_later(LAST_LOOK_SECONDS, self._expire)

    def _expire(self) -> None:
        """Fail whoever has waited too long, and look again when the next one will have."""
        self._timer = None
        if not self._waiting:
            return
        now = self._loop.time()
        next_at = silent_at = max(self._waiting[0][1], self._heard_at) + SILENT_SECONDS
        for reply, sent_at in self._waiting:
            if sent_at + COMMAND_SECONDS > now:
                next_at = min(next_at, sent_at + COMMAND_SECONDS)
                break
            if not reply.done():
                reply.set_exception(TimeoutError("no reply in time"))
        if silent_at <= now:
            self._finish(TimeoutError("silent for too long"))
        else:
            self._timer = self._loop.call_at(next_at, self._watch)

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
