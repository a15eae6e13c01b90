"""What the tests of the emulator stand on: a clock moved by hand, a client, and a bot's webhook."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web

from carquery_emulators.max import MaxEmulator


class ManualClock:
    """Unix seconds that pass only when told to."""

    def __init__(self) -> None:
        self._now = 1_790_000_000.0

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


@dataclass(frozen=True, slots=True)
class Answered:
    """`body`: JSON."""

    status: int
    body: Any


class Client:
    """A bot that calls what it is told to call, with its token in the header."""

    def __init__(self, http: ClientSession, token: str) -> None:
        self._http = http
        self.headers = {"Authorization": token}

    async def __call__(self, method: str, body: object = None, **query: object) -> Answered:
        """`method`: verb and path, «POST /messages»."""
        verb, _, path = method.partition(" ")
        given = {name: str(value) for name, value in query.items()}
        async with self._http.request(verb, path, params=given, json=body, headers=self.headers) as answer:
            return Answered(answer.status, json.loads(await answer.text()))

    async def done(self, method: str, body: object = None, **query: object) -> Any:
        """The same, and it must go well. Returns the body."""
        answered = await self(method, body, **query)
        assert answered.status == 200, answered
        return answered.body


@asynccontextmanager
async def connected(max_: MaxEmulator) -> AsyncIterator[Client]:
    async with ClientSession(max_.base_url) as http:
        yield Client(http, max_.token)


class Receiver:
    """A bot's webhook: keeps what came and answers with the statuses it was told, 200 when told nothing."""

    def __init__(self) -> None:
        self.updates: list[Any] = []
        self.secrets: list[str | None] = []
        self.statuses: Iterator[int] = iter(())
        self.url = ""

    @property
    def texts(self) -> list[str]:
        return [update["message"]["body"]["text"] for update in self.updates]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Max-Bot-Api-Secret"))
        return web.Response(status=next(self.statuses, 200))


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


def buttons(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    """A keyboard of callback buttons: label and payload of each."""
    shown = [[{"type": "callback", "text": text, "payload": payload} for text, payload in row] for row in rows]
    return {"type": "inline_keyboard", "payload": {"buttons": shown}}
