"""A master that Sentinels watch: another may be it at any time. What `Visits` promises there is in contracts/."""

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from carquery.adapters.redis.checks import before_start
from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.stores import StoreUnavailable
from tests.builders import ANNA, a_visit
from tests.contracts.visit_stores import LIFETIME
from tests.patience import eventually
from tests.redis_topologies import WatchedRedis, a_watched_redis, asked, soon
from tests.servers import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.xdist_group("redis of several servers")]


@pytest.fixture(scope="module")
def watched() -> Iterator[WatchedRedis]:
    with a_watched_redis(down_after=soon()) as watched:
        yield watched


@pytest.fixture
async def visits(watched: WatchedRedis) -> AsyncIterator[RedisVisits]:
    async with open_redis(watched.url) as store:
        visits = RedisVisits(store, lifetime=LIFETIME)
        await visits.prepare()
        yield visits


async def goes_on(visits: RedisVisits) -> bool:
    """Whether Anna's next input can be taken."""
    try:
        await visits.save(await visits.load(ANNA) or a_visit())
    except StoreUnavailable:
        return False
    return True


async def test_config_check_says_what_it_found(watched: WatchedRedis) -> None:
    (found,) = [finding async for finding in before_start(watched.url)]

    assert found.says.startswith("a master with 1 replicas, watched by 1 Sentinels, answers")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("redis+sentinel://SENTINEL/another/0", "no master of that name"),
        ("redis+sentinel://MASTER/carquery/0", "no Sentinel"),
        ("redis://SENTINEL/0", "it is a Sentinel"),
        ("redis+cluster://MASTER", "it is no cluster"),
        ("redis+sentinel://127.0.0.1:1,localhost:1/carquery", "nobody listens"),
    ],
)
async def test_an_address_of_something_else_is_said_in_words(watched: WatchedRedis, address: str, says: str) -> None:
    here = {"SENTINEL": f"127.0.0.1:{watched.sentinel.port}", "MASTER": f"127.0.0.1:{watched.master.port}"}
    for name, place in here.items():
        address = address.replace(name, place)

    async with open_redis(address) as store:
        with pytest.raises(RedisRefused, match=says):
            await store.connect()


async def test_when_the_master_dies_its_replica_goes_on_and_nobody_restarts_anything(
    watched: WatchedRedis, visits: RedisVisits
) -> None:
    await visits.save(a_visit())

    with capture_logs() as logs:
        watched.master.stop()
        assert not await goes_on(visits)
        await eventually(lambda: is_master(watched.replica))
        await eventually(lambda: goes_on(visits))

    assert await visits.load(ANNA) is not None
    assert [line["event"] for line in logs] == ["redis_away", "redis_back"]


def is_master(server: RedisServer) -> bool:
    return bool(asked(server, "ROLE")[0] == "master")
