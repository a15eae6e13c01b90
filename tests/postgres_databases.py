"""Databases of one's own on a PostgreSQL server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade

TEMPLATE = f"carquery_template_{uuid4().hex}"
"""Each process of a test run makes its own: a given server may serve several, of several versions."""


@asynccontextmanager
async def a_postgres_database(server_url: str, *, migrated: bool = True) -> AsyncIterator[str]:
    """A database of one's own, at this version's tables; its URL."""
    name = f"carquery_{uuid4().hex}"
    async with _connected(server_url) as admin:
        if migrated:
            await _make_template(admin, server_url)
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if migrated else 'template0'}")
    try:
        yield _with_name(server_url, name)
    finally:  # by another connection: a test may have restarted the server
        async with _connected(server_url) as admin:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def _connected(server_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(server_url)
    try:
        yield connection
    finally:
        await connection.close()


async def _make_template(admin: "asyncpg.Connection[asyncpg.Record]", server_url: str) -> None:
    if await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
        return
    await admin.execute(f"CREATE DATABASE {TEMPLATE}")
    async with open_engine(_with_name(server_url, TEMPLATE)) as engine:
        await upgrade(engine)


async def drop_template(server_url: str) -> None:
    """Leave a server that is not ours as it was found."""
    async with _connected(server_url) as admin:
        await admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")


def _with_name(server_url: str, name: str) -> str:
    return f"{server_url.rpartition('/')[0]}/{name}"
