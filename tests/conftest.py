"""Servers, started when a test first asks for one; how long a test may take; what tests prove."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from urllib.parse import urlsplit

import hypothesis
import pytest
import pytest_asyncio
import structlog
from redis import Redis

from tests.patience import look_at_the_machine, patience_with_a_test, slowness
from tests.postgres_databases import drop_ours
from tests.servers import PostgresServer, RedisServer
from tests.warm_processes import let_the_parent_go

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


NOT_ASKED_YET = type(structlog.get_logger())
"""What a module holds as its log."""


def leave_no_log() -> None:
    """capture_logs() leaves one that prints, and a command's own is remembered by whoever wrote to it."""
    is_remembered = structlog.get_config()["cache_logger_on_first_use"]
    structlog.reset_defaults()
    if is_remembered:
        for module in list(sys.modules.values()):
            log = getattr(module, "log", None)
            if isinstance(log, NOT_ASKED_YET):
                vars(log).pop("bind", None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Be as patient with each test, and let it be as patient, as the machine is slow now; leave no log set up."""
    look_at_the_machine()
    item.add_marker(pytest.mark.timeout(patience_with_a_test()))
    try:
        return (yield)
    finally:
        leave_no_log()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for the whole run."""
    given = os.environ.get("CARQUERY_TEST_POSTGRES_URL")
    if given:
        yield given
        asyncio.run(drop_ours(given))
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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[object]:
    """A `Browser` of playwright's for the whole run."""
    from tests.browser import a_browser  # most tests need none

    async with a_browser() as browser:
        yield browser


@pytest.fixture
def redis_url(redis_server_url: str) -> str:
    """A Redis with nothing in it."""
    with Redis.from_url(redis_server_url) as redis:
        redis.flushdb()
    return redis_server_url


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
