"""An empty database of each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import open_engine
from tests.postgres_databases import a_postgres_database
from tests.sqlite_files import a_sqlite_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """Of SQLite, of PostgreSQL; files that mean one of them, or a full one, have an `engine` of their own."""
    if request.param == "sqlite":
        async with open_engine(a_sqlite_database(tmp_path)) as engine:
            yield engine
        return
    async with a_postgres_database(request.getfixturevalue("postgres_url")) as url, open_engine(url) as engine:
        yield engine
