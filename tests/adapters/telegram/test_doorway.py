"""Connections that hold a place and bring nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvloop
from aiohttp import web

from carquery.adapters.telegram.api.doorway import GuardedSite
from tests.patience import waiting_for

MOST = 3
QUICK, NEVER = 0.05, 3600.0


async def answer(request: web.Request) -> web.Response:
    return web.Response(text=f"{len(await request.read())} bytes")


@asynccontextmanager
async def a_door(*, head_seconds: float = NEVER) -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await GuardedSite(runner, "127.0.0.1", 0, head_seconds=head_seconds, most=MOST).start()
    try:
        port: int = runner.addresses[0][1]
        yield port
    finally:
        await runner.cleanup()


async def said_to(port: int, *pieces: bytes) -> bytes:
    """The first line that comes back; empty: the connection was cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        async with waiting_for("an answer, or the end of the connection"):
            return await reader.readline()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"


@pytest.mark.parametrize(
    "pieces",
    [(), (b"P",), (HEAD,), (HEAD, b"X-More: 1\r\n"), (b"\r\n",)],
    ids=["nothing", "a letter", "half a head", "a head in pieces", "an empty line"],
)
async def test_half_a_head_is_not_waited_for(pieces: tuple[bytes, ...]) -> None:
    async with a_door(head_seconds=QUICK) as port:
        assert await said_to(port, *pieces) == b""


def test_the_loop_that_a_bot_has_is_guarded_too() -> None:
    """Its transports are not asyncio's by type."""

    async def case() -> tuple[bytes, bytes]:
        async with a_door() as port:
            whole = await said_to(port, HEAD + b"\r\nhello")
        async with a_door(head_seconds=QUICK) as port:
            return whole, await said_to(port, HEAD)

    assert uvloop.run(case()) == (b"HTTP/1.1 200 OK\r\n", b"")


@pytest.mark.parametrize(
    "pieces",
    [(HEAD + b"\r\nhello",), (HEAD, b"\r\n", b"hel", b"lo"), (HEAD + b"\r", b"\n", b"hello")],
    ids=["at once", "in pieces", "cut where it ends"],
)
async def test_a_whole_request_is_answered(pieces: tuple[bytes, ...]) -> None:
    async with a_door() as port:
        assert await said_to(port, *pieces) == b"HTTP/1.1 200 OK\r\n"


async def test_a_body_may_take_longer_than_a_head() -> None:
    async with a_door(head_seconds=QUICK) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"\r\nhel")
        assert await said_to(port) == b"", "the time for heads is over"
        writer.write(b"lo")
        async with waiting_for("the answer"):
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()


async def test_one_too_many_is_cut_off_and_the_others_are_served() -> None:
    async with a_door() as port:
        open_ones = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST)]
        assert await said_to(port, HEAD, b"\r\nhello") == b""

        reader, writer = open_ones[0]
        writer.write(HEAD + b"\r\nhello")
        async with waiting_for("the answer"):
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"

        for _, writer in open_ones:
            writer.close()
