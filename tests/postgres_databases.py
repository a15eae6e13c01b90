"""Databases of one's own on a PostgreSQL server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import Dialect, Engine, event

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade
from tests.patience import slowness

_OURS = uuid4().hex
"""Each process of a test run makes its own: a given server may serve several, of several versions."""
TEMPLATE = f"carquery_template_{_OURS}"
EMPTIED = f"carquery_emptied_{_OURS}"


_KEEP_AS_IT_WAS = """
    CREATE SCHEMA as_it_was;
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TABLE as_it_was.%1$I AS TABLE public.%1$I', name);
        END LOOP;
    END $$;
    CREATE FUNCTION as_it_was.again() RETURNS void LANGUAGE plpgsql AS $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DELETE FROM public.%1$I; INSERT INTO public.%1$I TABLE as_it_was.%1$I', name);
        END LOOP;
    END $$;
"""
"""Some tables have a row from the beginning."""


@asynccontextmanager
async def a_postgres_database(server_url: str, *, migrated: bool = True) -> AsyncIterator[str]:
    """A database of one's own, at this version's tables; its URL."""
    name = f"carquery_{uuid4().hex}"
    async with _connected(server_url) as admin:
        if migrated:
            await _make_template(admin, server_url)
        await _create(admin, name, TEMPLATE if migrated else "template0")
    try:
        yield _with_name(server_url, name)
    finally:  # by another connection: a test may have restarted the server
        async with _connected(server_url) as admin:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def an_emptied_postgres_database(server_url: str) -> AsyncIterator[str]:
    """The same, much sooner, for tests that leave the tables as they are: one for all of them; its URL."""
    async with _connected(server_url) as admin:
        if not await _exists(admin, EMPTIED):
            await _make_template(admin, server_url)
            await _create(admin, EMPTIED, TEMPLATE)
            async with _connected(_with_name(server_url, EMPTIED)) as inside:
                await inside.execute(_KEEP_AS_IT_WAS)
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", EMPTIED)
    url = _with_name(server_url, EMPTIED)
    async with _connected(url) as inside:
        await inside.execute("SELECT as_it_was.again()")
    yield url


@asynccontextmanager
async def _connected(server_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(server_url)
    try:
        yield connection
    finally:
        await connection.close()


async def _make_template(admin: "asyncpg.Connection[asyncpg.Record]", server_url: str) -> None:
    if await _exists(admin, TEMPLATE):
        return
    await admin.execute(f"CREATE DATABASE {TEMPLATE}")
    async with open_engine(_with_name(server_url, TEMPLATE)) as engine:
        await upgrade(engine)


async def _exists(admin: "asyncpg.Connection[asyncpg.Record]", name: str) -> bool:
    return bool(await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name))


async def _create(admin: "asyncpg.Connection[asyncpg.Record]", name: str, template: str) -> None:
    """As servers before 15 did it, which takes half the time."""
    strategy = "STRATEGY FILE_COPY" if admin.get_server_version().major >= 15 else ""
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} {strategy}")


@event.listens_for(Engine, "do_connect")
def _wait_longer_where_all_is_slow(dialect: Dialect, _: object, __: object, named: dict[str, Any]) -> None:
    """A process's patience with PostgreSQL is for a machine that does something else as well, not for a starved one."""
    if dialect.name == "postgresql":
        named |= {time: named[time] * slowness() for time in ("timeout", "command_timeout") if time in named}


async def drop_ours(server_url: str) -> None:
    """Leave a server that is not ours as it was found."""
    async with _connected(server_url) as admin:
        for name in (EMPTIED, TEMPLATE):
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _with_name(server_url: str, name: str) -> str:
    return f"{server_url.rpartition('/')[0]}/{name}"
