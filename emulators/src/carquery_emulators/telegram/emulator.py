"""Telegram on loopback: a world, and the HTTP server in front of it."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from carquery_emulators.kit.own_pages import own_pages_alone
from carquery_emulators.telegram.control import control_routes
from carquery_emulators.telegram.server import UPLOAD_LIMIT, BotApiServer
from carquery_emulators.telegram.world import TelegramWorld

_SHUTDOWN_SECONDS = 0.2


class TelegramEmulator(TelegramWorld):
    """A Bot API server with people in it; `port` 0 takes a free one, the rest is TelegramWorld's.

    Promises what the real server does: when updates expire and are confirmed, what is refused and in which words.
    """

    def __init__(
        self,
        token: str = "123456:TEST",  # noqa: S107 - nobody's token
        *,
        port: int = 0,
        username: str = "carquery_bot",
        clock: Callable[[], float] = time.time,
        delay_scale: float = 1.0,
        webhook_deliver_to: str | None = None,
        first_update_id: int = 100_000,
    ) -> None:
        super().__init__(
            token,
            username=username,
            clock=clock,
            delay_scale=delay_scale,
            webhook_deliver_to=webhook_deliver_to,
            first_update_id=first_update_id,
        )
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        server = BotApiServer(self.bot_api, self.state.files, self.faults, token=self.token)
        app = web.Application(client_max_size=UPLOAD_LIMIT, middlewares=[own_pages_alone("/control")])
        app.add_routes(server.routes())
        app.add_routes(control_routes(self))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End polls, event streams and webhook deliveries, then the server."""
        self.state.changes.notify({"type": "closed"})
        await self.bot_api.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """For `TelegramAPIServer.from_base` and for the control API."""
        return f"http://127.0.0.1:{self._port}"
