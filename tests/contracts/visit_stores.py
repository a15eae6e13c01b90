"""Every adapter of `Visits`, each with the means to let its time pass and to damage what it keeps."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from redis.asyncio import Redis

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.visits import MemoryVisits
from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.owed_replies import OwedReplies
from carquery.application.ports.visits import Visits
from carquery.domain.ids import CustomerId
from tests.builders import NOW
from tests.redis_topologies import RedisCluster, WatchedRedis

LIFETIME = timedelta(minutes=30)


class VisitsAndOwed(Visits, OwedReplies, Protocol):
    """Adapters are both, for what is owed is written with the visit."""


@dataclass(frozen=True, slots=True)
class VisitStore:
    """A fresh adapter.

    Attributes:
        let_time_pass: age everything stored by so much.
        damage: make what is stored of a customer unreadable.
    """

    visits: VisitsAndOwed
    let_time_pass: Callable[[timedelta], Awaitable[None]]
    damage: Callable[[CustomerId], Awaitable[None]]


def memory(_nothing: None) -> AbstractAsyncContextManager[VisitStore]:
    return _memory(in_use=0)


def memory_in_use(_nothing: None) -> AbstractAsyncContextManager[VisitStore]:
    """As the embedded default has it."""
    return _memory(in_use=1)


@asynccontextmanager
async def _memory(*, in_use: int) -> AsyncIterator[VisitStore]:
    clock = SettableClock(NOW)
    visits = MemoryVisits(clock, lifetime=LIFETIME, in_use=in_use)

    async def let_time_pass(by: timedelta) -> None:
        clock.pass_time(by)

    async def damage(customer: CustomerId) -> None:
        visits.stored[customer].body = b'{"customer": "nobody"}'

    yield VisitStore(visits, let_time_pass, damage)


def redis(redis_url: str) -> AbstractAsyncContextManager[VisitStore]:
    return _redis(redis_url, [redis_url])


def on_a_cluster(cluster: RedisCluster) -> AbstractAsyncContextManager[VisitStore]:
    return _redis(cluster.url, [server.url for server in cluster.masters])


def behind_a_sentinel(watched: WatchedRedis) -> AbstractAsyncContextManager[VisitStore]:
    return _redis(watched.url, [watched.master.url])


@asynccontextmanager
async def _redis(address: str, servers: Sequence[str]) -> AsyncIterator[VisitStore]:
    """`servers`: which of them have what is stored, so that it can be seen and broken."""
    async with open_redis(address) as store, AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Redis.from_url(server)) for server in servers]
        for client in clients:
            await client.flushdb()
        visits = RedisVisits(store, lifetime=LIFETIME)
        await visits.prepare()

        async def let_time_pass(by: timedelta) -> None:
            for client in clients:
                for key in await client.keys():
                    left = await client.pttl(key) - int(by / timedelta(milliseconds=1))
                    await client.pexpire(key, max(left, 0))

        async def damage(customer: CustomerId) -> None:
            for client in clients:
                async for key in client.scan_iter(f"*{customer.number}*:visit"):
                    await client.hset(key, "body", '{"customer": "nobody"}')

        yield VisitStore(visits, let_time_pass, damage)
        for client in clients:
            await _every_key_expires(client)


async def _every_key_expires(client: Redis) -> None:
    """No personal data stays in Redis for ever."""
    for key in await client.keys():
        assert 0 < await client.pttl(key) <= LIFETIME / timedelta(milliseconds=1)
