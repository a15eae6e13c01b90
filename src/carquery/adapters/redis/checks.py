"""Whether Redis answers, and keeps what it is given."""

from collections.abc import AsyncIterator
from typing import Final

from carquery.adapters.checks import Finding, State, Unwell
from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.keeping import KEEPS_ALL, look_at_keeping
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.redis.visits import RedisVisits
from carquery.domain.ids import Channel, CustomerId

NOBODY: Final = CustomerId(Channel("nobody"), "0")


async def before_start(redis_url: str) -> AsyncIterator[Finding]:
    """Connect, and ask it what it consists of, what it does when its memory is full, and when it restarts."""
    try:
        async with open_redis(redis_url) as redis:
            await redis.connect()
            with redis.translated():
                keeping, topology = await look_at_keeping(redis), await redis.described()
    except RedisRefused as refused:
        raise Unwell(str(refused), "REDIS_URL") from refused
    answers = f"{topology}, answers" if topology else "answers"
    if troubles := keeping.troubles():
        # What it throws away is lost while everything is up; what ends with a restart is somebody's choice.
        state = State.NOTE if keeping.policy in {None, KEEPS_ALL} else State.WRONG
        yield Finding("Redis", f"{answers}, and may forget what it is given", state, remedy="; ".join(troubles))
    elif not keeping.is_known:
        yield Finding("Redis", f"{answers}; whether it keeps what it is given, it does not say", State.UNKNOWN)
    else:
        yield Finding("Redis", f"{answers}, and keeps what it is given")


async def answering(visits: RedisVisits) -> AsyncIterator[Finding]:
    """Read the visit of somebody who does not exist."""
    await visits.load(NOBODY)
    yield Finding("redis", "answers")


async def keeping(visits: RedisVisits) -> AsyncIterator[Finding]:
    """Ask it again: somebody may have set it otherwise. Raises Unwell: it may forget open dialogs."""
    found = await visits.keeping()
    if troubles := found.troubles():
        raise Unwell("; ".join(troubles))
    if found.is_known:
        yield Finding("redis_keeps", "what it is given")
    else:
        yield Finding("redis_keeps", "it does not say", State.UNKNOWN)
