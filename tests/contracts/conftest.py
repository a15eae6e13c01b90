"""Every adapter of the ports that several suites ask for, one after another."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.contracts.crms import CRMS, CrmInHand
from tests.contracts.databases import DATABASES, DATABASES_AWAY, Away, Database
from tests.contracts.visit_stores import VisitStore, behind_a_sentinel, memory, memory_in_use, on_a_cluster, redis
from tests.redis_topologies import RedisCluster, WatchedRedis, a_redis_cluster, a_watched_redis

of_several_servers = [pytest.mark.redis, pytest.mark.xdist_group("redis of several servers")]
"""They are started once."""


def _name(adapter: object) -> str | None:
    return getattr(adapter, "__name__", None)


@pytest.fixture(params=DATABASES, ids=_name)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    async with request.param(request) as database:
        yield database


@pytest.fixture(params=DATABASES_AWAY, ids=_name)
async def away(request: pytest.FixtureRequest) -> AsyncIterator[Away]:
    async with request.param(request) as away:
        yield away


@pytest.fixture(params=CRMS, ids=_name)
async def hand(request: pytest.FixtureRequest) -> AsyncIterator[CrmInHand]:
    async with request.param() as hand:
        yield hand


@pytest.fixture(scope="session")
def redis_cluster() -> Iterator[RedisCluster]:
    with a_redis_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def watched_redis() -> Iterator[WatchedRedis]:
    with a_watched_redis() as watched:
        yield watched


@pytest.fixture(
    params=[
        pytest.param((memory, None), id="memory"),
        pytest.param((memory_in_use, None), id="memory in use"),
        pytest.param((redis, "redis_url"), id="redis", marks=pytest.mark.redis),
        pytest.param((on_a_cluster, "redis_cluster"), id="cluster", marks=of_several_servers),
        pytest.param((behind_a_sentinel, "watched_redis"), id="sentinel", marks=of_several_servers),
    ]
)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[VisitStore]:
    """Each adapter of visits, with the fixture that has its servers."""
    adapter, servers = request.param
    async with adapter(None if servers is None else request.getfixturevalue(servers)) as store:
        yield store
