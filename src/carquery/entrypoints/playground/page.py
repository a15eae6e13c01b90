"""The playground's web page: its files, and the leads as a manager sees them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from adaptix import Retort
from aiohttp import web

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

_RETORT = Retort()

LeadStatus: TypeAlias = Literal["pending", "delivering", "delivered", "failed", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmContact:
    """A person in the CRM."""

    id: int
    name: str
    phone: str | None = None
    telegram: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmDeal:
    """A deal in the CRM. `price`: whole rubles. `stage`: the pipeline's column it stands in."""

    id: int
    title: str
    price: int | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrmNote:
    """A note on a deal."""

    text: str


@dataclass(frozen=True, slots=True)
class CrmTask:
    """A manager's task. `due_at`: aware."""

    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmRecord:
    """What stands in the CRM for one lead; None: not made, or not yet."""

    contact: CrmContact | None = None
    deal: CrmDeal | None = None
    note: CrmNote | None = None
    task: CrmTask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCard:
    """A stored lead, as a manager would see it.

    Attributes:
        service: the form's code; `title`: the form's name in Russian.
        failure: why the last attempt to deliver it failed.
        phone: E.164, or as it should be shown.
        price: whole rubles.
        lines: title and answer of each answered step.
        photos: where the page finds the pictures, paths such as `/control/files/…`.
        created_at, delivered_at: aware.
    """

    reference: str
    service: str
    title: str
    status: LeadStatus
    failure: str | None = None
    name: str | None = None
    phone: str | None = None
    price: int | None = None
    source: str | None = None
    lines: tuple[tuple[str, str], ...] = ()
    photos: tuple[str, ...] = ()
    created_at: datetime
    delivered_at: datetime | None = None
    crm: CrmRecord = CrmRecord()


class LeadBoard(Protocol):
    """All stored leads, with what stands in the CRM for each."""

    async def cards(self) -> Sequence[LeadCard]:
        """Newest first. Called every `look_every` for each open page, so it has to be cheap."""
        ...


def add_page(
    app: web.Application,
    board: LeadBoard,
    *,
    control: Iterable[web.AbstractRouteDef] = (),
    look_every: timedelta = timedelta(milliseconds=400),
) -> None:
    """Serve the page at `/`, its files under `/page/`, the leads under `/play/`, and the emulator's control API.

    Args:
        control: routes of the Telegram emulator that the page calls, all under `/control/`.
        look_every: how soon an open page learns that the leads have changed. The event stream compares snapshots:
            leads change in the store, in the CRM and in other processes, which have no one place that could tell.

    The event streams end when the application shuts down; they do not hold it up.
    """
    leads = _Leads(board, look_every, asyncio.Event())
    app.add_routes([web.get("/", _serving(ASSETS / "index.html"))])
    # One route for each file that is there: no path from outside is ever joined to a folder.
    assets = sorted(path for path in ASSETS.iterdir() if path.suffix in CONTENT_TYPES)
    app.add_routes([web.get(f"/page/{path.name}", _serving(path)) for path in assets])
    app.add_routes([web.get("/play/leads", leads.listed), web.get("/play/events", leads.followed)])
    app.add_routes(control)
    app.on_shutdown.append(leads.close)


@dataclass(frozen=True, slots=True)
class _Leads:
    board: LeadBoard
    look_every: timedelta
    closing: asyncio.Event

    async def listed(self, _request: web.Request) -> web.Response:
        cards = list(await self.board.cards())
        body = json.dumps({"leads": _RETORT.dump(cards, list[LeadCard])}, ensure_ascii=False)
        return web.Response(text=body, content_type="application/json", headers={"Cache-Control": "no-store"})

    async def followed(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one at once, then one after each change. Source: WHATWG HTML, server-sent events."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        known: list[LeadCard] | None = None
        with suppress(ConnectionError):  # the page was closed
            while not self.closing.is_set():
                cards = list(await self.board.cards())
                # The comment in between finds out whether anybody still listens.
                await stream.write(b": still here\n\n" if cards == known else b'data: {"type": "leads"}\n\n')
                known = cards
                await self._pause()
        return stream

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.look_every.total_seconds()):
                await self.closing.wait()

    async def close(self, _app: web.Application) -> None:
        self.closing.set()


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
