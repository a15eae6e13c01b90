"""What is said of a Redis that can't be used, and of one that does not keep what it is given."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.keeping import Keeping, look_at_keeping
from carquery.adapters.redis.refused import RedisRefused
from tests.servers import RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """A Redis of these tests' own, to be set up wrongly."""
    server = RedisServer()
    server.start()
    yield server
    server.remove()


@asynccontextmanager
async def somebody_else(answer: bytes) -> AsyncIterator[str]:
    """What listens at a port and is no Redis; its port."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer:
            await reader.read(10)
            writer.write(answer)
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as listening:
        yield str(listening.sockets[0].getsockname()[1])


async def said_of(address: str) -> str:
    async with open_redis(address) as store:
        with pytest.raises(RedisRefused) as refused:
            await store.connect()
    assert "Error" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("redis://127.0.0.1:1/0", "nobody listens"),
        ("redis://localhost:1/0", "nobody listens"),
        ("redis://nowhere.invalid:6379/0", "no such host"),
        ("unix:///no/such/socket", "no such socket"),
        ("SERVER/99", "no database of that number"),
        ("redissSERVER/0", "speaks none"),
    ],
)
async def test_what_is_wrong_with_an_address_is_said_in_words(server: RedisServer, address: str, says: str) -> None:
    here = server.url.removesuffix("/0")
    given = address.replace("redissSERVER", here.replace("redis://", "rediss://")).replace("SERVER", here)

    assert says in await said_of(given)


@pytest.mark.parametrize("user", ["", ":wrong@", "nobody:wrong@"], ids=["none", "wrong", "no such user"])
async def test_a_password_that_is_refused_is_said(server: RedisServer, user: str) -> None:
    async with Redis.from_url(server.url) as redis:
        await redis.config_set("requirepass", "right")
        try:
            words = await said_of(server.url.replace("redis://", f"redis://{user}"))
        finally:
            await redis.config_set("requirepass", "")

    assert "refuses the password or the user" in words
    assert "wrong" not in words


@pytest.mark.parametrize(
    ("scheme", "answer", "says"),
    [
        ("redis", b"", "does it want TLS"),
        ("redis", b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no Redis"),
        ("rediss", b"", "speaks none"),
        ("rediss", b"HTTP/1.1 400 Bad Request\r\n\r\n", "speaks none"),
    ],
)
async def test_what_is_no_redis_is_said(scheme: str, answer: bytes, says: str) -> None:
    async with somebody_else(answer) as port:
        assert says in await said_of(f"{scheme}://127.0.0.1:{port}/0")


@pytest.mark.parametrize(
    ("settings", "keeping", "troubles"),
    [
        ({"appendonly": "yes"}, Keeping("noeviction", survives=True), ()),
        ({"save": "3600 1"}, Keeping("noeviction", survives=True), ()),
        ({}, Keeping("noeviction", survives=False), ("appendonly yes",)),
        (
            {"maxmemory-policy": "allkeys-lru", "appendonly": "yes"},
            Keeping("allkeys-lru", survives=True),
            ("maxmemory-policy allkeys-lru",),
        ),
        (
            {"maxmemory-policy": "volatile-ttl"},
            Keeping("volatile-ttl", survives=False),
            ("maxmemory-policy volatile-ttl", "appendonly yes"),
        ),
    ],
    ids=["appends", "snapshots", "forgets", "evicts", "both"],
)
async def test_whether_it_keeps_what_it_is_given(
    server: RedisServer, settings: dict[str, str], keeping: Keeping, troubles: tuple[str, ...]
) -> None:
    async with Redis.from_url(server.url) as redis, open_redis(server.url) as store:
        for name, value in ({"maxmemory-policy": "noeviction", "appendonly": "no", "save": ""} | settings).items():
            await redis.config_set(name, value)

        found = await look_at_keeping(store)

    assert found == keeping
    assert len(found.troubles()) == len(troubles)
    assert all(words in trouble for words, trouble in zip(troubles, found.troubles(), strict=True))


@pytest.mark.parametrize(
    ("forbidden", "found"),
    [
        (["-config"], Keeping("noeviction", survives=True)),
        (["-info"], Keeping(None, survives=None)),
        (["-config", "-info"], Keeping(None, survives=None)),
    ],
    ids=["CONFIG", "INFO", "both"],
)
async def test_a_hosted_one_may_not_be_asked_everything(
    server: RedisServer, forbidden: list[str], found: Keeping
) -> None:
    async with Redis.from_url(server.url) as redis:
        for name, value in {"maxmemory-policy": "noeviction", "appendonly": "yes", "save": ""}.items():
            await redis.config_set(name, value)
        await redis.acl_setuser(
            "hosted",
            enabled=True,
            reset=True,
            passwords=["+pass"],
            keys=["*"],
            categories=["+@all"],
            commands=[command.removeprefix("+") for command in forbidden],
        )

        async with open_redis(server.url.replace("redis://", "redis://hosted:pass@")) as hosted:
            assert await look_at_keeping(hosted) == found
