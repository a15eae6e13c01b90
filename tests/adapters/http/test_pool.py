"""Connections of our own HTTP client: kept, shared, and let go. On the loop that a bot has, and on Python's own."""

import asyncio
import math
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.http.connecting import Origin, directly, place_of
from carquery.adapters.http.connection import LARGEST_HEAD, AnswerTooLong, ConnectionBroken, HttpConnection
from carquery.adapters.http.pool import IDLE_SECONDS, HttpPool, NoAnswer
from tests.patience import patience

Case = Callable[[], Coroutine[object, object, None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[object, object, None]], None]:
    """Runs a case on one of the loops."""

    def on_loop(case: Coroutine[object, object, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(case)

    return on_loop


Run = Callable[[Coroutine[object, object, None]], None]


@dataclass
class Server:
    """Answers each request with the next of `answers`, the last one again and again; counts connections."""

    answers: Sequence[bytes] = (OK,)
    connections: int = 0
    asked: list[bytes] = field(default_factory=list)
    port: int = 0
    ends_after: int | None = None
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        served = 0
        try:
            while self.ends_after is None or served < self.ends_after:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                body = await reader.readexactly(int(length or b"0"))
                self.asked.append(head + body)
                await self.may_answer.wait()
                writer.write(self.answers[min(len(self.asked), len(self.answers)) - 1])
                await writer.drain()
                served += 1
            writer.write_eof()
            await reader.read()  # until the other side has ended as well
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.ended.set()


@asynccontextmanager
async def a_server(server: Server, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.may_answer.set()
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{server.port}/asked"


@asynccontextmanager
async def a_client(
    trusted: ssl.SSLContext | None = None, *, idle_seconds: float = IDLE_SECONDS
) -> AsyncIterator[HttpPool]:
    connect = directly(trusted or ssl.create_default_context())
    http = HttpPool(connect, at_once=100, idle_seconds=idle_seconds)
    try:
        yield http
    finally:
        await http.close()


def post(http: HttpPool, url: str, seconds: float | None = None, *, at_most: float = math.inf) -> Awaitable[HttpAnswer]:
    origin, host, path = place_of(url)
    request = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    return http.exchange(origin, request, seconds=patience() if seconds is None else seconds, at_most=at_most)


class Wire(asyncio.Transport):
    """Takes everything, and brings what a test hands to the connection, in pieces of its choice."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Nobody reads it."""

    def is_closing(self) -> bool:
        return False

    def abort(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("size", [LARGEST_HEAD, 4 * LARGEST_HEAD])
async def test_a_long_answer_may_come_in_one_piece_with_its_head(size: int) -> None:
    """A hundred updates do: uvloop hands over a quarter of a megabyte at a time."""
    connection = HttpConnection()
    connection.connection_made(Wire())
    asking = asyncio.ensure_future(connection.request(b"POST / HTTP/1.1\r\n\r\n"))
    await asyncio.sleep(0)

    connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"u" * size)

    assert (await asking).body == b"u" * size


def test_calls_one_after_another_share_a_connection(run: Run) -> None:
    async def case() -> None:
        server = Server()
        async with a_server(server) as url, a_client() as http:
            for _ in range(3):
                assert await post(http, url) == HttpAnswer(200, b"ok")

        assert server.connections == 1

    run(case())


def test_calls_at_the_same_time_have_each_their_own(run: Run) -> None:
    async def case() -> None:
        server = Server()
        async with a_server(server) as url, a_client() as http:
            server.may_answer.clear()
            calls = [asyncio.ensure_future(post(http, url)) for _ in range(5)]
            while len(server.asked) < len(calls):
                await asyncio.sleep(0)
            server.may_answer.set()
            assert {(await call).body for call in calls} == {b"ok"}
            await post(http, url)

        assert server.connections == len(calls)

    run(case())


def test_a_connection_that_has_ended_is_not_used_again(run: Run) -> None:
    async def case() -> None:
        server = Server(ends_after=1)
        async with a_server(server) as url, a_client() as http:
            for number in range(1, 4):
                await post(http, url)
                await server.ended.wait()
                server.ended.clear()
                assert server.connections == number

    run(case())


def test_a_connection_that_was_idle_for_too_long_is_not_used_again(run: Run) -> None:
    """Whoever stands between may have forgotten it without a word: what is sent there is lost, and not sent again."""

    async def case() -> None:
        server = Server()
        async with a_server(server) as url, a_client(idle_seconds=0.01) as http:
            await post(http, url)
            await asyncio.sleep(0.05)
            await post(http, url)
            assert server.connections == 2
            await server.ended.wait()

    run(case())


ANSWERS = {
    "in chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
    "after a «continue»": b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
    "and then the connection ends": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    "headers in capitals": b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 2\r\n\r\nok",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_read_however_it_comes(run: Run, answer: str) -> None:
    async def case() -> None:
        async with a_server(Server([ANSWERS[answer]])) as url, a_client() as http:
            for _ in range(2):
                assert await post(http, url) == HttpAnswer(200, b"ok")

    run(case())


def test_an_answer_may_be_long_though_a_head_may_not(run: Run) -> None:
    """It comes in pieces of up to 256 KB, the first of them with the head."""
    body = b"x" * 300_000
    answers = [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)]
    answers.append(b"HTTP/1.1 200 OK\r\nX-Long: " + body)

    async def case() -> None:
        async with a_server(Server(answers)) as url, a_client() as http:
            assert (await post(http, url)).body == body
            with pytest.raises(NoAnswer) as none:
                await post(http, url)
            assert str(none.value.failure) == "a head without end"

    run(case())


def test_an_answer_without_a_length_ends_with_the_connection(run: Run) -> None:
    async def case() -> None:
        server = Server([b"HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\n\r\n<html>"], ends_after=1)
        async with a_server(server) as url, a_client() as http:
            assert await post(http, url) == HttpAnswer(502, b"<html>")

    run(case())


@pytest.mark.parametrize("length", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_more_than_anybody_wants_is_not_read(run: Run, length: bytes) -> None:
    body = b"9\r\n<endless>\r\n" if b"chunked" in length else b"<endless>"

    async def case() -> None:
        async with a_server(Server([b"HTTP/1.1 200 OK\r\n" + length + b"\r\n\r\n" + body])) as url, a_client() as http:
            with pytest.raises(NoAnswer) as none:
                await post(http, url, at_most=8)
            assert isinstance(none.value.failure, AnswerTooLong)
            assert none.value.is_sent

    run(case())


def test_an_answer_has_the_names_and_values_of_its_head(run: Run) -> None:
    async def case() -> None:
        answers = [b"HTTP/1.1 429 Too Many\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 204 No\r\n\r\n"]
        async with a_server(Server(answers)) as url, a_client() as http:
            assert list((await post(http, url)).head) == [(b"Retry-After", b"5"), (b"Content-Length", b"0")]
            assert list((await post(http, url)).head) == []

    run(case())


def test_what_nobody_asked_for_is_no_answer_to_the_next_call(run: Run) -> None:
    """A late second answer on a kept connection would be taken for that of another customer's message."""

    async def case() -> None:
        server = Server([OK + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother", OK])
        async with a_server(server) as url, a_client() as http:
            assert [(await post(http, url)).body for _ in range(2)] == [b"ok", b"ok"]

        assert server.connections == 2

    run(case())


def test_who_stops_waiting_leaves_no_answer_behind(run: Run) -> None:
    async def case() -> None:
        server = Server([OK, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"])
        async with a_server(server) as url, a_client() as http:
            server.may_answer.clear()
            with pytest.raises(NoAnswer) as late:
                await post(http, url, seconds=0.2)
            server.may_answer.set()

            assert (type(late.value.failure), late.value.is_sent) == (TimeoutError, True)
            assert (await post(http, url)).body == b"next"

    run(case())


def test_each_request_has_a_time_limit_of_its_own(run: Run) -> None:
    """One timer serves all: also a nearer limit behind a farther one, and the next nearest after it has struck."""

    async def case() -> None:
        server = Server()
        async with a_server(server) as url, a_client() as http:
            server.may_answer.clear()
            patient = asyncio.ensure_future(post(http, url))
            hasty = [post(http, url, seconds=seconds) for seconds in (0.2, 0.1, 0.3)]
            failed = await asyncio.gather(*hasty, return_exceptions=True)
            server.may_answer.set()

            assert [type(one.failure) for one in failed if isinstance(one, NoAnswer)] == [TimeoutError] * 3
            assert (await patient).body == b"ok"

    run(case())


def test_half_an_answer_is_none(run: Run) -> None:
    async def case() -> None:
        server = Server([b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"], ends_after=1)
        async with a_server(server) as url, a_client() as http:
            with pytest.raises(NoAnswer) as none:
                await post(http, url)
            assert isinstance(none.value.failure, ConnectionBroken)

    run(case())


def test_tls_is_spoken_with_whom_we_trust_and_with_nobody_else(run: Run, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(certificate)

    async def case() -> None:
        server = Server()
        async with a_server(server, tls=here) as url:
            async with a_client(ssl.create_default_context(cafile=str(certificate))) as http:
                for _ in range(2):
                    assert (await post(http, url)).body == b"ok"
            async with a_client() as http:
                with pytest.raises(NoAnswer) as refused:
                    await post(http, url)

        assert len(server.asked) == 2
        assert isinstance(refused.value.failure, ssl.SSLError)
        assert not refused.value.is_sent

    run(case())


@pytest.mark.parametrize(
    ("url", "origin", "host", "path"),
    [
        (
            "https://api.telegram.org/bot1:A/x",
            Origin("api.telegram.org", 443, is_tls=True),
            "api.telegram.org",
            "/bot1:A/x",
        ),
        ("http://[::1]:8081/bot1:A/x", Origin("::1", 8081, is_tls=False), "[::1]:8081", "/bot1:A/x"),
        ("https://тг.рф/api/x", Origin("xn--c1a3a.xn--p1ai", 443, is_tls=True), "xn--c1a3a.xn--p1ai", "/api/x"),
        ("http://h/x?a[]=б&c=%20", Origin("h", 80, is_tls=False), "h", "/x?a[]=%D0%B1&c=%20"),
        ("http://h", Origin("h", 80, is_tls=False), "h", "/"),
        ("http://h/file/фото 1.jpg", Origin("h", 80, is_tls=False), "h", "/file/%D1%84%D0%BE%D1%82%D0%BE%201.jpg"),
    ],
)
def test_an_address_is_asked_for_in_ascii(url: str, origin: Origin, host: str, path: str) -> None:
    assert place_of(url) == (origin, host, path)


@pytest.mark.parametrize("url", ["", "/api", "amocrm.ru/api", "ftp://h/x", "https:///x", "http://h:port/"])
def test_what_is_no_address_is_not_asked(url: str) -> None:
    with pytest.raises(ValueError, match=r"Port|no URL"):
        place_of(url)


def self_signed(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = built.sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "certificate.pem"
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file
