"""Answers on their way back."""

import asyncio
from uuid import uuid4

from aiohttp import web

from carquery_emulators.openai.answers import Answer

_DRIPS = 20  # pieces of a body that comes slowly


async def send(request: web.Request, answer: Answer, *, milliseconds: int) -> web.StreamResponse:
    """Send it, slowly if it is to be so. `milliseconds`: what the API says that it took."""
    headers = {"Content-Type": answer.content_type, **answer.headers}
    if answer.content_type == "application/json":  # what does not come from the API itself has none of these
        headers |= {
            "x-request-id": f"req_{uuid4().hex}",
            "openai-version": "2020-10-01",
            "openai-organization": "org-emulator",
            "openai-processing-ms": str(milliseconds),
        }
    if not answer.seconds_to_send:
        return web.Response(status=answer.status, body=answer.body, headers=headers)
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    step = -(-len(answer.body) // _DRIPS)
    pieces = [answer.body[start : start + step] for start in range(0, len(answer.body), step)]
    pause = answer.seconds_to_send / max(len(pieces) - 1, 1)
    try:
        for number, piece in enumerate(pieces):
            await asyncio.sleep(pause if number else 0)
            await response.write(piece)
    except ConnectionError:
        pass  # who had enough of it has left
    return response


def cut(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # goes nowhere; aiohttp wants a value
