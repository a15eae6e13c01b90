"""Redis and PostgreSQL of one's own, as the tests have them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade
from tests.servers import PostgresServer, RedisServer


@dataclass(frozen=True, slots=True)
class Stores:
    """Their addresses. The database has this version's tables."""

    database_url: str
    redis_url: str

    @property
    def settings(self) -> dict[str, str]:
        """As CarQuery is told of them."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


@asynccontextmanager
async def servers() -> AsyncIterator[Stores]:
    """Started, and removed on leaving. Raises ServerMissing: `make bench` installs them."""
    postgres, redis = PostgresServer(), RedisServer()
    try:
        await asyncio.to_thread(postgres.start)
        await asyncio.to_thread(redis.start)
        async with open_engine(postgres.url) as engine:
            await upgrade(engine)
        yield Stores(postgres.url, redis.url)
    finally:
        redis.remove()
        postgres.remove()
