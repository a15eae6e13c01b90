"""The control API: what the playground's page and out-of-process tests order and look at, over HTTP."""

from collections import deque
from collections.abc import Mapping
from typing import Protocol, get_args

from aiohttp import web

from carquery_emulators.kit.control import (
    checked,
    done,
    fault_order,
    order_fault,
    read_body,
    read_number,
    requests_after,
)
from carquery_emulators.kit.journal import Journal
from carquery_emulators.openai.faults import Faults, How
from carquery_emulators.openai.journal import ModelReply, ModelRequest
from carquery_emulators.openai.models import MODELS

_SHOWN = "50"
"""Replies in one look at the state, unless told otherwise."""
_KINDS: Mapping[str, type] = {"times": int, "skip": int, "seconds": float}
"""Of the arguments of `Faults.add`, those that are numbers."""


class ControlledModels(Protocol):
    """An emulator, as far as it can be controlled from outside."""

    @property
    def faults(self) -> Faults: ...
    @property
    def journal(self) -> Journal[ModelRequest]: ...
    @property
    def replies(self) -> deque[ModelReply]: ...


def control_routes(emulator: ControlledModels) -> list[web.RouteDef]:
    """Routes under `/control`, for the emulator's own server or for another application on the same loop."""
    control = _Control(emulator)
    return [
        web.get("/control/state", checked(control.state)),
        web.get("/control/journal", checked(control.journal)),
        web.get("/control/faults", control.faults),
        web.post("/control/faults", checked(control.add_fault)),
        web.delete("/control/faults", control.clear_faults),
    ]


class _Control:
    def __init__(self, emulator: ControlledModels) -> None:
        self._emulator = emulator

    async def state(self, request: web.Request) -> web.StreamResponse:
        """The models, and what they said last, the newest first."""
        most = read_number(request.query.get("limit", _SHOWN))
        newest = [reply.to_json() for reply in reversed(self._emulator.replies)][:most]
        return web.json_response({"models": sorted(MODELS), "replies": newest})

    async def journal(self, request: web.Request) -> web.StreamResponse:
        return requests_after(request, self._emulator.journal)

    async def faults(self, _: web.Request) -> web.StreamResponse:
        """Those that are still to come, and all that there are."""
        ordered = [fault.to_json() for fault in self._emulator.faults.ordered]
        return web.json_response({"faults": ordered, "known": list(get_args(How))})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """The arguments of `Faults.add`."""
        order = fault_order(await read_body(request), _KINDS, needed=["how"])
        order_fault(self._emulator.faults.add, order)
        return done()

    async def clear_faults(self, _: web.Request) -> web.StreamResponse:
        self._emulator.faults.clear()
        return done()
