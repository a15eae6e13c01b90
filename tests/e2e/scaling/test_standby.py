"""PostgreSQL is killed, and its standby takes over: what a customer was told is there, and stands in the CRM once."""

import asyncio
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg
import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.application.ports.stores import StoreUnavailable
from tests import warm_processes
from tests.builders import NOW, a_lead
from tests.e2e.delivery.worker_delivery import WorkerDelivery, a_worker_delivery
from tests.e2e.scaling.people import PersistentCustomer, all_fill_in
from tests.e2e.scaling.replicas import QUICK_BOT
from tests.patience import eventually
from tests.servers import PostgresServer
from tests.warm_processes import WarmProcess

pytestmark = pytest.mark.postgres

CUSTOMERS = 40


@contextmanager
def primary_and_standby() -> Iterator[tuple[PostgresServer, PostgresServer]]:
    primary = PostgresServer()
    standby = PostgresServer(standby_of=primary)
    try:
        primary.start()
        standby.start()
        yield primary, standby
    finally:
        standby.remove()
        primary.remove()


async def told(server: PostgresServer, setting: str) -> None:
    async with connected(server) as connection:
        await connection.execute(setting)
        await connection.execute("SELECT pg_reload_conf()")


async def wait_for_the_standby(primary: PostgresServer) -> None:
    """From now on a commit is one when the standby has it, too."""
    await told(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
    async with connected(primary) as connection:

        async def is_waited_for() -> bool:
            return bool(await connection.fetchval("SELECT sync_state = 'sync' FROM pg_stat_replication"))

        await eventually(is_waited_for)


@asynccontextmanager
async def connected(server: PostgresServer) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(server.url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_a_lead_that_the_standby_has_not_got_is_not_confirmed() -> None:
    """Nor is it lost: it is there as soon as a standby answers, or nobody waits for one any more."""
    server = PostgresServer()
    try:
        server.start()
        async with open_engine(server.url) as engine:
            await upgrade(engine)
            leads = SqlLeads(engine, SettableClock(NOW))
            await told(server, "ALTER SYSTEM SET synchronous_standby_names = 'two'")

            with pytest.raises(StoreUnavailable):
                await leads.add(a_lead())

            await told(server, "ALTER SYSTEM RESET synchronous_standby_names")
            assert await leads.add(a_lead()) == a_lead()
            assert await leads.newest(limit=10) == (a_lead(),)
    finally:
        server.remove()


@asynccontextmanager
async def a_bot(delivery: WorkerDelivery) -> AsyncIterator[WarmProcess]:
    """One process that polls and delivers; killed on leaving if it still runs."""
    process = await warm_processes.start(QUICK_BOT, env=delivery.environment, cwd="/", stdout=DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_whoever_was_told_a_reference_has_a_lead_in_the_standby_that_took_over(
    record_property: Callable[[str, object], None],
) -> None:
    with primary_and_standby() as (primary, standby):
        await wait_for_the_standby(primary)
        both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres"

        async def primary_dies() -> None:
            await asyncio.to_thread(primary.stop)
            await asyncio.to_thread(standby.promote)

        async with a_worker_delivery(both, delay_scale=0.05) as delivery:
            people = [
                PersistentCustomer(delivery.telegram.customer(8_000 + number, "<3")) for number in range(CUSTOMERS)
            ]
            async with a_bot(delivery) as bot:
                await all_fill_in(people, in_the_middle=primary_dies)
                assert bot.returncode is None
                bot.terminate()
                assert await bot.wait() == 0
            await delivery.let_time_pass()
            async with a_bot(delivery):
                await delivery.all_delivered()
            tally = await delivery.tally()
            stored = {lead.reference for lead in await delivery.leads.newest(limit=1_000)}

    told = {reference for person in people for reference in person.told}
    lost, doubled = len(told - stored), len(stored - told)
    record_property(
        "proof",
        f"{CUSTOMERS} customers, PostgreSQL killed and its synchronous standby promoted: lost={lost}, "
        f"duplicated={doubled}; {tally}",
    )
    assert all(person.told for person in people)
    assert (lost, doubled) == (0, 0)
    assert tally.is_exactly_once, tally
