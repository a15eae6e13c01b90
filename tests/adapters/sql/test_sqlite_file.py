"""The SQLite file: who may read it, and what is said when it can't be used."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.sql.schema import is_current
from carquery.adapters.sql.sqlite_file import NoDatabaseYet, must_be_there, sole_user
from carquery.application.ports.stores import StoreUnavailable


@pytest.fixture(autouse=True)
def careless_umask() -> Iterator[None]:
    """What most systems have: whoever is on the machine may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, str]:
    return {file.name: oct(file.stat().st_mode & 0o777) for file in sorted(folder.iterdir())}


async def test_nobody_else_may_read_the_file_nor_what_stands_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/carquery.db"
    with sole_user(url):
        async with open_engine(url) as engine:
            await upgrade(engine)

            assert rights(tmp_path) == {
                "carquery.db": "0o600",
                "carquery.db-shm": "0o600",
                "carquery.db-wal": "0o600",
                "carquery.db.lock": "0o600",
            }


async def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/carquery.db"
    for name in ("carquery.db", "carquery.db.lock"):
        (tmp_path / name).touch(0o644)

    with sole_user(url):
        async with open_engine(url) as engine:
            await upgrade(engine)

    assert set(rights(tmp_path).values()) == {"0o600"}


async def test_what_a_link_leads_to_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "carquery.db").symlink_to(tmp_path / "disk" / "real.db")

    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        await upgrade(engine)

    assert rights(tmp_path / "disk") == {"real.db": "0o600"}


async def test_opening_a_file_anew_keeps_the_locks_of_other_connections(tmp_path: Path) -> None:
    """By closing any descriptor of a file, a process gives up all its locks on it."""
    url = f"sqlite:///{tmp_path}/carquery.db"
    async with open_engine(url) as writer, open_engine(url) as other:
        await upgrade(writer)
        async with writer.begin() as writing:
            await writing.execute(text("SELECT 1"))  # a transaction begins with its first statement
            assert await is_current(other)

            assert "database is locked" in _written_by_another_process(tmp_path / "carquery.db")


def _written_by_another_process(path: Path) -> str:
    program = f"import sqlite3; sqlite3.connect({str(path)!r}, timeout=0).execute('BEGIN IMMEDIATE')"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stderr  # noqa: S603


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nowhere/carquery.db", "there is no folder"),
        ("folder", "is a folder, and SQLite needs a file"),
        ("diary.txt/carquery.db", "not a directory"),
        ("diary.txt", "is no SQLite database"),
        ("x" * 300, "file name too long"),
    ],
    ids=["no folder", "a folder", "in a file", "a text", "too long"],
)
async def test_what_can_not_be_used_is_said_in_words(tmp_path: Path, path: str, says: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "diary.txt").write_text("Dear diary, " * 100)

    async with open_engine(f"sqlite:///{tmp_path}/{path}") as engine:
        with pytest.raises(StoreUnavailable, match=says):
            await is_current(engine)


def test_a_file_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(NoDatabaseYet, match=r"no database yet at .*carquery\.db: run carquery bot"):
        must_be_there(f"sqlite:///{tmp_path}/carquery.db")

    assert not list(tmp_path.iterdir())
