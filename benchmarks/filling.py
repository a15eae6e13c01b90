"""Stores that have been used for years."""

from typing import Final

import asyncpg
from redis.asyncio import Redis

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.tables import leads
from carquery.adapters.system.clock import SystemClock
from tests.builders import a_delivered_lead

AT_ONCE: Final = 1_000
KEPT_MS: Final = 3_600_000
MADE: Final = {
    "id": "lpad(to_hex(n), 13, '0')",
    "reference": "'CQ-' || upper(lpad(to_hex(n), 6, '0'))",
    "customer": "9000000000 + n / 3",
    "customer_id": "'telegram:' || 9000000000 + n / 3",
    "phone": "'+7' || 9000000000 + n / 3",
    "created_at": "created_at - make_interval(secs => n)",
    "delivered_at": "delivered_at - make_interval(secs => n)",
}
"""The columns that differ, by the number of a lead; three in a row are one customer's."""


async def fill_visits(redis_url: str, count: int) -> None:
    """Store so many copies of a visit that is there, under keys of customers who never come."""
    async with Redis.from_url(redis_url) as redis:
        key = await anext(redis.scan_iter(match="carquery:*:visit", count=AT_ONCE))
        visit = [part for pair in (await redis.hgetall(key)).items() for part in pair]
        for first in range(0, count, AT_ONCE):
            pipeline = redis.pipeline(transaction=False)
            for number in range(first, min(first + AT_ONCE, count)):
                copy = f"carquery:telegram:{{9{number:09}}}:visit"
                pipeline.hset(copy, items=visit)
                pipeline.pexpire(copy, KEPT_MS)
            await pipeline.execute()


async def fill_leads(database_url: str, count: int) -> None:
    """Store so many leads that were delivered, copies of one, in a PostgreSQL."""
    now = SystemClock().now()
    async with open_engine(database_url) as engine:
        first = await SqlLeads(engine, SystemClock()).add(a_delivered_lead(0, now=now, created_at=now))
    names = [column.name for column in leads.columns]
    made = [MADE.get(name, name) for name in names]
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            f"INSERT INTO leads ({', '.join(names)}) SELECT {', '.join(made)} "  # noqa: S608  # names of our own
            f"FROM leads, generate_series(1, {count}) AS n WHERE id = '{first.id}'"
        )
        await connection.execute("ANALYZE leads")
    finally:
        await connection.close()
