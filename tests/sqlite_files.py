"""SQLite files that have their tables already: making these takes longer than most tests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.sql.sqlite_file import OURS_ALONE


def a_sqlite_database(folder: Path, name: str = "carquery.db") -> str:
    """A file at this version's tables with nothing in them; its URL."""
    file = folder / name
    file.touch(OURS_ALONE)
    file.write_bytes(_as_migrated())
    return f"sqlite:///{file}"


@cache
def _as_migrated() -> bytes:
    with TemporaryDirectory(prefix="carquery-sqlite-") as folder, ThreadPoolExecutor(1) as another_thread:
        file = Path(folder, "carquery.db")
        another_thread.submit(asyncio.run, _migrate(f"sqlite:///{file}")).result()  # in this one a loop may run
        return file.read_bytes()


async def _migrate(url: str) -> None:
    async with open_engine(url) as engine:
        await upgrade(engine)
