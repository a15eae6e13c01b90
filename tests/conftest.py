"""Servers, started when a test first asks for one, databases of one's own on them; how long a test may take."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import hypothesis
import pytest
from redis import Redis

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.schema import upgrade
from tests.patience import look_at_the_machine, patience_with_a_test, slowness
from tests.servers import PostgresServer, RedisServer
from tests.warm_processes import let_the_parent_go

TEMPLATE = f"carquery_template_{uuid4().hex}"
"""Each process of a test run makes its own: a given server may serve several, of several versions."""

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
"""Which process of the test run this is."""


WHOLE_RUN_MINUTES = 9.0
QUICK_RUN_MINUTES = 1.0
"""What `make test` takes on a machine that is as fast as the reference of tests/patience.py."""

MARKS = {"postgres_url": "postgres", "redis_server_url": "redis"}
"""By fixture."""

# How long an example takes, or finding one, says something about the machine only.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_configure() -> None:
    """A shell that started us in the background has us ignore Ctrl-C, and whatever we start; tests press it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """What was started once for all tests ends with them."""
    let_the_parent_go()


def pytest_report_header() -> str:
    """How long it takes."""
    minutes = round(WHOLE_RUN_MINUTES * slowness())
    return (
        f"All tests take some {minutes} minutes on this machine as it is now ({slowness():.1f} times what a quiet one "
        f"takes); `make test-quick` takes some {round(QUICK_RUN_MINUTES * slowness())}."
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test asks for marks it; what it starts by itself, it marks itself."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in MARKS:
                item.add_marker(MARKS[name])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Be as patient with each test, and let it be as patient, as the machine is slow now."""
    look_at_the_machine()
    item.add_marker(pytest.mark.timeout(patience_with_a_test()))
    return (yield)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for the whole run."""
    given = os.environ.get("CARQUERY_TEST_POSTGRES_URL")
    if given:
        yield given
        asyncio.run(_drop_template(given))
        return
    server = PostgresServer()
    try:
        server.start()
        yield server.url
    finally:
        server.remove()


@pytest.fixture(scope="session")
def redis_server_url() -> Iterator[str]:
    """A Redis server for the whole run; of a given one, a database for each process of the run."""
    given = os.environ.get("CARQUERY_TEST_REDIS_URL")
    if given:
        address = urlsplit(given)
        first_database = int(address.path.strip("/") or 0)
        yield address._replace(path=f"/{first_database + WORKER}").geturl()
        return
    server = RedisServer()
    try:
        server.start()
        yield server.url
    finally:
        server.remove()


@pytest.fixture
def redis_url(redis_server_url: str) -> str:
    """A Redis with nothing in it."""
    with Redis.from_url(redis_server_url) as redis:
        redis.flushdb()
    return redis_server_url


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


async def _drop_template(server_url: str) -> None:
    async with _connected(server_url) as admin:
        await admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")


def _with_name(server_url: str, name: str) -> str:
    return f"{server_url.rpartition('/')[0]}/{name}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what fault tests recorded: lines («proof»), and cells of tables («cell»: table, row, column, text)."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    recorded = [(name, value) for report in reports for name, value in report.user_properties]
    lines = [str(value) for name, value in recorded if name == "proof"]
    for table in dict.fromkeys(value[0] for name, value in recorded if name == "cell"):
        lines += ["", table, *_drawn([value[1:] for name, value in recorded if name == "cell" and value[0] == table])]
    if lines:
        terminalreporter.section("what was proved")
        for line in lines:
            terminalreporter.write_line(line)


def _drawn(cells: list[list[str]]) -> list[str]:
    """A table: a line for each row, in the order in which rows and columns first came."""
    rows, columns = (list(dict.fromkeys(cell[place] for cell in cells)) for place in (0, 1))
    text = {(row, column): content for row, column, content in cells}
    widths = [max(len(column), *(len(cell[2]) for cell in cells if cell[1] == column)) + 2 for column in columns]
    first = max(map(len, rows)) + 2
    head = "".ljust(first) + "".join(column.ljust(width) for column, width in zip(columns, widths, strict=True))
    return [
        head,
        *(
            row.ljust(first)
            + "".join(text.get((row, column), "").ljust(width) for column, width in zip(columns, widths, strict=True))
            for row in rows
        ),
    ]
