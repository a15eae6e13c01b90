"""Our own HTTP server: what it answers, and connections that hold a place and bring nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
import uvloop

from carquery.adapters.http.server import DoorTimes, HttpServer, RequestHead, Response, Site
from tests.patience import waiting_for

MOST = 3
QUICK, NEVER = 0.05, 3600.0


async def answer(body: bytes) -> Response:
    return Response(body=f"{len(body)} bytes".encode())


def refuse(head: RequestHead) -> Response | None:
    return None if head.path == b"/" else Response(HTTPStatus.NOT_FOUND)


@asynccontextmanager
async def a_door(
    *,
    head_seconds: float = NEVER,
    body_seconds: float = NEVER,
    largest: int = 100,
    answering: Callable[[bytes], Awaitable[Response]] = answer,
) -> AsyncIterator[int]:
    times = DoorTimes(head=head_seconds, body=body_seconds, idle=NEVER, largest=largest, most=MOST)
    server = HttpServer(Site(refuse, answering), times)
    try:
        yield await server.start("127.0.0.1", 0)
    finally:
        await server.close(within=0)


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


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Its status, and its body."""
    async with waiting_for("an answer"):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return int(head.split()[1]), await reader.readexactly(length)


async def answers_to(port: int, sent: bytes, count: int = 1) -> tuple[list[tuple[int, bytes]], bool]:
    """So many answers on one connection, and whether it ended with the last."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        answers = [await read_answer(reader) for _ in range(count)]
        writer.write(HEAD + b"\r\nagain")
        try:
            async with waiting_for("an answer, or the end of the connection"):
                return answers, await reader.read(1) == b""
        except ConnectionResetError:
            return answers, True
    finally:
        writer.close()


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
TOO_LONG = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n" + b"x" * 101


@pytest.mark.parametrize(
    ("sent", "status", "body", "ends"),
    [
        (HEAD + b"\r\nhello", 200, b"5 bytes", False),
        (HEAD + b"Connection: close\r\n\r\nhello", 200, b"5 bytes", True),
        (HEAD.replace(b"1.1", b"1.0") + b"\r\nhello", 200, b"5 bytes", True),
        (CHUNKED + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200, b"5 bytes", False),
        (b"POST http://x/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 200, b"0 bytes", False),
        (HEAD.replace(b"/ ", b"/x ", 1) + b"\r\nhello", 404, b"", False),
        (TOO_LONG, 413, b"", True),
        (CHUNKED + b"65\r\n" + b"x" * 101, 413, b"", True),
        (b"no HTTP at all\r\n\r\n", 400, b"", True),
        (b"POST / HTTP/1.1\r\nX-Endless: " + b"x" * 100_000, 431, b"", True),
    ],
    ids=[
        "kept",
        "the last",
        "HTTP/1.0",
        "chunks",
        "a whole URL",
        "not here",
        "long",
        "long chunks",
        "nonsense",
        "head",
    ],
)
async def test_each_request_gets_its_answer(sent: bytes, status: int, body: bytes, *, ends: bool) -> None:
    async with a_door() as port:
        assert await answers_to(port, sent) == ([(status, body)], ends)


async def test_who_wants_to_know_whether_to_go_on_may() -> None:
    async with a_door() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"Expect: 100-continue\r\n\r\n")
        async with waiting_for("a word"):
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"hello")
        assert await read_answer(reader) == (200, b"5 bytes")
        writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async with a_door(body_seconds=QUICK) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"\r\nhel")
        assert await read_answer(reader) == (408, b"")
        writer.close()


async def test_who_does_not_wait_for_an_answer_gets_one_and_no_more() -> None:
    may_answer = asyncio.Event()

    async def slowly(body: bytes) -> Response:
        await may_answer.wait()
        return await answer(body)

    async with a_door(answering=slowly) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(2 * (HEAD + b"\r\nhello"))
        may_answer.set()
        assert await read_answer(reader) == (200, b"5 bytes")
        async with waiting_for("the end of the connection"):
            assert await reader.read() == b""
        writer.close()


async def test_what_fails_is_answered_too() -> None:
    async def fail(body: bytes) -> Response:
        raise RuntimeError(f"{len(body)} bytes too many")

    async with a_door(answering=fail) as port:
        assert (await answers_to(port, HEAD + b"\r\nhello"))[0] == [(500, b"")]


async def test_what_is_in_hand_at_the_end_is_answered() -> None:
    came, may_answer = asyncio.Event(), asyncio.Event()

    async def slowly(body: bytes) -> Response:
        came.set()
        await may_answer.wait()
        return await answer(body)

    server = HttpServer(Site(refuse, slowly), DoorTimes())
    port = await server.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    idle, of_idle = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"\r\nhello")
    async with waiting_for("the request"):
        await came.wait()

    closing = asyncio.ensure_future(server.close(within=3600))
    async with waiting_for("the end of the idle connection"):
        assert await idle.read() == b""
    may_answer.set()

    assert await read_answer(reader) == (200, b"5 bytes")
    async with waiting_for("the end"):
        assert await reader.read() == b""
        await closing
    writer.close()
    of_idle.close()
