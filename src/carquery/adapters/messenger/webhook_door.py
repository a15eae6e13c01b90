"""Where a messenger brings its updates by HTTP: who may, and what becomes of the rest.

It listens on a port of its own: behind a proxy that ends TLS, and passes on one path.
"""

import errno
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

import structlog

from carquery.adapters.http.server import DoorTimes, HttpServer, RequestHead, Response, Site
from carquery.adapters.messenger.strangers import Strangers
from carquery.adapters.messenger.way_in import WayInRefused
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)

DOOR: Final = DoorTimes(head=10, body=10, largest=1024 * 1024, most=512)
"""A messenger keeps as many connections as it may bring updates at once; a proxy in front of us some more."""
DRAIN_SECONDS: Final = 25.0

AGAIN_SOON: Final = Response(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "1"})

Receive: TypeAlias = Callable[[bytes], Awaitable[Response | None]]
"""Takes a body; None: that is no update."""


@dataclass(frozen=True, slots=True)
class WebhookRoute:
    """Where updates come in.

    Attributes:
        url: what the messenger is told; its path is ours too.
        secret: what the messenger shows with each update.
        host, port: where we listen; port 0: a free one.
        prefix: what the names of these settings begin with, before `WEBHOOK_`.
    """

    url: str
    secret: str
    host: str
    port: int
    prefix: str = ""

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.url).path) or "/"


class ListenRefused(WayInRefused):
    """It can't be listened on."""

    def __init__(self, route: WebhookRoute, refused: OSError) -> None:
        port = f"{route.prefix}WEBHOOK_PORT: {route.port} can't be listened on"
        if refused.errno == errno.EADDRINUSE:
            super().__init__(f"{port}; expected: a port that nothing else uses")
        elif refused.errno == errno.EACCES:
            super().__init__(f"{port}; expected: one from 1024 on")
        else:
            host = f"{route.prefix}WEBHOOK_HOST: {route.host} can't be listened on"
            super().__init__(f"{host}; expected: an address of this machine")


class WebhookDoor:
    """Lets in what shows the secret.

    Args:
        header: the name of what carries the secret, in small letters.
        most_unanswered: requests in hand; more are sent away, and come again.
    """

    def __init__(self, route: WebhookRoute, strangers: Strangers, *, header: bytes, most_unanswered: int) -> None:
        self._route = route
        self._strangers = strangers
        self._header = header
        self._most_unanswered = most_unanswered
        self._unanswered = 0
        self._receive: Receive | None = None

    @asynccontextmanager
    async def open(self, receive: Receive) -> AsyncIterator[None]:
        """On leaving, nothing is let in any more, and those who were get their answer.

        Raises:
            ListenRefused: nothing was taken.
        """
        server = HttpServer(Site(self._refuse, self._answer), DOOR)
        self._receive = receive
        try:
            port = await server.start(self._route.host, self._route.port)
        except OSError as refused:
            raise ListenRefused(self._route, refused) from refused
        log.info("webhook_listening", port=port)
        try:
            yield
        finally:
            self._receive = None
            await server.close(within=DRAIN_SECONDS)

    def _refuse(self, head: RequestHead) -> Response | None:
        """Whose body is not wanted."""
        if unquote(head.path.decode("latin-1")) != self._route.path:
            return Response(HTTPStatus.NOT_FOUND)
        if head.method != b"POST":
            return Response(HTTPStatus.METHOD_NOT_ALLOWED)
        if not hmac.compare_digest(head.headers.get(self._header, b""), self._route.secret.encode()):
            self._strangers.came()
            return Response(HTTPStatus.UNAUTHORIZED)
        return AGAIN_SOON if self._receive is None or self._unanswered >= self._most_unanswered else None

    async def _answer(self, body: bytes) -> Response:
        receive = self._receive
        if receive is None:
            return AGAIN_SOON
        self._unanswered += 1
        try:
            answer = await receive(body)
        finally:
            self._unanswered -= 1
        if answer is None:
            self._strangers.spoke_nonsense()
            return Response(HTTPStatus.BAD_REQUEST)
        return answer
