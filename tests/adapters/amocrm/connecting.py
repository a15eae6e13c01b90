"""Clients of amoCRM whose time a test holds in its hand, and a server that answers what it is told to."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from aiohttp import web

from carquery.adapters.amocrm.access import Access, LongLivedAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.ports import CrmGate
from carquery.adapters.amocrm.transport import (
    CONNECT_SECONDS,
    DEADLINE_SECONDS,
    Http,
    ObserveRequest,
    open_http,
    unobserved,
)
from carquery.adapters.amocrm.turns import Turns
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.environment import SettableClock
from tests.builders import NOW
from tests.patience import slowness

TOKEN = "eyJ0eXAi.a-long-lived-token.c2lnbmVk"
ACCOUNT = "/api/v4/account"
PHONE = "+79161234567"

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PassingTime:
    """A clock, and sleeping that moves it. `slept`: the seconds, one entry for each sleep."""

    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.pass_time(timedelta(seconds=seconds))

    def gate(self, *, spacing: timedelta = timedelta()) -> MemoryCrmGate:
        """A gate by that clock."""
        return MemoryCrmGate(self.clock, spacing=spacing)


@asynccontextmanager
async def patient_http(observe: ObserveRequest = unobserved) -> AsyncIterator[Http]:
    """Requests that take no longer than a machine of this speed needs."""
    times = slowness()
    async with open_http(observe, deadline=DEADLINE_SECONDS * times, connect=CONNECT_SECONDS * times) as http:
        yield http


@asynccontextmanager
async def a_client(
    base_url: str,
    *,
    access: Access | None = None,
    gate: CrmGate | None = None,
    time: PassingTime | None = None,
    deadline: float | None = None,
) -> AsyncIterator[AmoCrmClient]:
    """A client, by default with a long-lived token and an open gate."""
    time = time or PassingTime()
    async with patient_http() as http:
        turns = Turns(gate or time.gate(), sleep=time.sleep, now=time.clock.monotonic)
        yield AmoCrmClient(http, access or LongLivedAccess(base_url, TOKEN), turns, deadline=deadline)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str | None
    body: Any = None


@dataclass(slots=True)
class Server:
    """A server of the test's own. `asked`: every request."""

    base_url: str = ""
    asked: list[Asked] = field(default_factory=list)


@asynccontextmanager
async def a_server(handler: Handler) -> AsyncIterator[Server]:
    """It listens on loopback, and gives every request to the handler."""
    server = Server()

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        is_json = request.content_type == "application/json"
        server.asked.append(
            Asked(
                request.method,
                request.path,
                dict(request.query),
                request.headers.get("Authorization"),
                json.loads(body) if is_json and body else body,
            )
        )
        return await handler(request)

    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port: int = runner.addresses[0][1]
        server.base_url = f"http://127.0.0.1:{port}"
        yield server
    finally:
        await runner.cleanup()


def answering(*responses: Callable[[], web.StreamResponse]) -> Handler:
    """One answer after the other; the last again and again."""
    left = list(responses)

    async def answer(_: web.Request) -> web.StreamResponse:
        return left.pop(0)() if len(left) > 1 else left[0]()

    return answer


def says(status: int, body: object, content_type: str = "application/problem+json") -> Callable[[], web.Response]:
    """JSON, or text as it is."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return lambda: web.Response(status=status, text=text, content_type=content_type)


def page(status: int, **headers: str) -> Callable[[], web.Response]:
    """An HTML page of the front."""
    html = f"<html><body><h1>{status}</h1><hr>nginx</body></html>"
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: web.Response(status=status, text=html, content_type="text/html", headers=given)
