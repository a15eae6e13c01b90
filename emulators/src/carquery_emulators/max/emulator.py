"""MAX on loopback: a world, and the HTTP server in front of it."""

import ssl
import time
from collections.abc import Callable

from aiohttp import web

from carquery_emulators.kit.changes import CLOSED
from carquery_emulators.kit.emulator import Emulator
from carquery_emulators.kit.listener import LOOPBACK, Listener
from carquery_emulators.kit.own_pages import own_pages_alone
from carquery_emulators.max.api.rates import Rates
from carquery_emulators.max.api.server import UPLOAD_LIMIT, MaxServer
from carquery_emulators.max.control import control_routes
from carquery_emulators.max.files import URL_LIFETIME
from carquery_emulators.max.state import CallbackIds
from carquery_emulators.max.world import NAME, TOKEN, USERNAME, MaxWorld


class MaxEmulator(MaxWorld, Emulator):
    """MAX's API for bots with people in it. `host`: an address of this machine; `port` 0 takes a free one.

    `tls`: HTTPS with this certificate, which a root of one's own may have signed, as MAX's is signed by one that no
    ordinary bundle holds. The other arguments are `MaxWorld`'s.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        username: str = USERNAME,
        name: str = NAME,
        clock: Callable[[], float] = time.time,
        delay_scale: float = 1.0,
        webhook_deliver_to: str | None = None,
        rates: Rates | None = None,
        callback_ids: CallbackIds = "keyboard",
        url_lifetime: float = URL_LIFETIME,
    ) -> None:
        super().__init__(
            token,
            username=username,
            name=name,
            clock=clock,
            delay_scale=delay_scale,
            webhook_deliver_to=webhook_deliver_to,
            rates=rates,
            callback_ids=callback_ids,
            url_lifetime=url_lifetime,
        )
        self._listener = Listener(host, port, tls=tls)

    async def open(self) -> None:
        server = MaxServer(self.api, self.state, self.faults)
        app = web.Application(client_max_size=UPLOAD_LIMIT, middlewares=[own_pages_alone("/control")])
        app.add_routes(server.routes())
        app.add_routes(control_routes(self))
        app.router.add_route("*", "/{unknown:.*}", server.unknown)
        await self._listener.open(app)
        self.state.host = self.base_url

    async def close(self) -> None:
        """End polls, event streams and webhook deliveries, then the server."""
        self.state.changes.tell(CLOSED)
        await self.api.close()
        await self._listener.close()

    @property
    def base_url(self) -> str:
        """For `MAX_API_BASE` and for the control API."""
        return self._listener.url

    async def refuse_connections(self) -> None:
        """Be away: connections are refused, and those that stand are cut, until `accept_connections`."""
        await self._listener.pause()

    async def accept_connections(self) -> None:
        await self._listener.resume()
