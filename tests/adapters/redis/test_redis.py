"""What only the Redis adapter has: its cost, and Redis being away."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.keys import visit_key
from carquery.adapters.redis.pipeline import COMMAND_SECONDS
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import CustomerId
from tests.builders import ANNA, BORIS, a_visit
from tests.contracts.visit_stores import LIFETIME
from tests.patience import waiting_for
from tests.servers import RedisServer
from tests.switch import a_switch

pytestmark = pytest.mark.redis

KEY = visit_key(ANNA)
KEY_BEFORE = f"carquery:{{{ANNA.number}}}:visit"
"""Of the version before, for the same customer."""


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A Redis of the test's own, to be ill-treated."""
    server = RedisServer()
    server.start()
    yield server
    server.remove()


async def test_a_load_and_a_save_are_one_command_each(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client, open_redis(redis_url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await visits.prepare()
        await client.config_resetstat()

        await visits.save(a_visit())
        await visits.load(ANNA)

        stats = await client.info("commandstats")
        sent = {name.removeprefix("cmdstat_"): stat["calls"] for name, stat in stats.items()}
        assert {name: sent[name] for name in ("evalsha", "hmget")} == {"evalsha": 1, "hmget": 1}
        inside_the_script = {"hget", "hset", "pexpire"}
        of_the_test = {"config|resetstat", "config", "info"}  # Redis before 7 counts no subcommands
        assert set(sent) - inside_the_script - of_the_test == {"evalsha", "hmget"}


async def test_a_redis_that_forgot_its_scripts_learns_them_again(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client, open_redis(redis_url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await client.script_flush()

        await visits.save(a_visit())

        assert await visits.load(ANNA) == a_visit().saved()


async def test_a_redis_that_was_away_is_used_again_by_itself() -> None:
    server = RedisServer()
    server.start()
    try:
        async with open_redis(server.url) as store:
            visits = RedisVisits(store, lifetime=LIFETIME)
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


async def test_a_redis_that_is_not_there_is_refused_at_once() -> None:
    async with open_redis("redis://127.0.0.1:1/0") as store:
        with pytest.raises(RedisRefused):
            await store.connect()


async def test_a_wrong_password_is_refused_at_once() -> None:
    server = RedisServer()
    server.start()
    try:
        async with Redis.from_url(server.url) as client:
            await client.config_set("requirepass", "a-password")

        async with open_redis(server.url.replace("redis://", "redis://:wrong@")) as store:
            with pytest.raises(RedisRefused):
                await store.connect()
    finally:
        server.remove()


REFUSALS: dict[str, Callable[[Redis], Awaitable[object]]] = {
    "full": lambda client: client.config_set("maxmemory", "1"),
    "without replicas": lambda client: client.config_set("min-replicas-to-write", "1"),
    "read only": lambda client: client.replicaof("127.0.0.1", "1"),
}


@pytest.mark.parametrize("fault", list(REFUSALS))
async def test_a_redis_that_refuses_to_write_is_unavailable(server: RedisServer, fault: str) -> None:
    """Redis before 7 wraps what a script is refused with into an error of its own."""
    async with Redis.from_url(server.url) as client, open_redis(server.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await visits.save(a_visit())
        await REFUSALS[fault](client)

        with pytest.raises(StoreUnavailable):
            await visits.save(a_visit().saved())

        assert await visits.load(ANNA) == a_visit().saved()


async def test_a_replica_without_its_master_is_unavailable(server: RedisServer) -> None:
    async with Redis.from_url(server.url) as client, open_redis(server.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await client.config_set("replica-serve-stale-data", "no")
        await client.replicaof("127.0.0.1", "1")

        with pytest.raises(StoreUnavailable):
            await visits.load(ANNA)


async def test_a_redis_that_is_slow_is_unavailable_before_the_customer_gives_up(server: RedisServer) -> None:
    async with Redis.from_url(server.url) as client, open_redis(server.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await client.client_pause(86_400_000)

        async with waiting_for("a load to be given up"):
            with pytest.raises(StoreUnavailable):
                await visits.load(ANNA)

    assert COMMAND_SECONDS <= 1.5


async def test_a_load_that_was_cancelled_leaves_its_reply_to_nobody(server: RedisServer) -> None:
    """Another customer would read it."""
    async with Redis.from_url(server.url) as client, open_redis(server.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await visits.save(a_visit(ANNA))
        await visits.save(a_visit(BORIS))
        await client.client_pause(200)

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await visits.load(ANNA)

        assert await visits.load(BORIS) == a_visit(BORIS).saved()


async def test_all_who_come_at_once_share_one_connection_and_each_has_their_own_reply(redis_url: str) -> None:
    people = [CustomerId(ANNA.channel, str(number)) for number in range(100)]
    async with Redis.from_url(redis_url) as client, open_redis(f"{redis_url}?client_name=carquery") as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await asyncio.gather(*(visits.save(a_visit(customer)) for customer in people))

        loaded = await asyncio.gather(*(visits.load(customer) for customer in people))

        assert loaded == [a_visit(customer).saved() for customer in people]
        assert [named["name"] for named in await client.client_list()].count("carquery") == 1


async def test_a_redis_that_takes_no_more_connections_is_unavailable_and_then_used(server: RedisServer) -> None:
    async with Redis.from_url(server.url) as client, open_redis(server.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await client.config_set("maxclients", "1")

        with pytest.raises(StoreUnavailable, match="no more connections"):
            await visits.load(ANNA)

        await client.config_set("maxclients", "100")
        await visits.save(a_visit())


async def test_who_waits_too_long_costs_those_behind_neither_their_reply_nor_the_connection(
    server: RedisServer,
) -> None:
    """A server that was held up for a moment answers in the end."""
    async with Redis.from_url(server.url) as client, open_redis(f"{server.url}?client_name=carquery") as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await visits.save(a_visit(BORIS))
        connection = [named["id"] for named in await client.client_list() if named["name"] == "carquery"]
        await client.client_pause(round(COMMAND_SECONDS * 1_500))

        with pytest.raises(StoreUnavailable):
            await visits.load(ANNA)

        assert await visits.load(BORIS) == a_visit(BORIS).saved()
        assert connection == [named["id"] for named in await client.client_list() if named["name"] == "carquery"]


async def test_a_master_that_became_a_replica_is_left_for_the_one_behind_the_same_address() -> None:
    """A failover that cuts no connection: what is open leads to the old one, what is new to the new one."""
    old, new = RedisServer(), RedisServer()
    old.start()
    new.start()
    try:
        async with a_switch(old.port) as switch, open_redis(f"redis://127.0.0.1:{switch.port}/0") as store:
            visits = RedisVisits(store, lifetime=LIFETIME)
            await asyncio.gather(*(visits.load(customer) for customer in (ANNA, BORIS)))
            async with Redis.from_url(old.url) as client:
                await client.replicaof("127.0.0.1", str(new.port))
            switch.move_to(new.port)

            with capture_logs() as logs:
                with pytest.raises(StoreUnavailable):
                    await visits.save(a_visit())
                await visits.save(a_visit())
                await asyncio.gather(*(visits.load(customer) for customer in (ANNA, BORIS)))

            async with Redis.from_url(new.url) as client:
                assert set(await client.keys()) == {KEY.encode(), KEY_BEFORE.encode()}
            assert [line["event"] for line in logs] == ["redis_away", "redis_back"]
    finally:
        old.remove()
        new.remove()


@pytest.mark.parametrize("fault", list(REFUSALS))
async def test_that_it_takes_no_writes_is_said_once_however_often_it_is_read(server: RedisServer, fault: str) -> None:
    async with Redis.from_url(server.url) as client, open_redis(server.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await REFUSALS[fault](client)

        with capture_logs() as logs:
            for _ in range(3):
                await visits.load(ANNA)
                with pytest.raises(StoreUnavailable):
                    await visits.save(a_visit())

        assert [line["event"] for line in logs] == ["redis_away"]


async def test_a_redis_that_is_not_there_at_the_start_is_used_when_it_is(server: RedisServer) -> None:
    server.stop()
    async with open_redis(server.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        with capture_logs() as logs:
            await visits.prepare()
            server.start()
            await visits.save(a_visit())

        assert [line["event"] for line in logs] == ["redis_away", "redis_back"]
        assert await visits.load(ANNA) == a_visit().saved()


async def test_a_redis_that_does_not_let_us_in_is_refused_at_the_start(server: RedisServer) -> None:
    async with Redis.from_url(server.url) as client:
        await client.config_set("requirepass", "a-password")

    for user in ("", ":wrong@", "nobody:a-password@"):
        async with open_redis(server.url.replace("redis://", f"redis://{user}")) as store:
            with pytest.raises(RedisRefused) as refused:
                await RedisVisits(store, lifetime=LIFETIME).prepare()
            assert "a-password" not in str(refused.value)


POISONS: dict[str, Callable[[Redis, str], Awaitable[object]]] = {
    "another type": lambda client, key: client.set(key, "from before it was a hash"),
    "no JSON": lambda client, key: client.hset(key, mapping={"version": 1, "body": "{"}),
    "no UTF-8": lambda client, key: client.hset(key, mapping={"version": 1, "body": b"\xff{}"}),
    "too deep": lambda client, key: client.hset(key, mapping={"version": 1, "body": "[" * 100_000}),
    "no body": lambda client, key: client.hset(key, mapping={"version": 1}),
    "no version": lambda client, key: client.hset(key, mapping={"body": "{}"}),
    "a version that is no number": lambda client, key: client.hset(key, mapping={"version": "one", "body": "{}"}),
}


@pytest.mark.parametrize("key", [KEY, KEY_BEFORE])
@pytest.mark.parametrize("poison", list(POISONS))
async def test_whatever_stands_in_a_visits_place_the_customer_can_begin_anew(
    redis_url: str, poison: str, key: str
) -> None:
    async with Redis.from_url(redis_url) as client, open_redis(redis_url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await POISONS[poison](client, key)

        assert await visits.load(ANNA) is None
        await visits.save(a_visit())

        assert await visits.load(ANNA) == a_visit().saved()
