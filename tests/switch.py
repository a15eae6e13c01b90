"""A network of one's own between the bot and an outside thing, that can be made to fail as networks do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from enum import Enum
from typing import Final

_PIECE: Final = 65536
_BEGINNING: Final = 12
"""So many bytes of an answer come through before it is cut."""


class Line(Enum):
    """What becomes of connections."""

    PASSES = "passes"
    REFUSES = "refuses"
    HANGS = "hangs"
    CUTS = "resets in mid-answer"
    SAYS = "says something itself"


class Switch:
    """Listens on a port, and passes what comes on to a server.

    Connections are cut when the line changes, but not when another server stands behind (`move_to`): that is how a
    failover looks from outside.
    """

    def __init__(self, to: int) -> None:
        self._to = to
        self._line = Line.PASSES
        self._words = b""
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self.port = 0
        self.connections = 0

    async def listen(self) -> None:
        """Take connections, on the same port each time."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse, and cut all connections."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def cut(self) -> None:
        """End all connections that there are."""
        for writer in tuple(self._open):
            writer.transport.abort()

    def move_to(self, port: int) -> None:
        """New connections lead to another server; those that are open stay where they are."""
        self._to = port

    async def set(self, line: Line, words: bytes = b"") -> None:
        """Change what becomes of connections. `words`: of `Line.SAYS`, to whatever is asked or was asked already."""
        self._line, self._words = line, words
        if line is Line.REFUSES:
            await self.close()
            return
        if line is Line.SAYS:
            for waiting in tuple(self._clients):
                waiting.write(words)
                with suppress(OSError):  # who asked may have gone meanwhile
                    waiting.write_eof()
        elif line is not Line.HANGS:
            self.cut()
        if self._server is None:
            await self.listen()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        serving = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self._clients.add(writer)
        try:
            with suppress(OSError):
                if self._line is Line.SAYS:
                    await reader.read(_PIECE)
                    writer.write(self._words)
                    writer.write_eof()
                    await reader.read()  # closed with something unread, the connection would be reset instead
                elif self._line is Line.HANGS:
                    await reader.read()
                else:
                    await self._pass(reader, writer)
        finally:
            self._clients.discard(writer)
            self._open.discard(writer)
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._to)
        self._open.add(to_server)
        try:
            there = asyncio.create_task(self._copy(reader, to_server, lambda: self._line is Line.HANGS))
            back = asyncio.create_task(self._answer(from_server, writer))
            try:
                await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for copying in (there, back):
                    copying.cancel()
                await asyncio.gather(there, back, return_exceptions=True)
        finally:
            self._open.discard(to_server)
            to_server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._line is Line.CUTS:
            writer.write((await reader.read(_PIECE))[:_BEGINNING])
            await writer.drain()
            writer.transport.abort()
            return
        await self._copy(reader, writer, lambda: self._line is Line.HANGS)

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_lost: Callable[[], bool]
    ) -> None:
        while piece := await reader.read(_PIECE):
            if is_lost():
                continue
            writer.write(piece)
            await writer.drain()


@asynccontextmanager
async def a_switch(to: int) -> AsyncIterator[Switch]:
    """A switch in front of a port of this machine."""
    switch = Switch(to)
    await switch.listen()
    try:
        yield switch
    finally:
        await switch.close()
