"""The connection to Redis, and what its errors mean."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ClusterDownError, OutOfMemoryError, ReadOnlyError, RedisError, ResponseError, TryAgainError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from carquery.adapters.redis.words import in_words
from carquery.application.ports.stores import StoreUnavailable

COMMAND_SECONDS: Final = 1.0
CONNECTIONS: Final = 64

_AWAY: Final = (
    RedisConnectionError,
    RedisTimeoutError,
    ClusterDownError,  # also a replica without its master
    OutOfMemoryError,
    ReadOnlyError,
    TryAgainError,
    OSError,
)
_AWAY_REPLIES: Final = re.compile(r"(?:^|: -)(BUSY|MISCONF|NOREPLICAS|OOM|READONLY) ")
"""How such replies begin. Redis before 7 wraps a script's: «Error running script (…): … -OOM command not allowed …»."""


class RedisRefused(Exception):
    """Redis can't be used as configured: it is not there, or refuses the password."""


@asynccontextmanager
async def connect(redis_url: str) -> AsyncIterator[Redis]:
    """A pool of connections that was tried once; closed on leaving.

    Raises:
        RedisRefused: nobody answers there, or the password is wrong.
    """
    pool = BlockingConnectionPool.from_url(
        redis_url,
        max_connections=CONNECTIONS,
        timeout=COMMAND_SECONDS,
        socket_timeout=COMMAND_SECONDS,
        socket_connect_timeout=COMMAND_SECONDS,
        # A command is not repeated behind our back: a save that was done and whose answer was lost would look lost.
        retry=Retry(NoBackoff(), 0),
    )
    redis = Redis.from_pool(pool)
    try:
        try:
            await redis.ping()
        except (RedisError, OSError) as error:
            raise RedisRefused(in_words(error, is_tls=redis_url.startswith("rediss:"))) from error
        yield redis
    finally:
        await redis.aclose()


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Turn an absent, slow, full or read-only Redis into StoreUnavailable; any other error is a bug and stays."""
    try:
        async with asyncio.timeout(2 * COMMAND_SECONDS):
            yield
    except _AWAY as error:
        raise StoreUnavailable(f"redis: {in_words(error)}") from error
    except ResponseError as error:
        if _AWAY_REPLIES.search(str(error)):
            raise StoreUnavailable(f"redis: {in_words(error)}") from error
        raise
