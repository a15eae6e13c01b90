"""`carquery db …`: the tables of this version, and the way back."""

from pathlib import Path

from carquery.adapters.sql.schema import newest
from tests.entrypoints.command_line import carquery


def test_the_tables_go_up_back_and_up_again(tmp_path: Path) -> None:
    said = [carquery(tmp_path, "db", *words) for words in (("upgrade",), ("downgrade", "0002"), ("upgrade",))]

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
