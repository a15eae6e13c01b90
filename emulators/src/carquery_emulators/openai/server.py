"""The API's addresses, and the way of a request: the key, what it asks, its misfortune, the answer."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import web

from carquery_emulators.kit.answers import Answer, ConnectionCut, Refused, cut
from carquery_emulators.kit.journal import Journal
from carquery_emulators.kit.json_types import Json, read_json
from carquery_emulators.openai.answers import (
    bad_gateway,
    error,
    invalid,
    model_not_found,
    no_key,
    out_of_quota,
    server_error,
    success,
    too_many,
    unsupported_country,
    wrong_key,
)
from carquery_emulators.openai.asked import Asked
from carquery_emulators.openai.chat_completions import read_chat_completion, write_chat_completion
from carquery_emulators.openai.faults import Fault, Faults
from carquery_emulators.openai.generated import BrainMistaken, Generated, Generator
from carquery_emulators.openai.journal import ModelReply, ModelRequest, log
from carquery_emulators.openai.models import MODELS
from carquery_emulators.openai.responses import read_response, write_response
from carquery_emulators.openai.sending import send

PREFIX = "/v1"
HUGE = 2_000_000  # bytes
_CREATED = 1_700_000_000  # Unix seconds; nobody asks when a model was made


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one endpoint reads what is asked and writes what was generated; `write` is given the request's body too."""

    read: Callable[[Json], Asked]
    write: Callable[[Generated, Json, float], Json]


_ENDPOINTS = {
    "/chat/completions": Endpoint(
        read_chat_completion, lambda generated, _, now: write_chat_completion(generated, now=now)
    ),
    "/responses": Endpoint(read_response, lambda generated, body, now: write_response(generated, body, now=now)),
}


class OpenAiServer:
    """Speaks HTTP for a Generator. `replies` receives what the models say."""

    def __init__(
        self,
        generator: Generator,
        faults: Faults,
        journal: Journal[ModelRequest],
        replies: deque[ModelReply],
        *,
        api_key: str,
        clock: Callable[[], float],
    ) -> None:
        self._generator = generator
        self._faults = faults
        self._journal = journal
        self._replies = replies
        self._api_key = api_key
        self._clock = clock

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """For aiohttp: every request below `/v1`."""
        began = time.monotonic()
        entry = log(self._journal, request.method, request.path)
        try:
            answer = await self._answer(request, entry)
        except Refused as refused:
            answer = refused.answer
        except ConnectionCut:
            return cut(request)
        entry.status = int(answer.status)
        return await send(request, answer, milliseconds=round((time.monotonic() - began) * 1000))

    async def _answer(self, request: web.Request, entry: ModelRequest) -> Answer:
        content = await request.read()
        entry.body = _parsed(content)
        self._check_key(request.headers.get("Authorization", ""))
        path = request.path.removeprefix(PREFIX)
        if path == "/models" or path.startswith("/models/"):
            return _models(request.method, path.removeprefix("/models").strip("/"))
        endpoint = _ENDPOINTS.get(path)
        if endpoint is None:
            return error(HTTPStatus.NOT_FOUND, f"Invalid URL ({request.method} {request.path})")
        if request.method != "POST":
            return _not_allowed(request)
        if not isinstance(entry.body, dict):
            raise invalid("We could not parse the JSON body of your request. The API expects a JSON payload.")
        return await self._serve(endpoint, entry, entry.body)

    def _check_key(self, authorization: str) -> None:
        scheme, _, key = authorization.partition(" ")
        if scheme != "Bearer" or not key:
            raise Refused(no_key())
        if key != self._api_key:
            raise Refused(wrong_key(key))

    async def _serve(self, endpoint: Endpoint, entry: ModelRequest, body: Json) -> Answer:
        asked = endpoint.read(body)
        fault = self._faults.take(asked.model)
        instead = None if fault is None else self._instead(fault, asked)
        if instead is not None:
            return instead
        try:
            generated = self._generator.generate(asked, None if fault is None else fault.how)
        except BrainMistaken as mistaken:
            return error(HTTPStatus.INTERNAL_SERVER_ERROR, f"Emulator: {mistaken}", kind="server_error")
        self._replies.append(self._reply(entry, generated, fault))
        return await _sent_with(fault, success(endpoint.write(generated, body, self._clock())))

    def _instead(self, fault: Fault, asked: Asked) -> Answer | None:
        """What is answered although no model has worked."""
        match fault.how:
            case "refuse":
                raise ConnectionCut
            case "429":
                return too_many(asked.model.name, retry_after=None)
            case "429 retry-after":
                return too_many(asked.model.name, retry_after=fault.seconds)
            case "429 quota":
                return out_of_quota()
            case "500":
                return server_error()
            case "502 html":
                return bad_gateway()
            case "401":
                return wrong_key(self._api_key)
            case "403 country":
                return unsupported_country()
            case _:
                return None

    def _reply(self, entry: ModelRequest, generated: Generated, fault: Fault | None) -> ModelReply:
        return ModelReply(
            request=entry.number,
            at=self._clock(),
            model=generated.asked.model.name,
            message=generated.asked.message,
            answered=generated.text if generated.text is not None else str(generated.refusal),
            finish=generated.finish,
            fault=None if fault is None else fault.how,
            usage=generated.usage,
        )


async def _sent_with(fault: Fault | None, answer: Answer) -> Answer:
    """The answer of a model, on a line that has its misfortunes too."""
    match fault:
        case Fault(how="slow"):
            await asyncio.sleep(fault.seconds)
        case Fault(how="drop"):
            raise ConnectionCut
        case Fault(how="drip"):
            return replace(answer, seconds_to_send=fault.seconds)
        case Fault(how="huge"):
            return replace(answer, body=answer.body.ljust(HUGE))
        case _:
            pass
    return answer


def _parsed(content: bytes) -> object:
    try:
        return read_json(content)
    except ValueError:
        return None


def _not_allowed(request: web.Request) -> Answer:
    words = f"Not allowed to {request.method} on {request.path}."
    return error(HTTPStatus.METHOD_NOT_ALLOWED, words, code="method_not_supported")


def _models(method: str, name: str) -> Answer:
    if method != "GET":
        return error(HTTPStatus.METHOD_NOT_ALLOWED, f"Not allowed to {method} on /v1/models.")
    if not name:
        return success({"object": "list", "data": [_model(known) for known in MODELS]})
    return success(_model(name)) if name in MODELS else model_not_found(name)


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "system"}
