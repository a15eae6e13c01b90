"""Replicas over a Redis Cluster, a master of which dies: what it had acknowledged last may be lost, a lead may not."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.scaling.people import PersistentCustomer, all_fill_in
from tests.e2e.scaling.replicas import a_replicated_bot
from tests.patience import eventually
from tests.redis_topologies import RedisCluster, a_redis_cluster, asked, soon

pytestmark = [pytest.mark.postgres, pytest.mark.redis]

CUSTOMERS = 40


@pytest.fixture
def cluster() -> Iterator[RedisCluster]:
    with a_redis_cluster(replicas=1, node_timeout=soon()) as cluster:
        yield cluster


async def test_a_master_dies_and_every_customer_finishes_and_every_lead_arrives_once(
    postgres_url: str, cluster: RedisCluster, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with a_replicated_bot(2, postgres_url, cluster.url, tmp_path) as bot:
        delivery = bot.delivery
        people = [PersistentCustomer(delivery.telegram.customer(8_000 + number, "<3")) for number in range(CUSTOMERS)]

        async def a_master_dies() -> None:
            await asyncio.to_thread(cluster.masters[0].stop)
            await eventually(lambda: asked(cluster.replicas[0], "ROLE")[0] == "master")

        await all_fill_in(people, in_the_middle=a_master_dies)
        await delivery.all_delivered()
        tally = await delivery.tally()
        stored = {lead.reference for lead in await delivery.leads.newest(limit=1_000)}

    told = {reference for person in people for reference in person.told}
    lost, doubled = len(told - stored), len(stored - told)
    record_property("proof", f"{CUSTOMERS} customers, a master killed: lost={lost}, duplicated={doubled}; {tally}")
    assert all(person.told for person in people)
    assert (lost, doubled) == (0, 0)
    assert tally.is_exactly_once, tally
