"""The connection to Redis, and what its errors mean."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    ClusterDownError,
    InvalidResponse,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from carquery.adapters.outage import Outage
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.redis.words import in_words
from carquery.application.ports.stores import StoreUnavailable

COMMAND_SECONDS: Final = 1.0
CONNECTIONS: Final = 64

_AWAY: Final = (
    RedisConnectionError,
    RedisTimeoutError,
    ClusterDownError,  # also a replica without its master
    InvalidResponse,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    TryAgainError,
    OSError,
)
_AWAY_REPLIES: Final = re.compile(r"(?:^|: -)(BUSY|MISCONF|NOREPLICAS|OOM|READONLY) ")
"""How such replies begin. Redis before 7 wraps a script's: «Error running script (…): … -OOM command not allowed …»."""


_DEMOTED: Final = (BusyLoadingError, ClusterDownError, InvalidResponse, ReadOnlyError)
_DEMOTED_REPLIES: Final = frozenset({"NOREPLICAS", "READONLY"})
"""It takes no writes now, or is no Redis; another behind the same address may: ours lead to the wrong one."""

_REFUSING: Final = (AuthenticationError, AuthorizationError, NoPermissionError)

READING: Final = "reading"
WRITING: Final = "writing"

AWAY: Final = "REDIS_URL: a Redis that answers and takes writes; nothing has to be restarted"


class RedisStore:
    """A pool of connections, and whether what they lead to can be used."""

    def __init__(self, redis: Redis, *, is_tls: bool = False) -> None:
        self.redis: Final = redis
        self.is_tls: Final = is_tls
        self._outage = Outage("redis")

    async def greet(self) -> None:
        """Try it once; that it is away is only said.

        Raises:
            RedisRefused: it does not let us in, and waiting would change nothing.
        """
        try:
            async with self.translated():
                await self.redis.ping()
        except StoreUnavailable as away:
            if isinstance(away.__cause__, _REFUSING):
                raise RedisRefused(in_words(away.__cause__)) from away

    @asynccontextmanager
    async def translated(self, doing: str = READING) -> AsyncIterator[None]:
        """Turn an absent, slow, full or read-only Redis into StoreUnavailable; any other error is a bug and stays.

        Args:
            doing: `READING` or `WRITING`: it may do the one and not the other.
        """
        try:
            async with asyncio.timeout(2 * COMMAND_SECONDS):
                yield
        except (*_AWAY, ResponseError) as error:
            reply = _AWAY_REPLIES.search(str(error)) if isinstance(error, ResponseError) else None
            if reply is None and not isinstance(error, _AWAY):
                raise
            if isinstance(error, _DEMOTED) or (reply is not None and reply[1] in _DEMOTED_REPLIES):
                # Those in use come back, are found out in the same way, and end then.
                await self.redis.connection_pool.disconnect(inuse_connections=False)
            words = in_words(error, is_tls=self.is_tls)
            self._outage.failed(words, AWAY, of=doing)
            raise StoreUnavailable(f"redis: {words}") from error
        else:
            for what in {doing, READING}:
                self._outage.worked(of=what)


@asynccontextmanager
async def open_redis(redis_url: str) -> AsyncIterator[RedisStore]:
    """A pool of connections, closed on leaving. Nothing is connected yet."""
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
        yield RedisStore(redis, is_tls=redis_url.startswith("rediss:"))
    finally:
        await redis.aclose()


@asynccontextmanager
async def connect(redis_url: str) -> AsyncIterator[Redis]:
    """A pool of connections that was tried once; closed on leaving.

    Raises:
        RedisRefused: nobody answers there, or the password is wrong.
    """
    async with open_redis(redis_url) as store:
        try:
            await store.redis.ping()
        except (RedisError, OSError) as error:
            raise RedisRefused(in_words(error, is_tls=store.is_tls)) from error
        yield store.redis
