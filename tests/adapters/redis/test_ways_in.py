"""Every way to a server that an address can name: with a password, over TLS, to a socket, to another database."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from redis.asyncio import Redis

from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.redis.visits import RedisVisits
from tests.builders import ANNA, a_visit
from tests.contracts.visit_stores import LIFETIME
from tests.servers import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("redis")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RedisServer]:
    """Lets in who knows a password, at a port and at a socket."""
    server = RedisServer("--unixsocket", str(folder / "redis.sock"))
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def certificate(folder: Path) -> Path:
    """Of 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "redis")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
    )
    file = folder / "redis.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
    )
    return file


@pytest.fixture
async def tls_port(server: RedisServer, certificate: Path) -> AsyncIterator[int]:
    """Where the server is spoken to over TLS; the wheel's Redis speaks none."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", server.port)
        async with asyncio.TaskGroup() as copying:
            copying.create_task(copy(reader, to_server))
            copying.create_task(copy(from_server, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as listening:
        yield listening.sockets[0].getsockname()[1]


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65_536):
        writer.write(piece)
    writer.close()


@asynccontextmanager
async def letting_in(server: RedisServer, user: str, password: str) -> AsyncIterator[None]:
    """The server, while it lets in that user alone."""
    async with Redis.from_url(server.url) as redis:
        await redis.acl_setuser("default", enabled=True, reset_passwords=True, passwords=[f"+{password}"])
        await redis.acl_setuser(user, enabled=True, passwords=[f"+{password}"], keys=["*"], categories=["+@all"])
        try:
            yield
        finally:
            await redis.acl_deluser(user)
            await redis.acl_setuser("default", enabled=True, nopass=True)


async def comes_back(address: str) -> None:
    async with open_redis(address) as store:
        await store.connect()
        visits = RedisVisits(store, lifetime=LIFETIME)
        await store.call("FLUSHDB")
        await visits.save(a_visit())
        assert await visits.load(ANNA) == a_visit().saved()


@pytest.mark.parametrize("credentials", [":p%40ss%2Fword@", "carquery:p%40ss%2Fword@"], ids=["password", "user"])
async def test_with_a_password(server: RedisServer, credentials: str) -> None:
    async with letting_in(server, "carquery", "p@ss/word"):
        await comes_back(server.url.replace("redis://", f"redis://{credentials}"))


@pytest.mark.parametrize("address", ["unix://SOCKET", "unix://SOCKET?db=2"])
async def test_at_a_socket(server: RedisServer, folder: Path, address: str) -> None:
    await comes_back(address.replace("SOCKET", str(folder / "redis.sock")))


async def test_in_another_database_by_a_name_of_its_own(server: RedisServer) -> None:
    address = server.url.replace("/0", "/3?client_name=carquery")
    async with open_redis(address) as store, Redis.from_url(server.url) as redis:
        await RedisVisits(store, lifetime=LIFETIME).save(a_visit())

        assert [client["db"] for client in await redis.client_list() if client["name"] == "carquery"] == ["3"]


async def test_over_tls_to_whom_the_certificate_names(server: RedisServer, certificate: Path, tls_port: int) -> None:
    await comes_back(f"rediss://127.0.0.1:{tls_port}/0?ssl_ca_certs={certificate}")
    await comes_back(f"rediss://127.0.0.1:{tls_port}/0?ssl_cert_reqs=none")

    async with open_redis(f"rediss://127.0.0.1:{tls_port}/0") as store:
        with pytest.raises(RedisRefused, match="certificate is not one that this machine trusts"):
            await store.connect()


async def test_a_certificate_that_is_not_there_is_said() -> None:
    with pytest.raises(RedisRefused, match="ssl_"):
        async with open_redis("rediss://127.0.0.1:1/0?ssl_ca_certs=/no/such/file"):
            pass
