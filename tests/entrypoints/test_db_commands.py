"""`carquery db …`: the tables of this version, and the way back."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.schema import is_current, newest
from carquery.adapters.sql.sqlite_file import sole_user
from tests.entrypoints.command_line import carquery
from tests.postgres_databases import a_postgres_database


def test_the_tables_go_up_back_and_up_again(tmp_path: Path) -> None:
    steps = (("upgrade",), ("downgrade", "0002", "--yes"), ("upgrade",))
    said = [carquery(tmp_path, "db", *words) for words in steps]

    assert [ended.returncode for ended in said] == [0, 0, 0]
    assert [ended.stdout.strip() for ended in said] == [
        f"The database is at {newest()}.",
        "The database is at 0002.",
        f"The database is at {newest()}.",
    ]


def test_a_migration_that_is_none_changes_nothing(tmp_path: Path) -> None:
    ended = carquery(tmp_path, "db", "downgrade", "base")

    assert ended.returncode == 2
    assert "base: no migration; expected: one of 0001" in ended.stderr


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    ended = carquery(tmp_path, "db", "upgrade", DATABASE_URL="postgresql://cq:s3cret@127.0.0.1:1/x")

    assert ended.returncode == 1
    assert ended.stderr == "DATABASE_URL: nobody listens at its address: is it running, are host and port right?\n"
    assert "s3cret" not in ended.stderr


def test_going_back_says_what_goes_and_does_nothing_unasked(tmp_path: Path) -> None:
    carquery(tmp_path, "db", "upgrade")

    ended = carquery(tmp_path, "db", "downgrade", "0002")

    assert ended.returncode == 2
    for words in ("0004: leads.outdated", "0003: ai_log (0 rows), ai_spending (0 rows)", "--yes"):
        assert words in ended.stderr
    assert carquery(tmp_path, "leads", "list").returncode == 0


def test_a_way_back_that_is_none_is_said(tmp_path: Path) -> None:
    carquery(tmp_path, "db", "upgrade")
    carquery(tmp_path, "db", "downgrade", "0002", "--yes")

    there, ahead = (carquery(tmp_path, "db", "downgrade", to, "--yes") for to in ("0002", "0003"))

    assert (there.returncode, there.stdout) == (0, "The database is at 0002.\n")
    assert (ahead.returncode, "run: carquery db upgrade" in ahead.stderr) == (2, True)


def test_the_tables_are_not_taken_from_under_a_bot(tmp_path: Path) -> None:
    carquery(tmp_path, "db", "upgrade")

    with sole_user(f"sqlite:///{tmp_path}/carquery.db"):
        ended = carquery(tmp_path, "db", "downgrade", "0002", "--yes")

    assert (ended.returncode, "is in use by another bot process" in ended.stderr) == (1, True)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_the_tables_are_not_taken_from_under_a_worker(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    async with AsyncExitStack() as stack:
        url = f"sqlite:///{tmp_path}/carquery.db"
        if kind == "postgres":
            url = await stack.enter_async_context(a_postgres_database(request.getfixturevalue("postgres_url")))
        else:
            carquery(tmp_path, "db", "upgrade")
        engine = await stack.enter_async_context(open_engine(url))
        assert await is_current(engine)

        refused = await asyncio.to_thread(carquery, tmp_path, "db", "downgrade", "0002", "--yes", DATABASE_URL=url)
        assert (refused.returncode, "stop all bots and workers first" in refused.stderr) == (1, True)
        assert await is_current(engine)

        await engine.dispose()
        done = await asyncio.to_thread(carquery, tmp_path, "db", "downgrade", "0002", "--yes", DATABASE_URL=url)
        assert done.returncode == 0


def test_going_back_is_refused_while_there_are_customers_of_another_messenger(tmp_path: Path) -> None:
    carquery(tmp_path, "db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "carquery.db")) as database, database:
        database.execute("INSERT INTO customers (id, customer_id) VALUES (-1, 'max:42')")

    refused = carquery(tmp_path, "db", "downgrade", "0008", "--yes")

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith(
        "DATABASE_URL: 1 of its customers came by another messenger (max), of which the version before knows nothing: "
    )
    assert carquery(tmp_path, "leads", "list").stderr == "No leads.\n"


def made_by_a_newer_version(folder: Path, *, oldest: str | None = None) -> None:
    """A database of a version that is yet to come. `oldest`: the oldest that may run beside its tables."""
    carquery(folder, "db", "upgrade")
    with closing(sqlite3.connect(folder / "carquery.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        if oldest is not None:
            database.execute("CREATE TABLE compatibility (oldest VARCHAR(32) NOT NULL)")
            database.execute("INSERT INTO compatibility VALUES (?)", (oldest,))


@pytest.mark.parametrize("oldest", [None, "0002"], ids=["nothing said", "an older version may"])
def test_newer_tables_that_only_have_more_are_read(tmp_path: Path, oldest: str | None) -> None:
    made_by_a_newer_version(tmp_path, oldest=oldest)

    listed, upgraded, erased, back = (
        carquery(tmp_path, *words)
        for words in (
            ("leads", "list"),
            ("db", "upgrade"),
            ("leads", "doubt", "--yes"),
            ("db", "downgrade", "0002", "--yes"),
        )
    )

    assert (listed.returncode, listed.stdout, listed.stderr.splitlines()[-1]) == (0, "", "No leads.")
    assert "a newer version's" in listed.stderr
    assert (upgraded.returncode, "nothing was changed" in upgraded.stdout) == (0, True)
    for refused in (erased, back):
        assert (refused.returncode, "a newer version of CarQuery made its tables" in refused.stderr) == (1, True)
    assert "db upgrade" not in listed.stderr + upgraded.stdout + erased.stderr + back.stderr


def test_newer_tables_that_lack_something_are_left_alone(tmp_path: Path) -> None:
    made_by_a_newer_version(tmp_path, oldest="9998")

    for words in (("leads", "list"), ("db", "upgrade")):
        ended = carquery(tmp_path, *words)
        assert (ended.returncode, "run that one" in ended.stderr) == (1, True)


def test_older_tables_are_brought_up_to_date_by_a_person(tmp_path: Path) -> None:
    carquery(tmp_path, "db", "upgrade")
    carquery(tmp_path, "db", "downgrade", "0002", "--yes")

    ended = carquery(tmp_path, "leads", "list")

    assert (ended.returncode, "run: carquery db upgrade" in ended.stderr) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("leads", "list"),
        ("leads", "show", "CQ-7K3M9X"),
        ("leads", "export"),
        ("leads", "doubt", "--yes"),
        ("leads", "erase", "CQ-7K3M9X", "--yes"),
        ("leads", "resubmit", "--all-failed", "--dry-run"),
        ("report", "ai"),
        ("db", "downgrade", "0002", "--yes"),
    ],
    ids=" ".join,
)
def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = carquery(tmp_path, *words)

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"DATABASE_URL: no database yet at {tmp_path}/carquery.db: run carquery bot")
    assert not list(tmp_path.iterdir())


@pytest.mark.postgres
@pytest.mark.parametrize("lacking", ["schema", "owner", "rights"])
async def test_a_right_that_is_missing_is_named_with_the_statement(
    tmp_path: Path, postgres_url: str, lacking: str
) -> None:
    """Since PostgreSQL 15 only the owner of a database may make tables in it."""
    name = f"cq_{uuid4().hex[:8]}"
    async with a_postgres_database(postgres_url, migrated=lacking != "schema") as url:
        admin = await asyncpg.connect(url)
        await admin.execute(f"REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE ROLE {name} LOGIN")
        await admin.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        if lacking == "owner":
            await admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
            await admin.execute("UPDATE alembic_version SET version_num = '0003'")
        server = urlsplit(url)
        theirs = server._replace(netloc=f"{name}@{server.hostname}:{server.port}").geturl()
        command = ("leads", "list") if lacking == "rights" else ("db", "upgrade")

        ended = await asyncio.to_thread(carquery, tmp_path, *command, DATABASE_URL=theirs)
        await admin.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
        await admin.close()

    said = {
        "schema": f"GRANT USAGE, CREATE ON SCHEMA public TO {name};",
        "owner": f"ALTER TABLE leads OWNER TO {name};",
        "rights": f"its tables belong to postgres, and {name} may not",
    }
    assert ended.returncode == 1
    assert said[lacking] in ended.stderr
    assert ended.stderr.count("\n") == 1
