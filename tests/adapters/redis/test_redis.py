"""What only the Redis adapter has: its cost, and Redis being away."""

import pytest

from carquery.adapters.redis.connection import RedisRefused, connect
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.visits import StoreUnavailable
from tests.builders import ANNA, a_visit
from tests.contracts.visit_stores import LIFETIME
from tests.servers import RedisServer

pytestmark = pytest.mark.redis


async def test_a_load_and_a_save_are_one_command_each(redis_url: str) -> None:
    async with connect(redis_url) as client:
        visits = RedisVisits(client, lifetime=LIFETIME)
        await visits.prepare()
        await client.config_resetstat()

        await visits.save(a_visit())
        await visits.load(ANNA)

        stats = await client.info("commandstats")
        sent = {name.removeprefix("cmdstat_"): stat["calls"] for name, stat in stats.items()}
        assert {name: sent[name] for name in ("evalsha", "hmget")} == {"evalsha": 1, "hmget": 1}
        inside_the_script = {"hget", "hset", "pexpire"}
        assert set(sent) - inside_the_script <= {"evalsha", "hmget", "config", "config|resetstat", "info"}


async def test_a_redis_that_forgot_its_scripts_learns_them_again(redis_url: str) -> None:
    async with connect(redis_url) as client:
        visits = RedisVisits(client, lifetime=LIFETIME)
        await client.script_flush()

        await visits.save(a_visit())

        assert await visits.load(ANNA) == a_visit().saved()


async def test_a_redis_that_was_away_is_used_again_by_itself() -> None:
    server = RedisServer()
    server.start()
    try:
        async with connect(server.url) as client:
            visits = RedisVisits(client, lifetime=LIFETIME)
            await visits.save(a_visit())

            server.stop()
            with pytest.raises(StoreUnavailable):
                await visits.load(ANNA)
            with pytest.raises(StoreUnavailable):
                await visits.save(a_visit())

            server.start()
            assert await visits.load(ANNA) is None
            await visits.save(a_visit())
    finally:
        server.remove()


async def test_a_full_redis_is_unavailable_and_loses_nothing(redis_url: str) -> None:
    server = RedisServer()
    server.start()
    try:
        async with connect(server.url) as client:
            visits = RedisVisits(client, lifetime=LIFETIME)
            await visits.save(a_visit())
            await client.config_set("maxmemory", "1")

            with pytest.raises(StoreUnavailable):
                await visits.save(a_visit().saved())

            assert await visits.load(ANNA) == a_visit().saved()
    finally:
        server.remove()


async def test_a_redis_that_is_not_there_is_refused_at_once() -> None:
    with pytest.raises(RedisRefused):
        async with connect("redis://127.0.0.1:1/0"):
            pass


async def test_a_wrong_password_is_refused_at_once() -> None:
    server = RedisServer()
    server.start()
    try:
        async with connect(server.url) as client:
            await client.config_set("requirepass", "right")

        with pytest.raises(RedisRefused):
            async with connect(server.url.replace("redis://", "redis://:wrong@")):
                pass
    finally:
        server.remove()
