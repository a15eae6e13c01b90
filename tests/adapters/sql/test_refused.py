"""What waiting can't change is told apart from what is away."""

from pathlib import Path

import pytest

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.schema import tables
from carquery.application.ports.stores import StoreRefused, StoreUnavailable
from tests.ports import free_port


async def outcome(url: str) -> type[Exception]:
    async with open_engine(url) as engine:
        with pytest.raises(StoreUnavailable) as raised:
            await tables(engine)
    return raised.type


@pytest.mark.postgres
async def test_who_is_not_let_in_need_not_wait(postgres_url: str) -> None:
    server = postgres_url.rpartition("/")[0]

    assert await outcome(f"{server}/nowhere") is StoreRefused
    assert await outcome(f"{server.replace('postgres@', 'nobody@')}/postgres") is StoreRefused


async def test_who_finds_nobody_waits() -> None:
    assert await outcome(f"postgresql://carquery@127.0.0.1:{free_port()}/carquery") is StoreUnavailable
    assert await outcome("postgresql://carquery@no.such.host.invalid/carquery") is StoreUnavailable


async def test_a_file_that_is_no_database_stays_none(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Здравствуйте! " * 100)

    assert await outcome(f"sqlite:///{tmp_path}/letter.db") is StoreRefused
