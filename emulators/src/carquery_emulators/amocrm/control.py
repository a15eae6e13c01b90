"""The control API: what the playground's page and out-of-process tests order and look at, over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web

from carquery_emulators.amocrm.changes import CLOSED, Changes
from carquery_emulators.amocrm.control_json import state_to_json
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.journal import Journal
from carquery_emulators.amocrm.world import World
from carquery_emulators.kit.json_types import Json

HEARTBEAT = 15.0  # seconds between comments that keep an idle event stream open
MOST_SHOWN = 200
"""Leads and contacts in one look at the account."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_SWITCHES: dict[str, type] = {
    "down": bool,
    "slow": float,
    "unpaid": bool,
    "blocked": bool,
    "search_lag": float,
    "partial_batches": bool,
}


class Controlled(Protocol):
    """An emulator, as far as it can be controlled from outside."""

    @property
    def world(self) -> World: ...
    @property
    def faults(self) -> Faults: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def is_down(self) -> bool: ...
    def expire_access_tokens(self) -> None: ...
    def revoke_tokens(self) -> None: ...
    async def stop_listening(self, *, sparing: asyncio.BaseTransport | None = None) -> None: ...
    async def start_listening(self) -> None: ...


class _Refused(Exception):
    """What the page asked for cannot be done; the message says why."""


def control_routes(emulator: Controlled) -> list[web.RouteDef]:
    """Routes under `/control`, for the emulator's own server or for another application on the same loop.

    The event streams end when the emulator closes: close it before the application that serves them. When the emulator
    is switched off (`down`), the routes on its own server are gone too, but for the connection that switched it off.
    """
    control = _Control(emulator)
    return [
        web.get("/control/state", _checked(control.state)),
        web.get("/control/files/{uuid}", control.file),
        web.get("/control/journal", _checked(control.journal)),
        web.get("/control/events", control.events, allow_head=False),
        web.post("/control/faults", _checked(control.add_fault)),
        web.delete("/control/faults", control.clear_faults),
        web.get("/control/switches", control.switches),
        web.put("/control/switches", _checked(control.switch)),
        web.post("/control/tokens/expire", control.expire_tokens),
        web.post("/control/tokens/revoke", control.revoke_tokens),
    ]


def _checked(handler: _Handler) -> _Handler:
    """Turn what the page did wrong into `400 {"ok": false, "error": …}`."""

    async def checked(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except _Refused as refused:
            return web.json_response({"ok": False, "error": str(refused)}, status=400)

    return checked


class _Control:
    def __init__(self, emulator: Controlled) -> None:
        self._emulator = emulator

    async def state(self, request: web.Request) -> web.StreamResponse:
        most = min(_number(request.query.get("limit", "50")), MOST_SHOWN)
        return web.json_response(state_to_json(self._emulator.world, most=most))

    async def file(self, request: web.Request) -> web.StreamResponse:
        file = self._emulator.world.files.get(request.match_info["uuid"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})

    async def journal(self, request: web.Request) -> web.StreamResponse:
        """Requests after the one with that number."""
        journal = self._emulator.journal
        later = [entry.to_json() for entry in journal[_number(request.query.get("after", "0")) :]]
        return web.json_response({"requests": later, "next": len(journal)})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """`{"poison": text, "how": …}`, or the arguments of `Faults.add`."""
        body = await _body(request)
        try:
            if "poison" in body:
                self._emulator.faults.poison(str(body["poison"]), str(body.get("how", "400 plain")))
            else:
                self._emulator.faults.add(**_order(body))
        except (KeyError, TypeError, ValueError) as error:
            raise _Refused(f"not a fault: {error}") from error
        self._emulator.changes.tell("faults")
        return _done()

    async def clear_faults(self, _: web.Request) -> web.StreamResponse:
        """Switches are put back too; an emulator that was switched off goes on again."""
        self._emulator.faults.clear()
        await self._emulator.start_listening()
        self._emulator.changes.tell("switches")
        return _done()

    async def switches(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self._switches())

    async def switch(self, request: web.Request) -> web.StreamResponse:
        """Put those switches that the body names; all are answered."""
        wanted = {name: _switch(name, value) for name, value in (await _body(request)).items()}
        is_down = wanted.pop("down", None)
        for name, value in wanted.items():
            setattr(self._emulator.faults, name, value)
        if is_down is True:
            await self._emulator.stop_listening(sparing=request.transport)
        elif is_down is False:
            await self._emulator.start_listening()
        self._emulator.changes.tell("switches")
        return web.json_response(self._switches())

    async def expire_tokens(self, _: web.Request) -> web.StreamResponse:
        self._emulator.expire_access_tokens()
        self._emulator.changes.tell("tokens")
        return _done()

    async def revoke_tokens(self, _: web.Request) -> web.StreamResponse:
        self._emulator.revoke_tokens()
        self._emulator.changes.tell("tokens")
        return _done()

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events until the reader leaves or the emulator closes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        with self._emulator.changes.listening() as events:
            await response.prepare(request)
            await response.write(b": hello\n\n")
            while (line := await _next_line(events)) is not None:
                try:
                    await response.write(line)
                except ConnectionError:
                    break
        return response

    def _switches(self) -> Json:
        faults = {name: getattr(self._emulator.faults, name) for name in _SWITCHES if name != "down"}
        return {"down": self._emulator.is_down, **faults}


async def _next_line(events: asyncio.Queue[Json]) -> bytes | None:
    try:
        async with asyncio.timeout(HEARTBEAT):
            event = await events.get()
    except TimeoutError:
        return b": still here\n\n"
    if event["type"] == CLOSED:
        return None
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _done() -> web.StreamResponse:
    return web.json_response({"ok": True})


async def _body(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError as error:
        raise _Refused("the body is not JSON") from error
    if not isinstance(body, dict):
        raise _Refused("a JSON object is expected")
    return body


def _order(body: Json) -> Json:
    """The arguments of `Faults.add`. Raises KeyError, TypeError, ValueError."""
    kinds = {"skip": int, "times": int, "seconds": float, "retry_after": int}
    given = {name: kinds.get(name, str)(value) for name, value in body.items() if value is not None}
    every_time = {"times": None} if body.get("times", 1) is None else {}
    return {"how": body["how"], **given, **every_time}


def _switch(name: str, value: object) -> bool | float:
    kind = _SWITCHES.get(name)
    if kind is None:
        raise _Refused(f"no switch {name!r}; there are {', '.join(_SWITCHES)}")
    if kind is bool and isinstance(value, bool):
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise _Refused(f"{name} must be {'true or false' if kind is bool else 'a number of seconds'}")


def _number(given: str) -> int:
    if not given.isdigit():
        raise _Refused(f"{given!r} is not a number")
    return int(given)
