"""The playground's web page: its files, and beside them the leads on their way into the CRM."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from aiohttp import web

from carquery.entrypoints.playground.lead_cards import Showing
from carquery_emulators.kit.own_pages import own_pages_alone
from carquery_emulators.max import UPLOAD_LIMIT

ASSETS = Path(__file__).parent / "page"

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Named here: what the operating system knows of file types differs, and a browser refuses a module of another type."""

SECURITY_POLICY = "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'none'"
"""Nothing comes from the internet, and what customers write can't run, whatever mistake the page's scripts make."""


class LeadBoard(Protocol):
    """All stored leads, with what is in the CRM for each."""

    async def showing(self) -> Showing:
        """Called every `look_every` for each open page, so it has to be cheap."""
        ...

    async def resubmit(self, reference: str) -> bool:
        """Have a lead delivered again, at once. False: it is in the CRM, or is just being delivered, or is none."""
        ...

    def behave(self, mood: str) -> bool:
        """Let OpenAI behave so from now on. False: there is no such mood."""
        ...

    async def log_in(self) -> None:
        """Give the bot a fresh authorisation in the CRM."""
        ...

    async def move_clock(self, when: str) -> bool:
        """Let it be so late for the dealership (`When`). False: there is no such time."""
        ...

    def press(self, message: int, data: str) -> bool:
        """Press a button in the staff chat. False: it is not there any more."""
        ...


class Storyteller(Protocol):
    """What customers did, as stories."""

    async def story(self, messenger: str, customer: int) -> str | None:
        """The customer's chat so far, as YAML; `None`: there is no such customer, or messenger."""
        ...


def add_page(
    app: web.Application,
    board: LeadBoard,
    stories: Storyteller,
    *,
    control: Iterable[web.AbstractRouteDef] = (),
    amocrm: Iterable[web.AbstractRouteDef] = (),
    max_: Iterable[web.AbstractRouteDef] = (),
    look_every: timedelta = timedelta(milliseconds=400),
) -> None:
    """Serve the page at `/`, its files under `/page/`, the leads under `/play/`, and the emulators' control APIs.

    Args:
        control: routes of the Telegram emulator that the page calls, all under `/control/`.
        amocrm, max_: those of the other emulators; they have the same paths, and are served below `/amocrm`, `/max`.
        look_every: how soon an open page learns that something has changed. The event stream compares snapshots:
            leads change in the store, in the CRM and in other processes, which have no one place that could tell. There
            is one stream for all of it: a browser opens no more than six connections to a host, for all its tabs.

    No other site that is open in the same browser may read or change anything. The event streams end when the
    application shuts down; they do not hold it up.
    """
    app.middlewares.append(own_pages_alone())
    leads = _Leads(board, look_every, asyncio.Event())
    app.add_routes([web.get("/", _serving(ASSETS / "index.html"))])
    # One route for each file that is there: no path from outside is ever joined to a folder.
    assets = sorted(path for path in ASSETS.iterdir() if path.suffix in CONTENT_TYPES)
    app.add_routes([web.get(f"/page/{path.name}", _serving(path)) for path in assets])
    app.add_routes(
        [
            web.get("/play/leads", leads.listed),
            web.get("/play/events", leads.followed),
            web.post("/play/leads/{reference}/resubmit", leads.resubmitted),
            web.post("/play/login", leads.logged_in),
            web.put("/play/openai/{mood}", leads.behaved),
            web.put("/play/clock/{when}", leads.moved),
            web.post(r"/play/staff/{message:\d+}/press", leads.pressed),
        ]
    )
    app.add_routes([web.get("/play/{messenger}/customers/{id}/story", _telling(stories))])
    app.add_routes(control)
    for prefix, routes in (("/amocrm", amocrm), ("/max", max_)):
        below = web.Application(client_max_size=UPLOAD_LIMIT)
        below.add_routes(routes)
        app.add_subapp(prefix, below)
    app.on_shutdown.append(leads.close)


@dataclass(frozen=True, slots=True)
class _Leads:
    board: LeadBoard
    look_every: timedelta
    closing: asyncio.Event

    async def listed(self, _request: web.Request) -> web.Response:
        showing = asdict(await self.board.showing())
        body = json.dumps(showing, default=datetime.isoformat, ensure_ascii=False)
        return web.Response(text=body, content_type="application/json", headers={"Cache-Control": "no-store"})

    async def followed(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one at once, then one after each change. Source: WHATWG HTML, server-sent events."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        known: Showing | None = None
        with suppress(ConnectionError):  # the page was closed
            while not self.closing.is_set():
                showing = await self.board.showing()
                # The comment in between finds out whether anybody still listens.
                await stream.write(b": still here\n\n" if showing == known else b'data: {"type": "leads"}\n\n')
                known = showing
                await self._pause()
        return stream

    async def resubmitted(self, request: web.Request) -> web.Response:
        if await self.board.resubmit(request.match_info["reference"]):
            return web.json_response({"ok": True})
        error = "Сейчас её не отправить: она уже в amoCRM или как раз передаётся"
        return web.json_response({"ok": False, "error": error}, status=HTTPStatus.CONFLICT)

    async def logged_in(self, _request: web.Request) -> web.Response:
        await self.board.log_in()
        return web.json_response({"ok": True})

    async def behaved(self, request: web.Request) -> web.Response:
        if self.board.behave(request.match_info["mood"]):
            return web.json_response({"ok": True})
        return web.json_response({"ok": False, "error": "Так OpenAI не умеет"}, status=HTTPStatus.NOT_FOUND)

    async def moved(self, request: web.Request) -> web.Response:
        if await self.board.move_clock(request.match_info["when"]):
            return web.json_response({"ok": True})
        return web.json_response({"ok": False, "error": "Такого времени нет"}, status=HTTPStatus.NOT_FOUND)

    async def pressed(self, request: web.Request) -> web.Response:
        body = await request.json()
        data = body.get("data") if isinstance(body, dict) else None
        if isinstance(data, str) and self.board.press(int(request.match_info["message"]), data):
            return web.json_response({"ok": True})
        return web.json_response({"ok": False, "error": "Этой кнопки уже нет"}, status=HTTPStatus.CONFLICT)

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.look_every.total_seconds()):
                await self.closing.wait()

    async def close(self, _app: web.Application) -> None:
        self.closing.set()


def _telling(stories: Storyteller) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def tell(request: web.Request) -> web.StreamResponse:
        customer = request.match_info["id"]
        is_number = customer.isascii() and customer.isdecimal()
        story = await stories.story(request.match_info["messenger"], int(customer)) if is_number else None
        if story is None:
            return web.json_response({"ok": False, "error": "Нет такого клиента"}, status=HTTPStatus.NOT_FOUND)
        return web.json_response({"ok": True, "story": story}, headers={"Cache-Control": "no-store"})

    return tell


def _serving(path: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    headers = {
        "Content-Type": CONTENT_TYPES[path.suffix],
        "Cache-Control": "no-cache",  # asked again each time, answered with 304: an upgrade shows at once
        "Content-Security-Policy": SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
    }

    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers=headers)

    return serve
