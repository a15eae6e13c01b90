"""Connecting to databases, and their being away."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine, reading
from carquery.adapters.sql.errors import TablesMissing
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.sql.schema import is_current
from carquery.adapters.sql.sqlite_file import DatabaseInUse, sole_user
from carquery.adapters.sql.still_there import LONGEST_IDLE_SECONDS, MOMENT_SECONDS, USED_AT
from carquery.application.ports.stores import StoreUnavailable
from tests.builders import ANNA, NOW, a_lead
from tests.patience import eventually, waiting_for
from tests.postgres_databases import a_postgres_database
from tests.servers import PostgresServer


def test_a_second_bot_is_kept_off_an_sqlite_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/carquery.db"

    with sole_user(url), pytest.raises(DatabaseInUse, match=r"carquery\.db is in use"), sole_user(url):
        pass

    with sole_user(url):
        pass


def test_another_name_of_the_file_lets_no_second_bot_in(tmp_path: Path) -> None:
    (tmp_path / "carquery.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "carquery.db")

    with (
        sole_user(f"sqlite:///{tmp_path}/carquery.db"),
        pytest.raises(DatabaseInUse),
        sole_user(f"sqlite:///{tmp_path}/link.db"),
    ):
        pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="nowhere"), sole_user(f"sqlite:///{tmp_path}/nowhere/carquery.db"):
        pass


async def test_a_database_without_tables_is_no_error_of_ours(tmp_path: Path) -> None:
    """/ready and /metrics look before the first start has made them."""
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        with pytest.raises(TablesMissing, match="its tables are not made yet"):
            await SqlLeads(engine, SettableClock(NOW)).newest(limit=1)


@pytest.mark.postgres
async def test_a_postgres_without_tables_is_no_error_of_ours(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url, migrated=False) as url, open_engine(url) as engine:
        with pytest.raises(TablesMissing, match="its tables are not made yet"):
            await SqlLeads(engine, SettableClock(NOW)).newest(limit=1)


async def test_an_sqlite_file_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    """`carquery leads list` beside a bot in the middle of a transaction."""
    url = f"sqlite:///{tmp_path}/carquery.db"
    clock = SettableClock(NOW)
    async with open_engine(url) as writer, open_engine(url) as reader:
        await upgrade(writer)
        lead = await SqlLeads(writer, clock).add(a_lead())

        async with writer.begin() as writing:
            await writing.execute(text("UPDATE leads SET attempts = 7"))

            assert await SqlLeads(reader, clock).newest(limit=10) == (lead,)
            assert (await SqlCustomers(reader, clock).acquaintance(ANNA)).phone == lead.phone
            assert await is_current(reader)


async def test_an_sqlite_file_can_be_written_while_it_is_read(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/carquery.db"
    async with open_engine(url) as writer, open_engine(url) as reader:
        await upgrade(writer)
        leads = SqlLeads(writer, SettableClock(NOW))

        async with reading(reader).connect() as report:
            await report.execute(text("SELECT * FROM leads"))
            async with waiting_for("the lead to be written"):
                await leads.add(a_lead())

        assert len(await leads.newest(limit=10)) == 1


async def test_a_report_on_an_sqlite_file_delays_no_customer(tmp_path: Path) -> None:
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        await upgrade(engine)
        leads, customers = SqlLeads(engine, SettableClock(NOW)), SqlCustomers(engine, SettableClock(NOW))

        async with reading(engine).connect() as connection:
            endless = text("WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n")
            report = asyncio.create_task(connection.execute(endless))
            async with waiting_for("the lead to be stored, and the customer to be known"):
                lead = await leads.add(a_lead())
                known = await customers.acquaintance(ANNA)
            assert not report.done()
            await _interrupted(connection, report)

    assert known.phone == lead.phone


async def _interrupted(connection: AsyncConnection, report: "asyncio.Task[Any]") -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.interrupt()
    with pytest.raises(OperationalError, match="interrupted"):
        await report


async def test_what_only_reads_an_sqlite_file_can_not_write_it(tmp_path: Path) -> None:
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        await upgrade(engine)

        async with reading(engine).connect() as connection:
            with pytest.raises(OperationalError, match="readonly"):
                await connection.execute(text("DELETE FROM leads"))


async def test_what_is_no_sqlite_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "carquery.db").write_text("Dear diary, " * 100)

    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        with pytest.raises(StoreUnavailable, match="is no SQLite database"):
            await is_current(engine)


async def test_many_at_once_all_get_their_turn_on_sqlite(tmp_path: Path) -> None:
    """SQLite's own queue for its one writer is not fair: of a hundred, a few used to wait too long."""
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        await upgrade(engine)
        leads, customers = SqlLeads(engine, SettableClock(NOW)), SqlCustomers(engine, SettableClock(NOW))

        await asyncio.gather(*(leads.add(a_lead(number)) for number in range(100)), *(_reads(customers)))

        assert len(await leads.newest(limit=300)) == 100


def _reads(customers: SqlCustomers) -> Iterator[Awaitable[object]]:
    return (customers.acquaintance(ANNA) for _ in range(100))


async def test_an_sqlite_file_on_a_full_disk_is_unavailable_and_stores_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/carquery.db"
    async with open_engine(url) as engine:
        await upgrade(engine)
    async with open_engine(url) as engine:
        event.listen(engine.sync_engine, "connect", _fill_the_disk)
        leads = SqlLeads(engine, SettableClock(NOW))
        big = a_lead(conversation=("д" * 20_000,))

        with pytest.raises(StoreUnavailable):
            await leads.add(big)

        assert await leads.newest(limit=10) == ()


def _fill_the_disk(connection: DBAPIConnection, _record: object) -> None:
    """No page can be added to the file any more."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA max_page_count = 1")
    cursor.close()


@pytest.mark.postgres
async def test_a_postgres_that_was_away_is_used_again_by_itself() -> None:
    server = PostgresServer()
    try:
        server.start()
        async with open_engine(server.url) as engine:
            await upgrade(engine)
            leads = SqlLeads(engine, SettableClock(NOW))
            await leads.add(a_lead(1))

            server.stop()
            with pytest.raises(StoreUnavailable):
                await leads.add(a_lead(2))
            with pytest.raises(StoreUnavailable):
                await leads.newest(limit=10)

            server.start()

            async def is_stored() -> bool:  # the first connections of a server that has just started may take too long
                with suppress(StoreUnavailable):
                    await leads.add(a_lead(2))
                    return True
                return False

            await eventually(is_stored)
            assert len(await leads.newest(limit=10)) == 2
    finally:
        server.remove()


@pytest.mark.postgres
async def test_a_connection_that_was_idle_for_a_moment_is_used_again_if_it_answers(postgres_url: str) -> None:
    async with open_engine(postgres_url) as engine:
        first = await _session(engine)
        _be_idle(engine, seconds=MOMENT_SECONDS)

        assert await _session(engine) == first
        assert await _session(engine) == first


@pytest.mark.postgres
async def test_a_connection_that_a_firewall_may_have_forgotten_is_not_even_asked(postgres_url: str) -> None:
    async with open_engine(postgres_url) as engine:
        first = await _session(engine)
        assert await _session(engine) == first
        _be_idle(engine, seconds=LONGEST_IDLE_SECONDS)

        assert await _session(engine) == first
        assert await _session(engine) != first


async def _session(engine: AsyncEngine) -> object:
    async with engine.connect() as connection:
        return (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()


def _be_idle(engine: AsyncEngine, *, seconds: float) -> None:
    """From now on, after each use of a connection."""

    @event.listens_for(engine.sync_engine, "checkin")
    def let_time_pass(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[USED_AT] -= seconds


@pytest.mark.postgres
async def test_an_errors_text_quotes_no_personal_data(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine:
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE leads ADD CONSTRAINT takes_none CHECK (false)"))
        with pytest.raises(IntegrityError, match="takes_none") as failed:
            await SqlLeads(engine, SettableClock(NOW)).add(a_lead())

    assert "9161234567" not in str(failed.value)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query",
    [
        "sslmode=prefer&channel_binding=prefer",
        "connect_timeout=5",
        "application_name=x",
        "ssl=false",
        "pgbouncer=true&schema=public&connection_limit=5",
        "target_session_attrs=read-write",
        "options=-csearch_path%3Dpublic",
    ],
)
async def test_what_hosts_add_to_their_urls_is_understood(postgres_url: str, query: str) -> None:
    async with a_postgres_database(postgres_url) as url, open_engine(f"{url}?{query}") as engine:
        assert await is_current(engine)


@pytest.mark.postgres
async def test_a_connection_that_must_be_encrypted_is_not_made_unencrypted(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url, open_engine(f"{url}?sslmode=require") as engine:
        with pytest.raises(StoreUnavailable):
            await is_current(engine)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("address", "says"),
    [({"path": "/nowhere"}, "no such database"), ({"user": "stranger"}, "does not let this user in")],
    ids=["database", "user"],
)
async def test_a_database_that_does_not_let_us_in_is_unavailable(
    postgres_url: str, address: dict[str, str], says: str
) -> None:
    parts = urlsplit(postgres_url)
    user = address.get("user", parts.username)
    netloc = f"{user}@{parts.hostname}:{parts.port or 5432}"
    url = parts._replace(netloc=netloc, path=address.get("path", parts.path)).geturl()

    async with open_engine(url) as engine:
        with pytest.raises(StoreUnavailable, match=says):
            await is_current(engine)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("SERVER", "127.0.0.1:1"), "nobody listens"),
        (("SERVER", "127.0.0.1:1,127.0.0.1:2"), "nobody listens"),
        (("SERVER", "localhost:1"), "nobody listens"),
        (("SERVER", "nowhere.invalid"), "no such host"),
        (("?", "?sslmode=require"), "offers no TLS"),
        (("?", "?sslmode=verify-full&sslrootcert=/no/file"), "no such file as sslrootcert names"),
        (("?", "?target_session_attrs=standby"), "none of its hosts"),
        (("?", "?foo=bar"), "does not know a parameter"),
        (("?", "?lock_timeout=soon"), "does not take the value"),
    ],
    ids=lambda change: change[1] if isinstance(change, tuple) else None,
)
async def test_what_is_wrong_with_an_address_is_said_in_words(
    postgres_url: str, change: tuple[str, str], says: str
) -> None:
    server = urlsplit(postgres_url).netloc.rpartition("@")[2]
    url = f"{postgres_url}?".replace(server, "SERVER").replace(*change).replace("SERVER", server).rstrip("?")

    async with open_engine(url) as engine:
        with pytest.raises(StoreUnavailable, match=says) as away:
            await is_current(engine)

    assert "Error" not in str(away.value)


@pytest.mark.postgres
async def test_of_several_hosts_one_that_answers_is_enough(postgres_url: str) -> None:
    async with a_postgres_database(postgres_url) as url:
        server = urlsplit(url).netloc.rpartition("@")[2]
        several = url.replace(server, f"127.0.0.1:1,{server}") + "?target_session_attrs=read-write"

        async with open_engine(several) as engine:
            assert await is_current(engine)


@pytest.mark.postgres
async def test_a_host_that_is_dead_without_a_word_is_asked_once(postgres_url: str) -> None:
    """A machine without power refuses nothing: whoever connects to it waits."""
    asked = 0

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        try:
            await is_over.wait()
        finally:
            writer.close()

    is_over = asyncio.Event()
    dead = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = dead.sockets[0].getsockname()[1]
    async with a_postgres_database(postgres_url) as url:
        server = urlsplit(url).netloc.rpartition("@")[2]
        async with open_engine(url.replace(server, f"127.0.0.1:{port},{server}")) as engine:
            assert await is_current(engine)
            async with engine.connect(), engine.connect():
                assert asked == 1
    is_over.set()
    dead.close()
    await dead.wait_closed()


@pytest.mark.postgres
async def test_of_several_hosts_one_that_takes_writes_is_chosen(postgres_url: str) -> None:
    """Also by whoever does not ask for it: a standby answers, and takes no leads."""
    async with a_postgres_database(postgres_url) as standby, a_postgres_database(postgres_url) as url:
        async with open_engine(standby) as engine, engine.begin() as connection:
            name = standby.rpartition("/")[2]
            await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        server, name = urlsplit(url).netloc.rpartition("@")[2], standby.rpartition("/")[2]
        both = url.replace(server, f"{server},{server}").rpartition("/")[0]

        async with open_engine(f"{both}/{name}") as engine:
            with pytest.raises(StoreUnavailable, match="none of its hosts"):
                await is_current(engine)
        async with open_engine(f"{both}/{name}?target_session_attrs=any") as engine:
            assert await is_current(engine)


@pytest.mark.postgres
async def test_a_pooler_is_asked_for_nothing_when_we_connect(postgres_url: str) -> None:
    """A PgBouncer refuses whoever begins with other parameters than these; the limits hold all the same."""
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine:
        begun: list[dict[str, str]] = []
        event.listen(engine.sync_engine, "do_connect", lambda *given: begun.append(given[3].get("server_settings", {})))

        async with engine.connect() as connection:
            await connection.rollback()
            limits = [
                (await connection.execute(text(f"SHOW {name}"))).scalar_one()
                for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            ]

    assert [set(settings) for settings in begun] == [{"application_name"}]
    assert limits == ["5s", "2s", "30s"]
