"""A SOCKS5 and an HTTP proxy of one's own, which ask for a password if told to."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["socks5", "http"]
KNOWN: Final = "anna:right"
"""The user name and the password that a proxy takes."""

_WITH_PASSWORD, _WITHOUT = 2, 0


class Denied(Exception):
    """Wrong user name or password."""


@dataclass(slots=True)
class Proxy:
    """Passes connections on. `asks_password`: it takes `KNOWN` alone."""

    kind: Kind
    asks_password: bool = False
    port: int = 0
    passed: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, port: int | None = None, user: str = KNOWN) -> str:
        """What TELEGRAM_PROXY is set to."""
        return f"{self.kind}://{user}@127.0.0.1:{port or self.port}"

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError, Denied):
                greet = self._socks5 if self.kind == "socks5" else self._http
                host, port = await greet(reader, writer)
                from_server, to_server = await asyncio.open_connection(host, port)
                self.passed += 1
                writer.write(_SOCKS_DONE if self.kind == "socks5" else b"HTTP/1.1 200 OK\r\n\r\n")
                try:
                    copying = [
                        asyncio.create_task(_copy(*ends)) for ends in ((reader, to_server), (from_server, writer))
                    ]
                    await asyncio.wait(copying, return_when=asyncio.FIRST_COMPLETED)
                    for task in copying:
                        task.cancel()
                    await asyncio.gather(*copying, return_exceptions=True)
                finally:
                    to_server.close()
        finally:
            writer.close()

    async def _socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(bytes((5, _WITH_PASSWORD if self.asks_password else _WITHOUT)))
        if self.asks_password:
            _, length = await reader.readexactly(2)
            user = await reader.readexactly(length)
            password = await reader.readexactly((await reader.readexactly(1))[0])
            is_known = f"{user.decode()}:{password.decode()}" == KNOWN
            writer.write(bytes((1, 0 if is_known else 1)))
            if not is_known:
                await writer.drain()
                raise Denied
        _, _, _, kind = await reader.readexactly(4)
        if kind == 1:
            host = ".".join(map(str, await reader.readexactly(4)))
        else:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        return host, int.from_bytes(await reader.readexactly(2), "big")

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        shown = f"Basic {base64.b64encode(KNOWN.encode()).decode()}"
        if self.asks_password and shown not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            raise Denied
        host, _, port = head.split()[1].rpartition(":")
        return host, int(port)


_SOCKS_DONE: Final = bytes((5, 0, 0, 1, 0, 0, 0, 0, 0, 0))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()


@asynccontextmanager
async def a_proxy(kind: Kind, *, asks_password: bool = False) -> AsyncIterator[Proxy]:
    """A proxy on a free port."""
    proxy = Proxy(kind, asks_password=asks_password)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()
