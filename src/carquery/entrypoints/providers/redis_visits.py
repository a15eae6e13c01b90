"""Visits in the Redis that REDIS_URL names."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from typing import Final

from dishka import AnyOf, AsyncContainer, Provider, Scope, provide

from carquery.adapters.checks import Check, Examine, Finding
from carquery.adapters.redis import checks as redis
from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.owed_replies import OwedReplies, OwedTimes
from carquery.application.ports.visits import Visits
from carquery.entrypoints.checks.kinds import BOT_ALONE, NEITHER, BeforeStart, WhileRunning

KEEPING_KEPT_SECONDS: Final = 60.0


class RedisVisitsProvider(Provider):
    """Connections live as long as the container."""

    scope = Scope.APP

    def __init__(self, redis_url: str, *, lifetime: timedelta) -> None:
        super().__init__()
        self._redis_url = redis_url
        self._lifetime = lifetime

    @provide
    async def visits(self, times: OwedTimes) -> AsyncIterator[AnyOf[Visits, OwedReplies]]:
        async with open_redis(self._redis_url) as redis:
            visits = RedisVisits(redis, lifetime=self._lifetime, times=times)
            await visits.prepare()
            yield visits

    @provide
    def visits_before_start(self) -> BeforeStart:
        return BeforeStart(Check("Redis", partial(redis.before_start, self._redis_url), "REDIS_URL"), ("redis_",))

    @provide
    def redis_answers(self, container: AsyncContainer) -> WhileRunning:
        check = Check("redis", _in_redis(container, redis.answering), "REDIS_URL")
        return WhileRunning(check=check, made_by=BOT_ALONE)

    @provide
    def redis_keeps(self, container: AsyncContainer) -> WhileRunning:
        return WhileRunning(
            check=Check("redis_keeps", _in_redis(container, redis.keeping)),
            made_by=BOT_ALONE,
            needed_by=NEITHER,
            kept_seconds=KEEPING_KEPT_SECONDS,
        )


def _in_redis(container: AsyncContainer, examine: Callable[[RedisVisits], AsyncIterator[Finding]]) -> Examine:
    async def examining() -> AsyncIterator[Finding]:
        visits: Visits = await container.get(Visits)
        if isinstance(visits, RedisVisits):
            async for finding in examine(visits):
                yield finding

    return examining
