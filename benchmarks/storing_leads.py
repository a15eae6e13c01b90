"""What storing leads costs, one after the other, beside the database's driver alone that writes the same rows.

Counted is the CPU time of this process with all its threads, not the server's.
"""

import json
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_rows import lead_to_row
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.system.clock import SystemClock
from carquery.domain.ids import CustomerId, LeadId, Reference
from carquery.domain.lead import Lead
from tests.builders import ANNA, someone
from tests.postgres_databases import a_postgres_database
from tests.servers import PostgresServer, ServerMissing


async def measured(*, leads: int) -> str:
    """CPU milliseconds a lead, on SQLite and, where there is one, on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/carquery.db"
        told = [_told("SQLite", await _stored(f"sqlite:///{path}", leads), _bare_sqlite(path, _others(leads)), leads)]
    async with _postgres() as url:
        if url is not None:
            bare = await _bare_postgres(url, _others(leads))
            told.append(_told("PostgreSQL", await _stored(url, leads), bare, leads))
    return "\n".join(told)


def _told(database: str, ours: tuple[float, float], bare: float, leads: int) -> str:
    first, further = ours
    return (
        f"CPU ms to store a customer's first lead in {database} ({leads} leads): {first / leads * 1000:.2f}, "
        f"a further one {further / leads * 1000:.2f}, "
        f"the driver alone {bare / leads * 1000:.2f}: ratio {first / bare:.1f}"
    )


async def _stored(url: str, count: int) -> tuple[float, float]:
    """Leads of so many customers, and then as many of one."""
    async with open_engine(url) as engine:
        await upgrade(engine)
        store = SqlLeads(engine, SystemClock())
        await store.add(someone(0))  # imports, the connection and the compiling are not what is measured
        leads = [someone(number) for number in range(1, 2 * count + 1)]
        firsts = [replace(lead, customer=CustomerId(ANNA.channel, lead.id)) for lead in leads[:count]]
        return await _added(store, firsts), await _added(store, leads[count:])


async def _added(store: SqlLeads, leads: Sequence[Lead]) -> float:
    before = time.process_time()
    for lead in leads:
        await store.add(lead)
    return time.process_time() - before


def _others(count: int) -> Sequence[dict[str, Any]]:
    """Rows of leads that nobody has stored yet."""
    leads = (someone(number, id=LeadId(f"X{number:012}")) for number in range(count))
    return [lead_to_row(replace(lead, reference=_other(lead))) for lead in leads]


def _other(lead: Lead) -> Reference:
    return Reference(lead.reference.replace("CQ", "XQ"))


def _bare_sqlite(path: str, rows: Sequence[dict[str, Any]]) -> float:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        insert = _insert(rows[0], lambda _: "?")
        before = time.process_time()
        for row in rows:
            connection.execute(insert, [_plain(value) for value in row.values()])
            connection.commit()
        return time.process_time() - before


async def _bare_postgres(url: str, rows: Sequence[dict[str, Any]]) -> float:
    connection = await asyncpg.connect(url)
    insert = _insert(rows[0], lambda number: f"${number}")
    await connection.execute(insert, *map(_written, rows[0].values()))
    before = time.process_time()
    for row in rows[1:]:
        await connection.execute(insert, *map(_written, row.values()))
    spent = time.process_time() - before
    await connection.close()
    return spent


def _insert(row: dict[str, Any], mark: Callable[[int], str]) -> str:
    marks = ", ".join(mark(number) for number in range(1, len(row) + 1))
    return f"INSERT INTO leads ({', '.join(row)}) VALUES ({marks})"  # noqa: S608  # columns of ours


def _written(value: Any) -> Any:  # noqa: ANN401  # whatever stands in a column
    return json.dumps(value) if isinstance(value, dict | list) else value


def _plain(value: Any) -> Any:  # noqa: ANN401  # as above
    return value.isoformat(" ") if isinstance(value, datetime) else _written(value)


@asynccontextmanager
async def _postgres() -> AsyncIterator[str | None]:
    """A database of its own on a server of its own; None: there is no PostgreSQL here."""
    try:
        server = PostgresServer()
        server.start()
    except ServerMissing:
        yield None
        return
    try:
        async with a_postgres_database(server.url) as url:
            yield url
    finally:
        server.remove()
