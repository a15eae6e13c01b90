"""HTTP/1.1 on raw asyncio: keep-alive, bodies with a length, answers in JSON. Nothing else is needed on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

Answer: TypeAlias = Callable[[bytes], None]
Handle: TypeAlias = Callable[[str, Mapping[str, Any], Answer], None]
"""Is given the path, what was sent by name, and whom to answer, now or later."""

_END: Final = b"\r\n\r\n"


@asynccontextmanager
async def listening(handle: Handle) -> AsyncIterator[int]:
    """Listen on a free port of loopback; which one."""
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(handle), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


class _Connection(asyncio.Protocol):
    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # a TCP connection's is
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (whole := _first_request(self._received)) is not None:
            path, parameters, self._received = whole
            self._handle(path, parameters, self._answer)

    def _answer(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _first_request(received: bytes) -> tuple[str, Mapping[str, Any], bytes] | None:
    """Its path, its parameters, and what came behind it; None: it is not all there yet."""
    head, end, rest = received.partition(_END)
    if not end:
        return None
    line, *rows = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows)}
    length = int(headers.get("content-length", 0))
    if len(rest) < length:
        return None
    path = line.split(" ")[1]
    return path, _parameters(headers.get("content-type", ""), rest[:length]), rest[length:]


def _parameters(content_type: str, body: bytes) -> Mapping[str, Any]:
    if not body:
        return {}
    if content_type.startswith("application/json"):
        sent: Mapping[str, Any] = json.loads(body)
        return sent
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode()))
    raise ValueError(f"{content_type}: no bot sends that without a file")
