"""An SQLite file that another program writes can be read, and takes no writes."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.application.ports.stores import StoreUnavailable
from tests.builders import NOW, a_lead


async def test_that_it_can_be_read_does_not_mean_that_it_is_back(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "carquery.db", isolation_level=None)
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        await upgrade(engine)
        event.listen(engine.sync_engine, "checkout", lambda connection, *_: _waits_briefly(connection))
        leads = SqlLeads(engine, SettableClock(NOW))
        with capture_logs() as logs:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(StoreUnavailable):
                    await leads.add(a_lead())
                assert await leads.newest(limit=1) == ()
            other.rollback()
            await leads.add(a_lead())
    other.close()

    assert [line["event"] for line in logs] == ["database_away", "database_back"]


def _waits_briefly(connection: sqlite3.Connection) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 10")
    cursor.close()
