"""Answers on their way back."""

from dataclasses import replace
from uuid import uuid4

from aiohttp import web

from carquery_emulators.kit import answers
from carquery_emulators.kit.answers import Answer


async def send(request: web.Request, answer: Answer, *, milliseconds: int) -> web.StreamResponse:
    """Send it with the API's own headers. `milliseconds`: what the API says that it took."""
    if answer.content_type != "application/json":  # what does not come from the API itself has none of these
        return await answers.send(request, answer)
    own = {
        "x-request-id": f"req_{uuid4().hex}",
        "openai-version": "2020-10-01",
        "openai-organization": "org-emulator",
        "openai-processing-ms": str(milliseconds),
    }
    return await answers.send(request, replace(answer, headers={**answer.headers, **own}))
