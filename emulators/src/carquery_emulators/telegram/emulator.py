"""Telegram on loopback: a world, and the HTTP server in front of it."""

import time
from collections.abc import Callable

from aiohttp import web

from carquery_emulators.kit.changes import CLOSED
from carquery_emulators.kit.emulator import Emulator
from carquery_emulators.kit.listener import LOOPBACK, Listener
from carquery_emulators.kit.own_pages import own_pages_alone
from carquery_emulators.telegram.api.server import UPLOAD_LIMIT, BotApiServer
from carquery_emulators.telegram.control import control_routes
from carquery_emulators.telegram.world import NAME, TOKEN, USERNAME, TelegramWorld


class TelegramEmulator(TelegramWorld, Emulator):
    """A Bot API server with people in it. `host`: an address of this machine; `port` 0 takes a free one.

    The other arguments are `TelegramWorld`'s.

    Promises what the real server does: when updates expire and are confirmed, what is refused and in which words.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        username: str = USERNAME,
        name: str = NAME,
        clock: Callable[[], float] = time.time,
        delay_scale: float = 1.0,
        webhook_deliver_to: str | None = None,
        first_update_id: int = 100_000,
    ) -> None:
        super().__init__(
            token,
            username=username,
            name=name,
            clock=clock,
            delay_scale=delay_scale,
            webhook_deliver_to=webhook_deliver_to,
            first_update_id=first_update_id,
        )
        self._listener = Listener(host, port)

    async def open(self) -> None:
        server = BotApiServer(self.bot_api, self.state.files, self.faults, token=self.token)
        app = web.Application(client_max_size=UPLOAD_LIMIT, middlewares=[own_pages_alone("/control")])
        app.add_routes(server.routes())
        app.add_routes(control_routes(self))
        await self._listener.open(app)

    async def close(self) -> None:
        """End polls, event streams and webhook deliveries, then the server."""
        self.state.changes.tell(CLOSED)
        await self.bot_api.close()
        await self._listener.close()

    @property
    def base_url(self) -> str:
        """For `TelegramAPIServer.from_base` and for the control API."""
        return self._listener.url
