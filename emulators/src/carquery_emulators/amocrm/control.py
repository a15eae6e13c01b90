"""The control API: what the playground's page and out-of-process tests order and look at, over HTTP."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.control_by_hand import by_hand_routes
from carquery_emulators.amocrm.control_json import state_to_json
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.journal import HostJournal
from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.control import (
    ControlRefused,
    checked,
    done,
    fault_order,
    order_fault,
    read_body,
    read_number,
    requests_after,
    stream_events,
)
from carquery_emulators.kit.json_types import Json

MOST_SHOWN = 200
"""Leads and contacts in one look at the account."""

_KINDS: Mapping[str, type] = {"times": int, "skip": int, "retry_after": int, "seconds": float}
"""Of the arguments of `Faults.add`, those that are numbers."""
_SWITCHES: dict[str, type] = {
    "down": bool,
    "slow": float,
    "unpaid": bool,
    "blocked": bool,
    "search_lag": float,
    "partial_batches": bool,
    "events_lag": float,
    "events_silent": bool,
    "events_mixed": bool,
}


class ControlledAccount(Protocol):
    """An emulator, as far as it can be controlled from outside."""

    @property
    def world(self) -> World: ...
    @property
    def faults(self) -> Faults: ...
    @property
    def journal(self) -> HostJournal: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def is_down(self) -> bool: ...
    def code(self) -> str: ...
    def expire_access_tokens(self) -> None: ...
    def revoke_tokens(self) -> None: ...
    async def stop_listening(self, *, sparing: asyncio.BaseTransport | None = None) -> None: ...
    async def start_listening(self) -> None: ...


def control_routes(emulator: ControlledAccount) -> list[web.RouteDef]:
    """Routes under `/control`, for the emulator's own server or for another application on the same loop.

    The event streams end when the emulator closes: close it before the application that serves them. When the emulator
    is switched off (`down`), the routes on its own server are gone too, but for the connection that switched it off.
    """
    control = _Control(emulator)
    return [
        web.get("/control/state", checked(control.state)),
        web.get("/control/files/{uuid}", control.file),
        web.get("/control/journal", checked(control.journal)),
        web.get("/control/events", control.events, allow_head=False),
        web.post("/control/faults", checked(control.add_fault)),
        web.delete("/control/faults", control.clear_faults),
        web.get("/control/switches", control.switches),
        web.put("/control/switches", checked(control.switch)),
        web.post("/control/codes", control.new_code),
        web.post("/control/tokens/expire", control.expire_tokens),
        web.post("/control/tokens/revoke", control.revoke_tokens),
        *by_hand_routes(emulator.world),
    ]


class _Control:
    def __init__(self, emulator: ControlledAccount) -> None:
        self._emulator = emulator

    async def state(self, request: web.Request) -> web.StreamResponse:
        most = min(read_number(request.query.get("limit", "50")), MOST_SHOWN)
        return web.json_response(state_to_json(self._emulator.world, most=most))

    async def file(self, request: web.Request) -> web.StreamResponse:
        file = self._emulator.world.files.get(request.match_info["uuid"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})

    async def journal(self, request: web.Request) -> web.StreamResponse:
        return requests_after(request, self._emulator.journal)

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """`{"poison": text, "how": …}`, or the arguments of `Faults.add`."""
        body = await read_body(request)
        if "poison" in body:
            arguments = {"text": str(body["poison"]), "how": str(body.get("how", "400 plain"))}
            order_fault(self._emulator.faults.poison, arguments)
        else:
            order_fault(self._emulator.faults.add, fault_order(body, _KINDS, needed=["how"]))
        self._emulator.changes.tell("faults")
        return done()

    async def clear_faults(self, _: web.Request) -> web.StreamResponse:
        """Switches are put back too; an emulator that was switched off goes on again."""
        self._emulator.faults.clear()
        await self._emulator.start_listening()
        self._emulator.changes.tell("switches")
        return done()

    async def switches(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self._switches())

    async def switch(self, request: web.Request) -> web.StreamResponse:
        """Put those switches that the body names; all are answered."""
        wanted = {name: _switch(name, value) for name, value in (await read_body(request)).items()}
        is_down = wanted.pop("down", None)
        for name, value in wanted.items():
            setattr(self._emulator.faults, name, value)
        if is_down is True:
            await self._emulator.stop_listening(sparing=request.transport)
        elif is_down is False:
            await self._emulator.start_listening()
        self._emulator.changes.tell("switches")
        return web.json_response(self._switches())

    async def new_code(self, _: web.Request) -> web.StreamResponse:
        """A one-time code, as if the administrator had asked for it."""
        return done(code=self._emulator.code())

    async def expire_tokens(self, _: web.Request) -> web.StreamResponse:
        self._emulator.expire_access_tokens()
        self._emulator.changes.tell("tokens")
        return done()

    async def revoke_tokens(self, _: web.Request) -> web.StreamResponse:
        self._emulator.revoke_tokens()
        self._emulator.changes.tell("tokens")
        return done()

    async def events(self, request: web.Request) -> web.StreamResponse:
        return await stream_events(request, self._emulator.changes)

    def _switches(self) -> Json:
        faults = {name: getattr(self._emulator.faults, name) for name in _SWITCHES if name != "down"}
        return {"down": self._emulator.is_down, **faults}


def _switch(name: str, value: object) -> bool | float:
    kind = _SWITCHES.get(name)
    if kind is None:
        raise ControlRefused(f"no switch {name!r}; there are {', '.join(_SWITCHES)}")
    if kind is bool and isinstance(value, bool):
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise ControlRefused(f"{name} must be {'true or false' if kind is bool else 'a number of seconds'}")
