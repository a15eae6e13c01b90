"""What the control APIs have in common: how a page's wishes are read and refused, and how it learns of changes."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence

from aiohttp import web

from carquery_emulators.kit.changes import CLOSED, Changes
from carquery_emulators.kit.journal import LoggedRequest
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.own_pages import Handler

HEARTBEAT = 15.0  # seconds between comments that keep an idle event stream open


class ControlRefused(Exception):
    """What the page asked for cannot be done; the message says why."""


def checked(handler: Handler) -> Handler:
    """Turn what the page did wrong into `400 {"ok": false, "error": …}`."""

    async def checked(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ControlRefused as refused:
            return web.json_response({"ok": False, "error": str(refused)}, status=400)

    return checked


def done(**fields: object) -> web.Response:
    """`{"ok": true}`, and what else there is to say."""
    return web.json_response({"ok": True, **fields})


async def read_body(request: web.Request) -> Json:
    """The JSON object that was sent. Raises ControlRefused."""
    try:
        body = await request.json()
    except ValueError as error:
        raise ControlRefused("the body is not JSON") from error
    if not isinstance(body, dict):
        raise ControlRefused("a JSON object is expected")
    return body


def read_number(given: object) -> int:
    """A whole number that is not negative, or its digits. Raises ControlRefused."""
    if re.fullmatch(r"[0-9]{1,18}", str(given)) is None:
        raise ControlRefused(f"{given!r} is not a number")
    return int(str(given))


def fault_order(body: Json, kinds: Mapping[str, type], *, needed: Sequence[str]) -> Json:
    """The arguments with which a fault is ordered: those in `kinds` are of that type, all others text.

    `times` stands for every time if it is null; whatever else is null was not said.

    Raises:
        ControlRefused: something needed is missing, or a value is not of its type.
    """
    for name in needed:
        if body.get(name) is None:
            raise ControlRefused(f"not a fault: {name!r} is missing")
    try:
        given = {name: kinds.get(name, str)(value) for name, value in body.items() if value is not None}
    except (OverflowError, TypeError, ValueError) as error:
        raise ControlRefused(f"not a fault: {error}") from error
    every_time = {"times": None} if body.get("times", 1) is None else {}
    return {**given, **every_time}


def order_fault(order: Callable[..., object], arguments: Json) -> None:
    """Call `order` with what a page said. Raises ControlRefused: it does not fit."""
    try:
        order(**arguments)
    except (TypeError, ValueError) as error:
        raise ControlRefused(f"not a fault: {error}") from error


def requests_after(request: web.Request, journal: Sequence[LoggedRequest]) -> web.Response:
    """What was asked after the request with the number `after`. Raises ControlRefused."""
    later = journal[read_number(request.query.get("after", "0")) :]
    return web.json_response({"requests": [entry.to_json() for entry in later], "next": len(journal)})


async def stream_events(request: web.Request, changes: Changes) -> web.StreamResponse:
    """Server-sent events until the reader leaves or the emulator closes."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    with changes.listening() as events:
        await response.prepare(request)
        await response.write(b": hello\n\n")
        while (line := await _next_line(events)) is not None:
            try:
                await response.write(line)
            except ConnectionError:
                break
    return response


async def _next_line(events: asyncio.Queue[Json]) -> bytes | None:
    try:
        async with asyncio.timeout(HEARTBEAT):
            event = await events.get()
    except TimeoutError:
        return b": still here\n\n"
    if event["type"] == CLOSED:
        return None
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
