"""A listening socket that can be closed and opened again at the same port."""

import asyncio
import socket

from aiohttp import web

_LOOPBACK = "127.0.0.1"
_SHUTDOWN_SECONDS = 0.2


class Listener:
    """An application on a port of loopback. `port` 0 takes a free one."""

    def __init__(self, app: web.Application, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        self._site: web.SockSite | None = None
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]

    async def open(self) -> None:
        """Accept connections."""
        if self._runner.server is None:
            await self._runner.setup()
        if self._site is None:
            self._site = web.SockSite(self._runner, self._socket)
            await self._site.start()

    async def shut(self, *, sparing: asyncio.BaseTransport | None = None) -> None:
        """Refuse connections, and cut those that stand. `sparing`: one that is not to be cut."""
        if self._site is None or self._runner.server is None:
            return
        await self._site.stop()
        self._site = None
        # A socket that is bound but does not listen refuses connections, and nobody else can get the port meanwhile.
        self._socket = _bound(self.port)
        for connection in self._runner.server.connections:
            transport = connection.transport
            if isinstance(transport, asyncio.Transport) and transport is not sparing:
                transport.abort()

    async def close(self) -> None:
        """For good."""
        await self._runner.cleanup()
        self._socket.close()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((_LOOPBACK, port))
    return bound
