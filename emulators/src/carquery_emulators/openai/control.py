"""The control API: what the playground's page and out-of-process tests order and look at, over HTTP."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol, get_args

from aiohttp import web

from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.faults import Faults, How
from carquery_emulators.openai.journal import Journal, ModelReply
from carquery_emulators.openai.models import MODELS

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_SHOWN = "50"
"""Replies in one look at the state, unless told otherwise."""


class Controlled(Protocol):
    """An emulator, as far as it can be controlled from outside."""

    @property
    def faults(self) -> Faults: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def replies(self) -> deque[ModelReply]: ...


class _Refused(Exception):
    """What the page asked for cannot be done; the message says why."""


def control_routes(emulator: Controlled) -> list[web.RouteDef]:
    """Routes under `/control`, for the emulator's own server or for another application on the same loop."""
    control = _Control(emulator)
    return [
        web.get("/control/state", _checked(control.state)),
        web.get("/control/journal", _checked(control.journal)),
        web.get("/control/faults", control.faults),
        web.post("/control/faults", _checked(control.add_fault)),
        web.delete("/control/faults", control.clear_faults),
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
        """The models, and what they said last, the newest first."""
        most = _number(request.query.get("limit", _SHOWN))
        newest = [reply.to_json() for reply in reversed(self._emulator.replies)][:most]
        return web.json_response({"models": sorted(MODELS), "replies": newest})

    async def journal(self, request: web.Request) -> web.StreamResponse:
        """Requests after the one with that number."""
        journal = self._emulator.journal
        later = [entry.to_json() for entry in journal[_number(request.query.get("after", "0")) :]]
        return web.json_response({"requests": later, "next": len(journal)})

    async def faults(self, _: web.Request) -> web.StreamResponse:
        """Those that are still to come, and all that there are."""
        ordered = [fault.to_json() for fault in self._emulator.faults.ordered]
        return web.json_response({"faults": ordered, "known": list(get_args(How))})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """The arguments of `Faults.add`."""
        body = await _body(request)
        try:
            self._emulator.faults.add(**_order(body))
        except (KeyError, OverflowError, TypeError, ValueError) as error:
            raise _Refused(f"not a fault: {error}") from error
        return web.json_response({"ok": True})

    async def clear_faults(self, _: web.Request) -> web.StreamResponse:
        self._emulator.faults.clear()
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
    """The arguments of `Faults.add`. Raises KeyError, OverflowError, TypeError, ValueError."""
    kinds = {"times": int, "seconds": float}
    given = {name: kinds.get(name, str)(value) for name, value in body.items() if value is not None}
    every_time = {"times": None} if body.get("times", 1) is None else {}
    return {"how": body["how"], **given, **every_time}


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit()):
        raise _Refused(f"{given!r} is not a number")
    return int(given)
