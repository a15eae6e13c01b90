"""The emulator's control API with canned chats, so that the page can be looked at by itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from carquery.entrypoints.playground.lead_cards import LeadCard, Showing
from carquery.entrypoints.playground.page import add_page
from tests.browser import a_page

Json = dict[str, Any]

A_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#789"/></svg>'


class FakeTelegram:
    """Answers the page with what a test has put into it, and keeps what the page asked for."""

    def __init__(self) -> None:
        self.customers: list[Json] = []
        self.chats: dict[int, Json] = {}
        self.pictures: dict[str, str] = {}
        self.asked: list[tuple[str, Json]] = []
        self._listeners: set[asyncio.Queue[Json | None]] = set()

    def add_customer(self, first_name: str, *messages: Json, unread: int = 0, **chat: object) -> int:
        customer = len(self.customers) + 1
        self.customers.append(
            {"id": customer, "first_name": first_name, "last_name": None, "username": None, "unread": unread}
        )
        self.chats[customer] = {
            "messages": list(messages),
            "reply_keyboard": None,
            "typing": False,
            "commands": [],
            **chat,
        }
        return customer

    def tell(self, event: Json) -> None:
        """Send an event to every open page."""
        for listener in self._listeners:
            listener.put_nowait(event)

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return (
            web.get("/control/customers", self._customers),
            web.post("/control/customers", self._add),
            web.get("/control/customers/{customer}/chat", self._chat),
            web.post("/control/customers/{customer}/{act:text|press|contact}", self._act),
            web.post("/control/customers/{customer}/photos", self._photos),
            web.get("/control/files/{name}", self._file),
            web.get("/control/events", self._events),
        )

    async def close(self, _app: web.Application) -> None:
        for listener in self._listeners:
            listener.put_nowait(None)

    async def _customers(self, _request: web.Request) -> web.Response:
        return web.json_response(self.customers)

    async def _add(self, request: web.Request) -> web.Response:
        details = await request.json()
        self.add_customer(details["first_name"])
        self.asked.append(("customer", details))
        return web.json_response(self.customers[-1])

    async def _chat(self, request: web.Request) -> web.Response:
        return web.json_response(self.chats[int(request.match_info["customer"])])

    async def _act(self, request: web.Request) -> web.Response:
        self.asked.append((request.match_info["act"], await request.json()))
        return web.json_response({"ok": True, "callback_query_id": str(len(self.asked))})

    async def _photos(self, request: web.Request) -> web.Response:
        names = [part.filename async for part in await request.multipart()]  # type: ignore[union-attr]  # no nesting here
        self.asked.append(("photos", {"names": names}))
        return web.json_response({"ok": True})

    async def _file(self, request: web.Request) -> web.Response:
        picture = self.pictures.get(request.match_info["name"], A_PICTURE)
        return web.Response(text=picture, content_type="image/svg+xml")

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        listener: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners.add(listener)
        with suppress(ConnectionError):
            while (event := await listener.get()) is not None:
                await stream.write(f"data: {json.dumps(event)}\n\n".encode())
        self._listeners.discard(listener)
        return stream


class FakeBoard:
    """Leads that a test puts up, and a CRM that is whatever a test says."""

    def __init__(self, *cards: LeadCard) -> None:
        self.put_up = list(cards)
        self.around = Showing()
        self.asked: list[str] = []
        self.can_resubmit = True

    async def showing(self) -> Showing:
        return replace(self.around, leads=tuple(self.put_up))

    async def resubmit(self, reference: str) -> bool:
        self.asked.append(f"resubmit {reference}")
        return self.can_resubmit

    def behave(self, mood: str) -> bool:
        self.asked.append(f"OpenAI {mood}")
        self.around = replace(self.around, hearing=replace(self.around.hearing, mood=mood))
        return mood != "impossible"

    async def story(self, messenger: str, customer: int) -> str | None:
        return f"- id: of-{customer}\n" if customer == 1 else None

    async def log_in(self) -> None:
        self.asked.append("log in")

    async def move_clock(self, when: str) -> bool:
        self.asked.append(f"clock {when}")
        return when != "yesterday"

    def press(self, message: int, data: str) -> bool:
        self.asked.append(f"press {data} under {message}")
        return data != "gone"

    def amocrm_routes(self) -> Iterable[web.AbstractRouteDef]:
        """The amoCRM emulator's control API, as far as the page uses it."""
        return (
            web.put("/control/switches", self._switch),
            web.post("/control/faults", self._fault),
            web.delete("/control/faults", self._mend),
            web.post("/control/tokens/{what:expire|revoke}", self._token),
        )

    async def _switch(self, request: web.Request) -> web.Response:
        switches = await request.json()
        self.asked.append(f"switch {json.dumps(switches)}")
        self.around = replace(self.around, switches=replace(self.around.switches, **switches))
        return web.json_response(switches)

    async def _fault(self, request: web.Request) -> web.Response:
        fault = await request.json()
        self.asked.append(f"{fault['how']} {fault['method']} {fault['path']}")
        return web.json_response({"ok": True})

    async def _mend(self, _request: web.Request) -> web.Response:
        self.asked.append("mend")
        return web.json_response({"ok": True})

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.match_info['what']} tokens")
        return web.json_response({"ok": True})


async def _report(_request: web.Request) -> web.Response:
    """What the page links to stands beside it."""
    return web.Response(text="report")


@asynccontextmanager
async def serving(telegram: FakeTelegram, board: FakeBoard, *, port: int | None = None) -> AsyncIterator[TestServer]:
    """The page on a loopback port."""
    app = web.Application()
    app.router.add_get("/report", _report)
    add_page(app, board, board, control=telegram.routes(), amocrm=board.amocrm_routes())
    app.on_shutdown.append(telegram.close)
    server = TestServer(app, port=port)
    async with server:
        yield server


@asynccontextmanager
async def opened(browser: Browser, telegram: FakeTelegram, board: FakeBoard) -> AsyncIterator[Page]:
    """The page, opened for the first time; on leaving, its scripts have made no mistake and asked nobody else."""
    async with serving(telegram, board) as server, a_page(browser, str(server.make_url("/"))) as page:
        yield page
