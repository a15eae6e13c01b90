"""The control API: what the playground's page and out-of-process tests do as customers, over HTTP."""

from collections.abc import Mapping

from aiohttp import web

from carquery_emulators.kit.control import (
    ControlRefused,
    checked,
    done,
    fault_order,
    order_fault,
    read_body,
    read_number,
    stream_events,
)
from carquery_emulators.kit.parts import parts_of
from carquery_emulators.max.contents import Hash
from carquery_emulators.max.control_json import chat_to_json, customer_to_json
from carquery_emulators.max.customer import MaxCustomer
from carquery_emulators.max.state import DialogRecord
from carquery_emulators.max.world import MaxWorld

_KINDS: Mapping[str, type] = {"times": int, "skip": int, "every": int, "retry_after": int, "seconds": float}
"""Of the arguments of `MaxWorld.fail`, those that are numbers."""
_PROOFS: Mapping[str, Hash] = {"valid": "valid", "wrong": "wrong", "missing": "missing"}


def control_routes(emulator: MaxWorld) -> list[web.RouteDef]:
    """Routes under `/control`, for the emulator's own server or for another application on the same loop.

    The event streams end when the emulator closes: close it before the application that serves them.
    """
    control = _Control(emulator)
    return [
        web.get("/control/customers", control.customers),
        web.post("/control/customers", checked(control.new_customer)),
        web.get("/control/customers/{id}/chat", checked(control.chat)),
        web.post("/control/customers/{id}/start", checked(control.start)),
        web.post("/control/customers/{id}/stop", checked(control.stop)),
        web.post("/control/customers/{id}/text", checked(control.text)),
        web.post("/control/customers/{id}/press", checked(control.press)),
        web.post("/control/customers/{id}/contact", checked(control.contact)),
        web.post("/control/customers/{id}/voice", checked(control.voice)),
        web.post("/control/customers/{id}/photos", checked(control.photos)),
        web.post("/control/customers/{id}/files", checked(control.documents)),
        web.get("/control/files/{token}", control.file),
        web.get("/control/events", control.events, allow_head=False),
        web.get("/control/calls", checked(control.calls)),
        web.get("/control/faults", control.faults),
        web.post("/control/faults", checked(control.add_fault)),
        web.delete("/control/faults", control.clear_faults),
        web.post("/control/updates/repeat", checked(control.repeat)),
        web.delete("/control/subscriptions", control.drop_subscriptions),
        web.post("/control/files/expire", control.expire_files),
    ]


class _Control:
    def __init__(self, emulator: MaxWorld) -> None:
        self._emulator = emulator
        self._state = emulator.state

    async def customers(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(
            [customer_to_json(self._state, self._record(user_id)) for user_id in self._emulator.customers]
        )

    async def new_customer(self, request: web.Request) -> web.StreamResponse:
        body = await read_body(request)
        first_name = body.get("first_name")
        if not isinstance(first_name, str) or not first_name.strip():
            raise ControlRefused("first_name is missing")
        customer = self._emulator.customer(
            self._emulator.next_customer_id(),
            first_name.strip(),
            str(body.get("last_name") or "") or None,
            str(body.get("username") or "") or None,
            phone=str(body.get("phone") or "+79161234567"),
        )
        return web.json_response(customer_to_json(self._state, self._record(customer.id)))

    async def chat(self, request: web.Request) -> web.StreamResponse:
        record = self._record(self._customer(request).id)
        record.read_up_to = max((message.seq for message in record.messages.values()), default=0)
        return web.json_response(chat_to_json(self._state, record))

    async def start(self, request: web.Request) -> web.StreamResponse:
        payload = (await read_body(request)).get("payload")
        return done(update_id=await self._customer(request).start(str(payload) if payload else None))

    async def stop(self, request: web.Request) -> web.StreamResponse:
        return done(update_id=await self._customer(request).block())

    async def text(self, request: web.Request) -> web.StreamResponse:
        text = (await read_body(request)).get("text")
        if not isinstance(text, str) or not text.strip():
            raise ControlRefused("text is empty")
        return done(update_id=await self._customer(request).send_text(text))

    async def press(self, request: web.Request) -> web.StreamResponse:
        body = await read_body(request)
        customer = self._customer(request)
        message_id, data = str(body.get("message_id", "")), str(body.get("data", ""))
        shown = {message.id: message for message in customer.chat.messages}.get(message_id)
        if shown is None:
            raise ControlRefused(f"no message {message_id} in this chat")
        if data not in [button.data for button in shown.buttons]:
            raise ControlRefused(f"the message does not show {data!r}; it shows {shown.labels}")
        pressed = customer.press_data(message_id, data)
        return done(callback_query_id=pressed.callback_query_id)

    async def contact(self, request: web.Request) -> web.StreamResponse:
        body = await read_body(request)
        proof = _PROOFS.get(str(body.get("proof", "valid")))
        if proof is None:
            raise ControlRefused(f"proof: choose from {', '.join(_PROOFS)}")
        return done(update_id=await self._customer(request).share_contact(proof=proof))

    async def voice(self, request: web.Request) -> web.StreamResponse:
        words = (await read_body(request)).get("transcription")
        return done(update_id=await self._customer(request).send_voice(str(words) if words else None))

    async def photos(self, request: web.Request) -> web.StreamResponse:
        """However many, they are one message."""
        pictures = [part.file.read() for part in await parts_of(request, "pictures")]
        return done(update_ids=await self._customer(request).send_album(pictures))

    async def documents(self, request: web.Request) -> web.StreamResponse:
        """Each is a message of its own: a video if it says so, else a document."""
        parts, customer = await parts_of(request, "files"), self._customer(request)
        sent = []
        for part in parts:
            content, name, kind = part.file.read(), part.filename, part.content_type
            if kind.startswith("video/"):
                sent.append(await customer.send_upload("video", content, name=name, mime_type=kind))
            else:
                sent.append(await customer.send_document(content, name=name, mime_type=kind))
        return done(update_ids=sent)

    async def file(self, request: web.Request) -> web.StreamResponse:
        file = self._state.files.find(request.match_info["token"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mime_type)

    async def events(self, request: web.Request) -> web.StreamResponse:
        return await stream_events(request, self._state.changes)

    async def calls(self, request: web.Request) -> web.StreamResponse:
        since = read_number(request.query.get("since", "0"))
        later = [call.to_json() for call in self._emulator.calls[since:]]
        return web.json_response({"calls": later, "next": len(self._emulator.calls)})

    async def faults(self, _: web.Request) -> web.StreamResponse:
        """Those that are still to come."""
        ordered = self._emulator.faults.ordered
        return web.json_response(
            {"faults": [{"method": one.method, "how": one.how, "times": one.countdown.times} for one in ordered]}
        )

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        order = fault_order(await read_body(request), _KINDS, needed=["method", "how"])
        order_fault(self._emulator.fail, order)
        return done()

    async def clear_faults(self, _: web.Request) -> web.StreamResponse:
        self._emulator.heal()
        return done()

    async def repeat(self, _: web.Request) -> web.StreamResponse:
        """The newest update once more, word for word."""
        if (latest := self._state.updates.latest) is None:
            raise ControlRefused("nothing has happened yet")
        return done(update_id=self._state.updates.repeat(latest))

    async def drop_subscriptions(self, _: web.Request) -> web.StreamResponse:
        """As MAX does it after eight hours without a success: the bot is told nothing."""
        self._emulator.webhook.drop()
        return done()

    async def expire_files(self, _: web.Request) -> web.StreamResponse:
        self._state.files.expire_urls()
        return done()

    def _customer(self, request: web.Request) -> MaxCustomer:
        customer = self._emulator.customers.get(read_number(request.match_info["id"]))
        if customer is None:
            raise ControlRefused("no such customer")
        return customer

    def _record(self, user_id: int) -> DialogRecord:
        return self._state.chat_of_user(user_id)
