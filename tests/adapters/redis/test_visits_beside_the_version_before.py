"""Replicas of the version before run beside this one during an upgrade: each goes on where the other was.

What that version wrote is in `tests/data/visits_before_channels.jsonl`: a hash of its own making a line.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from redis.asyncio import Redis

from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.keys import visit_key
from carquery.adapters.redis.visits import RedisVisits
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import InputId, MessageToken, Source
from carquery.domain.visit import Visit
from tests.builders import ANNA, NAMESAKE, a_visit
from tests.contracts.visit_stores import LIFETIME

pytestmark = pytest.mark.redis

ITS_KEY: Final = f"carquery:{{{ANNA.number}}}:visit"
OWN_KEY: Final = visit_key(ANNA)
STORED: Final = (Path(__file__).parents[2] / "data" / "visits_before_channels.jsonl").read_text().splitlines()


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def visits(redis_url: str) -> AsyncIterator[RedisVisits]:
    async with open_redis(redis_url) as store:
        yield RedisVisits(store, lifetime=LIFETIME)


async def loaded(visits: RedisVisits) -> Visit:
    visit = await visits.load(ANNA)
    assert visit is not None
    return visit


def text(stored: bytes | str) -> str:
    return stored.decode() if isinstance(stored, bytes) else stored


async def it_reads(client: Redis) -> dict[str, Any]:
    """What the version before makes of what stands under its key; it takes nothing but numbers where it wrote them."""
    stored = {text(name): text(value) for name, value in (await client.hgetall(ITS_KEY)).items()}
    visit: dict[str, Any] = json.loads(stored["body"])
    assert isinstance(visit["customer"], int)
    assert all(isinstance(taken, int) for taken in visit["taken"])
    return visit | {"version": int(stored["version"]), "shown": stored.get("shown")}


async def it_saves(client: Redis, **changes: Any) -> None:
    """The version before changes the visit that it reads, under its key."""
    read = await it_reads(client)
    version = read.pop("version")
    read.pop("shown")
    await client.hset(ITS_KEY, mapping={"version": version + 1, "body": json.dumps(read | changes)})


@pytest.mark.parametrize("stored", STORED, ids=range(len(STORED)))
async def test_a_visit_of_the_version_before_goes_on(client: Redis, visits: RedisVisits, stored: str) -> None:
    written: dict[str, Any] = json.loads(stored)
    await client.hset(f"carquery:{{{written['key']}}}:visit", mapping=written["hash"])
    body = json.loads(written["hash"]["body"])

    visit = await loaded(visits)

    assert (visit.customer, visit.version) == (ANNA, int(written["hash"]["version"]))
    assert visit.taken == tuple(InputId(str(number)) for number in body["taken"])
    assert visit.shown == written["hash"].get("shown")
    await visits.save(visit)
    assert await visits.load(ANNA) == visit.saved()
    saved = await it_reads(client)
    assert {name: saved[name] for name in body} == body


async def test_the_version_before_goes_on_where_this_one_was(client: Redis, visits: RedisVisits) -> None:
    await visits.save(a_visit(taken=(InputId("1"), InputId("2"))))
    await visits.note_shown(ANNA, MessageToken("17:1"))

    read = await it_reads(client)

    assert (read["customer"], read["taken"], read["version"], read["shown"]) == (int(ANNA.number), [1, 2], 1, "17:1")


async def test_each_goes_on_where_the_other_was_and_no_save_is_lost(client: Redis, visits: RedisVisits) -> None:
    await visits.save(a_visit(taken=(InputId("1"),)))
    seen = await loaded(visits)

    await it_saves(client, taken=[1, 2], source="avito")

    with pytest.raises(VisitChanged):
        await visits.save(seen)
    newer = await loaded(visits)
    assert (newer.taken, newer.source, newer.version) == (("1", "2"), Source("avito"), 2)
    await visits.save(replace(newer, taken=(*newer.taken, InputId("3"))))
    await it_saves(client, taken=[1, 2, 3, 4])
    assert (await loaded(visits)).taken == ("1", "2", "3", "4")


async def test_where_the_version_before_shows_the_screen_is_known(client: Redis, visits: RedisVisits) -> None:
    await visits.save(a_visit())
    await visits.note_shown(ANNA, MessageToken("17:0"))

    await client.hset(ITS_KEY, "shown", "18:1")

    assert (await loaded(visits)).shown == "18:1"


async def test_a_visit_stands_under_the_key_of_its_channel_too(client: Redis, visits: RedisVisits) -> None:
    """The next version will look there alone."""
    await visits.save(a_visit())
    await client.delete(ITS_KEY)

    assert await loaded(visits) == a_visit().saved()
    assert set(await client.keys()) == {OWN_KEY.encode()}


async def test_the_version_before_sees_nobody_of_another_channel(client: Redis, visits: RedisVisits) -> None:
    await visits.save(a_visit(NAMESAKE))

    assert await client.exists(ITS_KEY) == 0
    assert await visits.load(ANNA) is None
