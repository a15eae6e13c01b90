"""The control API: what the playground's page and out-of-process tests do as customers, over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.control_json import chat_to_json, customer_to_json
from carquery_emulators.telegram.customer import Customer
from carquery_emulators.telegram.world import TelegramWorld

HEARTBEAT = 15.0  # seconds between comments that keep an idle event stream open

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Refused(Exception):
    """What the page asked for cannot be done; the message says why."""


def control_routes(emulator: TelegramWorld) -> list[web.RouteDef]:
    """Routes under `/control`, for the emulator's own server or for another application on the same loop.

    The event streams end when the emulator closes: close it before the application that serves them.
    """
    control = _Control(emulator)
    return [
        web.get("/control/customers", control.customers),
        web.post("/control/customers", _checked(control.new_customer)),
        web.get("/control/customers/{id}/chat", _checked(control.chat)),
        web.post("/control/customers/{id}/text", _checked(control.text)),
        web.post("/control/customers/{id}/press", _checked(control.press)),
        web.post("/control/customers/{id}/contact", _checked(control.contact)),
        web.post("/control/customers/{id}/photos", _checked(control.photos)),
        web.post("/control/customers/{id}/files", _checked(control.files)),
        web.get("/control/files/{id}", control.file),
        web.get("/control/events", control.events, allow_head=False),
        web.get("/control/calls", _checked(control.calls)),
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
    def __init__(self, emulator: TelegramWorld) -> None:
        self._emulator = emulator
        self._state = emulator.state

    async def customers(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(
            [customer_to_json(self._state, self._state.chats[user_id]) for user_id in self._emulator.customers]
        )

    async def new_customer(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        first_name = body.get("first_name")
        if not isinstance(first_name, str) or not first_name.strip():
            raise _Refused("first_name is missing")
        customer = self._emulator.customer(
            self._emulator.next_customer_id(),
            first_name.strip(),
            str(body.get("last_name") or "") or None,
            str(body.get("username") or "") or None,
            phone=str(body.get("phone") or "+79161234567"),
        )
        return web.json_response(customer_to_json(self._state, self._state.chats[customer.id]))

    async def chat(self, request: web.Request) -> web.StreamResponse:
        record = self._state.chats.get(_number(request.match_info["id"]))
        if record is None:
            raise _Refused("no such customer")
        record.read_up_to = max(record.messages, default=0)
        return web.json_response(chat_to_json(self._state, record))

    async def text(self, request: web.Request) -> web.StreamResponse:
        text = (await _body(request)).get("text")
        if not isinstance(text, str) or not text.strip():
            raise _Refused("text is empty")
        return _done(update_id=await self._customer(request).send_text(text))

    async def press(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        customer = self._customer(request)
        message_id, data = _number(body.get("message_id")), str(body.get("data", ""))
        shown = {message.id: message for message in customer.chat.messages}.get(message_id)
        if shown is None:
            raise _Refused(f"no message {message_id} in this chat")
        if data not in [button.data for button in shown.buttons]:
            raise _Refused(f"the message does not show {data!r}; it shows {shown.labels}")
        pressed = customer.press_data(message_id, data)
        return _done(callback_query_id=pressed.callback_query_id)

    async def contact(self, request: web.Request) -> web.StreamResponse:
        return _done(update_id=await self._customer(request).share_contact())

    async def photos(self, request: web.Request) -> web.StreamResponse:
        pictures = [part.file.read() for part in await _parts(request, "pictures")]
        customer = self._customer(request)
        if len(pictures) == 1:
            return _done(update_ids=[await customer.send_photo(pictures[0])])
        return _done(update_ids=await customer.send_album(pictures))

    async def files(self, request: web.Request) -> web.StreamResponse:
        """Each is a message of its own: a video if it says so, else a document."""
        parts, customer = await _parts(request, "files"), self._customer(request)
        sent = []
        for part in parts:
            content = part.file.read()
            if part.content_type.startswith("video/"):
                sent.append(
                    await customer.send_upload("video", content, name=part.filename, mime_type=part.content_type)
                )
            else:
                sent.append(await customer.send_document(content, name=part.filename, mime_type=part.content_type))
        return _done(update_ids=sent)

    async def file(self, request: web.Request) -> web.StreamResponse:
        file = self._state.files.find(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mime_type or "application/octet-stream")

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events until the reader leaves or the emulator closes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        with self._state.changes.listening() as events:
            await response.prepare(request)
            await response.write(b": hello\n\n")
            while (line := await self._next_line(events)) is not None:
                try:
                    await response.write(line)
                except ConnectionError:
                    break
        return response

    async def _next_line(self, events: asyncio.Queue[Json]) -> bytes | None:
        try:
            async with asyncio.timeout(HEARTBEAT):
                event = await events.get()
        except TimeoutError:
            return b": still here\n\n"
        if event["type"] == "closed":
            return None
        return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()

    async def calls(self, request: web.Request) -> web.StreamResponse:
        since = _number(request.query.get("since", "0"))
        later = [call.to_json() for call in self._emulator.calls[max(since, 0) :]]
        return web.json_response({"calls": later, "next": len(self._emulator.calls)})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        try:
            self._emulator.fail(
                str(body["method"]),
                times=None if body.get("times", 1) is None else int(body.get("times", 1)),
                how=str(body["how"]),
                retry_after=int(body.get("retry_after", 1)),
                seconds=float(body.get("seconds", 1)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise _Refused(f"not a fault: {error}") from error
        return _done()

    async def clear_faults(self, _: web.Request) -> web.StreamResponse:
        self._emulator.heal()
        return _done()

    def _customer(self, request: web.Request) -> Customer:
        customer = self._emulator.customers.get(_number(request.match_info["id"]))
        if customer is None:
            raise _Refused("no such customer")
        return customer


async def _parts(request: web.Request, what: str) -> list[web.FileField]:
    """The files of a form. Raises _Refused: there is none."""
    if not request.content_type.startswith("multipart/"):
        raise _Refused(f"multipart/form-data with one or more {what} is expected")
    parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
    if not parts:
        raise _Refused(f"none of the {what} is in the request")
    return parts


def _done(**fields: object) -> web.StreamResponse:
    return web.json_response({"ok": True, **fields})


async def _body(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError as error:
        raise _Refused("the body is not JSON") from error
    if not isinstance(body, dict):
        raise _Refused("a JSON object is expected")
    return body


def _number(given: object) -> int:
    try:
        return int(str(given))
    except ValueError as error:
        raise _Refused(f"{given!r} is not a number") from error
