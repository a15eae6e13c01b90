"""SQLite through our own trips to its thread behaves as it does through SQLAlchemy's."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import open_engine

NUMBERS = text("SELECT number FROM numbers ORDER BY number")
ADD = text("INSERT INTO numbers (number) VALUES (:number)")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE numbers (number INTEGER PRIMARY KEY)"))
        yield engine


async def numbers(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as connection:
        return list((await connection.execute(NUMBERS)).scalars())


async def test_what_a_statement_tells_comes_with_it(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        one = await connection.execute(ADD, {"number": 7})
        many = await connection.execute(ADD, [{"number": 8}, {"number": 9}])
        rows = await connection.execute(NUMBERS)

        assert (one.lastrowid, one.rowcount, many.rowcount) == (7, 1, 2)
        assert (list(rows.keys()), rows.scalars().all()) == (["number"], [7, 8, 9])


async def test_rows_can_be_read_one_by_one(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(ADD, [{"number": number} for number in range(100)])

    async with engine.connect() as connection, connection.stream(NUMBERS) as rows:
        assert [row.number async for row in rows] == list(range(100))


async def test_of_a_transaction_that_fails_nothing_stands(engine: AsyncEngine) -> None:
    async def twice() -> None:
        async with engine.begin() as connection:
            await connection.execute(ADD, {"number": 1})
            await connection.execute(ADD, {"number": 1})

    with pytest.raises(IntegrityError):
        await twice()

    assert await numbers(engine) == []


async def test_what_was_not_committed_does_not_stand(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(ADD, {"number": 1})

    assert await numbers(engine) == []


async def test_a_writer_holds_the_lock_from_its_first_statement_on(engine: AsyncEngine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "carquery.db", timeout=0)) as other:
        async with engine.begin() as connection:
            await connection.execute(NUMBERS)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")

        other.execute("BEGIN IMMEDIATE")


async def test_who_does_nothing_in_a_transaction_waits_for_nobody(engine: AsyncEngine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "carquery.db")) as other:
        other.execute("BEGIN IMMEDIATE")

        async with engine.begin():
            pass

        other.rollback()
    assert await numbers(engine) == []
