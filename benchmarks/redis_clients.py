"""What a command to Redis costs the process that sends it: ours, and redis-py over a pool of connections.

Read is a visit as it stands at the end of a form, one at a time and 16 at once.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from carquery.adapters.redis.connection import open_redis
from carquery.entrypoints.processes.interpreter import run_for_long
from tests.servers import RedisServer

AT_ONCE: Final = 16
KEY: Final = "carquery:{1}:telegram:1:visit"
FIELDS: Final = ("version", "body", "shown")
BODY: Final = "д" * 1_000

Read = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of CPU for one command."""

    alone: float
    at_once: float


async def measured(*, commands: int) -> str:
    """Each client's cost, and its ratio to ours."""
    server = RedisServer()
    server.start()
    try:
        on_asyncio = {
            "redis-py, a pool": await _cost(redis_py(server.url), commands),
            "ours": await _cost(ours(server.url), commands),
        }
        on_uvloop = await asyncio.to_thread(run_for_long, _cost(ours(server.url), commands))
    finally:
        server.remove()
    return _table(on_asyncio | {"ours on uvloop": on_uvloop})


@asynccontextmanager
async def redis_py(url: str) -> AsyncIterator[Read]:
    """As bots mostly use it."""
    pool = BlockingConnectionPool.from_url(url, max_connections=64, socket_timeout=1.0, retry=Retry(NoBackoff(), 0))
    async with Redis.from_pool(pool) as redis:
        await redis.hset(KEY, mapping=dict.fromkeys(FIELDS, BODY))
        yield lambda: redis.hmget(KEY, [*FIELDS])


@asynccontextmanager
async def ours(url: str) -> AsyncIterator[Read]:
    """One connection, on which many are under way."""
    async with open_redis(url) as store:
        await store.call("HSET", KEY, *(part for field in FIELDS for part in (field, BODY)))
        yield lambda: store.call("HMGET", KEY, *FIELDS)


async def _cost(client: AbstractAsyncContextManager[Read], commands: int) -> Cost:
    async with client as read:
        await asyncio.gather(*(read() for _ in range(AT_ONCE)))  # connections are opened
        return Cost(await _spent(read, 1, commands), await _spent(read, AT_ONCE, commands))


async def _spent(read: Read, at_once: int, commands: int) -> float:
    began = time.process_time()
    for _ in range(commands // at_once):
        await asyncio.gather(*(read() for _ in range(at_once)))
    return (time.process_time() - began) / (commands // at_once * at_once) * 1_000_000


def _table(costs: dict[str, Cost]) -> str:
    reference = costs["ours"]
    lines = [f"CPU µs per Redis command, one at a time / {AT_ONCE} at once (ratio to ours):"]
    for name, cost in costs.items():
        lines.append(
            f"  {name}: {cost.alone:.0f} ({cost.alone / reference.alone:.1f}) / "
            f"{cost.at_once:.0f} ({cost.at_once / reference.at_once:.1f})"
        )
    return "\n".join(lines)
