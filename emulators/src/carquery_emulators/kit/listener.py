"""A listening socket that can be closed and opened again at the same port."""

import asyncio
import socket
import ssl

from aiohttp import web

LOOPBACK = "127.0.0.1"
_ANYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104  # what stands for all of a machine's addresses, and itself
_SHUTDOWN_SECONDS = 0.2


class Listener:
    """An application at an address of this machine; `port` 0 takes a free one, the same for good once it is open.

    `tls`: with it, HTTPS is spoken.
    """

    def __init__(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self._host = host
        self._tls = tls
        self._socket: socket.socket | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port, for whoever asks from this machine."""
        host = _ANYWHERE.get(self._host, self._host)
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"

    @property
    def is_open(self) -> bool:
        """Whether the port is known and taken; connections may be refused at the moment."""
        return self._socket is not None

    async def open(self, app: web.Application) -> None:
        """Take the port and accept connections. Raises OSError: it can't be had; `filename` is host and port."""
        self._socket = self._bound()
        self.port = self._socket.getsockname()[1]
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        await self.resume()

    async def resume(self) -> None:
        """Accept connections again after `pause`."""
        if self._site is None and self._runner is not None and self._socket is not None:
            self._site = web.SockSite(self._runner, self._socket, ssl_context=self._tls)
            await self._site.start()

    async def pause(self, *, sparing: asyncio.BaseTransport | None = None) -> None:
        """Refuse connections, and cut those that stand. `sparing`: one that is not to be cut."""
        if self._site is None or self._runner is None or self._runner.server is None:
            return
        await self._site.stop()
        self._site = None
        # A socket that is bound but does not listen refuses connections, and nobody else can get the port meanwhile.
        self._socket = self._bound()
        for connection in self._runner.server.connections:
            transport = connection.transport
            if isinstance(transport, asyncio.Transport) and transport is not sparing:
                transport.abort()

    async def close(self) -> None:
        """For good."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._socket is not None:
            self._socket.close()

    def _bound(self) -> socket.socket:
        bound: socket.socket | None = None
        try:
            found = socket.getaddrinfo(self._host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            family, kind, protocol, _, address = found[0]
            bound = socket.socket(family, kind, protocol)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except OSError as refused:
            if bound is not None:
                bound.close()
            raise OSError(refused.errno, refused.strerror, f"{self._host}:{self.port}") from refused
        return bound
