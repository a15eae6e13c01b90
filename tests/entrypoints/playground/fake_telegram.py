"""The emulator's control API with canned chats, so that the page can be looked at by itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from carquery.entrypoints.playground.page import LeadCard, add_page

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
    """Leads that a test puts up."""

    def __init__(self, *cards: LeadCard) -> None:
        self.put_up = list(cards)

    async def cards(self) -> list[LeadCard]:
        return self.put_up


@asynccontextmanager
async def serving(telegram: FakeTelegram, board: FakeBoard, *, port: int | None = None) -> AsyncIterator[TestServer]:
    """The page on a loopback port."""
    app = web.Application()
    add_page(app, board, control=telegram.routes())
    app.on_shutdown.append(telegram.close)
    server = TestServer(app, port=port)
    async with server:
        yield server
