"""A server in MAX's place that answers what it is told to, and the way to it."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from carquery.adapters.max.api.connection import connect
from carquery.adapters.max.api.limits import Limits
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.memory.environment import SettableClock
from tests.builders import NOW
from tests.wire import in_bytes

TOKEN = "f9LHodD0cOK-SECRET_of-this_test"
DONE = '{"success": true, "message": {"body": {"mid": "mid.1"}}}'


@dataclass(frozen=True, slots=True)
class Request:
    line: str
    headers: dict[str, str]
    body: str


class OddServer:
    """Answers as it was told for the first number in a request's line; else as MAX does when all went well.

    Attributes:
        asked: what it was asked for, in order.
        base: where it listens.
    """

    def __init__(self, answers: dict[int, tuple[int, str]] | None = None) -> None:
        self.answers = answers or {}
        self.asked: list[Request] = []
        self.base = ""

    def answer(self, line: str, body: str) -> tuple[int, str]:
        """Status, or 0 if it hangs up; and body."""
        del body
        return self.answers.get(int(re.findall(r"(\d+)", line)[0]), (200, DONE))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *lines = head.strip().split("\r\n")
        headers = dict(one.split(": ", 1) for one in lines)
        body = await reader.readexactly(int(headers.get("Content-Length", 0)))
        self.asked.append(Request(line, headers, body.decode()))
        status, said = self.answer(line, self.asked[-1].body)
        if status:
            writer.write(in_bytes({"status": status, "type": "application/json", "body": said}))
        writer.close()


async def at_once(_seconds: float) -> None:
    """In place of waiting for a turn."""


@asynccontextmanager
async def max_at(
    server: OddServer, *, tls: ssl.SSLContext | None = None, ca_file: Path | None = None
) -> AsyncIterator[MaxApi]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.base = f"{'http' if tls is None else 'https'}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with (
        listening,
        connect(TOKEN, api_base=server.base, ca_file=ca_file, limits=Limits(SettableClock(NOW), sleep=at_once)) as api,
    ):
        yield api
