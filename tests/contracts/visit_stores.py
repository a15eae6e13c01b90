"""Every adapter of `Visits`, each with the means to let its time pass and to damage what it keeps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.visits import MemoryVisits
from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.visits import Visits
from carquery.domain.ids import CustomerId
from tests.builders import NOW

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class VisitStore:
    """A fresh adapter.

    Attributes:
        let_time_pass: age everything stored by so much.
        damage: make what is stored of a customer unreadable.
    """

    visits: Visits
    let_time_pass: Callable[[timedelta], Awaitable[None]]
    damage: Callable[[CustomerId], Awaitable[None]]


@asynccontextmanager
async def memory(_redis_url: str) -> AsyncIterator[VisitStore]:
    clock = SettableClock(NOW)
    visits = MemoryVisits(clock, lifetime=LIFETIME)

    async def let_time_pass(by: timedelta) -> None:
        clock.pass_time(by)

    async def damage(customer: CustomerId) -> None:
        visits.stored[customer].body = b'{"customer": "nobody"}'

    yield VisitStore(visits, let_time_pass, damage)


@asynccontextmanager
async def redis(redis_url: str) -> AsyncIterator[VisitStore]:
    async with open_redis(redis_url) as store:
        client, visits = store.redis, RedisVisits(store, lifetime=LIFETIME)
        await visits.prepare()

        async def let_time_pass(by: timedelta) -> None:
            for key in await client.keys():
                left = await client.pttl(key) - int(by / timedelta(milliseconds=1))
                await client.pexpire(key, max(left, 0))

        async def damage(customer: CustomerId) -> None:
            async for key in client.scan_iter(f"*{customer.number}*"):
                await client.hset(key, "body", '{"customer": "nobody"}')

        yield VisitStore(visits, let_time_pass, damage)
        await _every_key_expires(client)


async def _every_key_expires(client: Redis) -> None:
    """No personal data stays in Redis for ever."""
    for key in await client.keys():
        assert 0 < await client.pttl(key) <= LIFETIME / timedelta(milliseconds=1)
