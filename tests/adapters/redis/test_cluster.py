"""A cluster: who has which key, slots that move, a master that dies. What `Visits` promises there is in contracts/."""

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from carquery.adapters.redis.checks import before_start
from carquery.adapters.redis.cluster import slot_of
from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.keys import visit_key
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import Channel, CustomerId
from tests.builders import ANNA, a_visit
from tests.contracts.visit_stores import LIFETIME
from tests.patience import eventually
from tests.redis_topologies import RedisCluster, a_redis_cluster, asked, soon

pytestmark = [pytest.mark.redis, pytest.mark.xdist_group("redis of several servers")]

CUSTOMERS = [CustomerId(Channel("telegram"), str(7_000_000_100 + number)) for number in range(24)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[RedisCluster]:
    with a_redis_cluster(replicas=1, node_timeout=soon()) as cluster:
        yield cluster


@pytest.fixture
async def visits(cluster: RedisCluster) -> AsyncIterator[RedisVisits]:
    for master in cluster.masters:
        asked(master, "FLUSHALL")
    async with open_redis(cluster.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await visits.prepare()
        yield visits


@pytest.mark.parametrize(
    "key", ["a", "{a}b", "b{a}", "a{}b", "a{b", "}a{b}", "a{{b}c}", "{a}{b}", "{«ё»}🚗", visit_key(ANNA)]
)
def test_a_key_has_the_slot_that_servers_say(cluster: RedisCluster, key: str) -> None:
    assert slot_of(key) == asked(cluster.masters[0], "CLUSTER", "KEYSLOT", key)


async def test_all_masters_have_customers(cluster: RedisCluster, visits: RedisVisits) -> None:
    for customer in CUSTOMERS:
        await visits.save(a_visit(customer))

    counts = [asked(master, "DBSIZE") for master in cluster.masters]

    assert sum(counts) == len(CUSTOMERS)
    assert min(counts) > 0
    assert [await visits.load(customer) for customer in CUSTOMERS] == [a_visit(who).saved() for who in CUSTOMERS]


async def test_a_slot_may_move_under_a_customer(cluster: RedisCluster, visits: RedisVisits) -> None:
    """While it moves, a script may find its keys in two places; the customer is told to try again."""
    key, slot = visit_key(ANNA), slot_of(visit_key(ANNA))
    old = cluster.master_of(key)
    new = next(master for master in cluster.masters if master is not old)
    names = {server: asked(server, "CLUSTER", "MYID") for server in (old, new)}
    await visits.save(a_visit())

    asked(new, "CLUSTER", "SETSLOT", slot, "IMPORTING", names[old])
    asked(old, "CLUSTER", "SETSLOT", slot, "MIGRATING", names[new])
    assert await visits.load(ANNA) == a_visit().saved()
    asked(old, "MIGRATE", "127.0.0.1", new.port, key, 0, 60_000)
    assert await visits.load(ANNA) == a_visit().saved()
    with pytest.raises(StoreUnavailable, match="moving slots"):
        await visits.save(a_visit().saved())
    for server in (new, old, *cluster.masters):
        asked(server, "CLUSTER", "SETSLOT", slot, "NODE", names[new])

    await visits.save(a_visit().saved())
    assert await visits.load(ANNA) == a_visit().saved().saved()


async def test_config_check_says_what_it_found(cluster: RedisCluster) -> None:
    (found,) = [finding async for finding in before_start(cluster.url)]

    assert found.says.startswith("a cluster of 3 masters and 1 replicas, answers")


async def test_when_a_master_dies_its_replica_goes_on_and_nobody_restarts_anything(
    cluster: RedisCluster, visits: RedisVisits
) -> None:
    """What it had acknowledged and not passed on yet may be lost: a visit is an earlier one then, and goes on."""
    for customer in CUSTOMERS:
        await visits.save(a_visit(customer))
    (replica,) = cluster.replicas

    with capture_logs() as logs:
        cluster.masters[0].stop()
        await eventually(lambda: anybody_waits(visits))
        await eventually(lambda: asked(replica, "ROLE")[0] == "master")
        await eventually(lambda: all_go_on(visits))

    assert [line["event"] for line in logs] == ["redis_away", "redis_back"]

    assert all([await visits.load(customer) for customer in CUSTOMERS])


async def anybody_waits(visits: RedisVisits) -> bool:
    return not await all_go_on(visits)


async def all_go_on(visits: RedisVisits) -> bool:
    """Whether everybody's next input can be taken."""
    try:
        for customer in CUSTOMERS:
            visit = await visits.load(customer)
            await visits.save(visit or a_visit(customer))
    except StoreUnavailable:
        return False
    return True
