"""What a server answers, and how it reaches whoever asked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

_PIECES = 20
"""Of a body that takes its time."""
_PROXY_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer.

    Attributes:
        content_type: None if it has no body.
        seconds_to_send: how long its body takes to arrive, piece by piece.
    """

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds_to_send: float = 0.0


class Refused(Exception):
    """The request is answered with something other than success."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"HTTP {answer.status}")
        self.answer = answer


class ProxyPage(Exception):
    """Not the API's answer: a proxy's HTML page with status 502."""


class ConnectionCut(Exception):
    """Not an answer: the connection is to be closed instead."""


def proxy_page() -> web.StreamResponse:
    return web.Response(status=502, text=_PROXY_PAGE, content_type="text/html")


def cut(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # goes nowhere; aiohttp wants a value


async def send(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send an answer, slowly if it is to be so."""
    if answer.seconds_to_send:
        return await _drip(request, answer)
    response = web.Response(status=answer.status, body=answer.body or None, headers=_headers(answer))
    if answer.content_type is None and "Content-Type" in response.headers:
        del response.headers["Content-Type"]
    return response


async def _drip(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=_headers(answer))
    response.content_length = len(answer.body)
    await response.prepare(request)
    step = -(-len(answer.body) // _PIECES)
    pieces = [answer.body[start : start + step] for start in range(0, len(answer.body), step)]
    pause = answer.seconds_to_send / max(len(pieces) - 1, 1)
    try:
        for number, piece in enumerate(pieces):
            await asyncio.sleep(pause if number else 0)
            await response.write(piece)
    except ConnectionError:
        pass  # who had enough of it has left
    return response


def _headers(answer: Answer) -> dict[str, str]:
    if answer.content_type is None:
        return dict(answer.headers)
    return {"Content-Type": answer.content_type, **answer.headers}
