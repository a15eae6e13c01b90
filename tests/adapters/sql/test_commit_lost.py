"""What stores a lead is lost on the way, or its answer: nobody knows if it is there; asking again makes one of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.lead import Lead
from tests.builders import ANNA, NOW, a_lead
from tests.postgres_databases import a_postgres_database

pytestmark = pytest.mark.postgres

BLOCK = 65_536


@dataclass(slots=True)
class Wire:
    """Between the program and PostgreSQL.

    Attributes:
        cut: break when that is sent, before or after the server had it; None: carry everything.
        at: what that is.
    """

    host: str
    port: int
    cut: str | None = None
    at: bytes = b""

    async def carry(self, ours: asyncio.StreamReader, to_us: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it, or it is cut."""
        theirs, to_them = await asyncio.open_connection(self.host, self.port)
        answers = asyncio.create_task(_pass_on(theirs, to_us))
        try:
            while sent := await ours.read(BLOCK):
                cut = self.cut if self.at in sent else None
                if cut == "after":
                    answers.cancel()
                    await asyncio.wait((answers,))
                    to_them.write(sent)
                    await theirs.read(BLOCK)  # it is done, and we shall never hear of it
                if cut is not None:
                    self.cut = None
                    break
                to_them.write(sent)
        finally:
            answers.cancel()
            to_them.close()
            to_us.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while received := await source.read(BLOCK):
        target.write(received)
    target.close()


@asynccontextmanager
async def a_wire_to(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to that database, and the URL that leads through it."""
    address = urlsplit(url)
    assert address.hostname is not None
    wire = Wire(address.hostname, address.port or 5432)
    async with await asyncio.start_server(wire.carry, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        user = address.netloc.rpartition("@")[0]
        yield wire, address._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()


FIRST = a_lead(reference="CQ-7F7F7F")
FURTHER = a_lead(2)


@pytest.mark.parametrize(("cut", "stored"), [("before", 0), ("after", 1)])
async def test_a_first_lead_that_was_lost_is_stored_once(postgres_url: str, cut: str, stored: int) -> None:
    """It is one statement, and commits itself."""
    await _is_stored_once(FIRST, postgres_url, cut=cut, at=FIRST.reference.encode(), stored=stored)


@pytest.mark.parametrize(("cut", "stored"), [("before", 1), ("after", 2)])
async def test_a_further_lead_whose_commit_was_lost_is_stored_once(postgres_url: str, cut: str, stored: int) -> None:
    await _is_stored_once(FURTHER, postgres_url, cut=cut, at=b"COMMIT;", stored=stored, after=(FIRST,))


async def _is_stored_once(
    lead: Lead, postgres_url: str, *, cut: str, at: bytes, stored: int, after: tuple[Lead, ...] = ()
) -> None:
    """`stored`: so many leads are there when its customer is told to press again."""
    clock = SettableClock(NOW)
    async with (
        a_postgres_database(postgres_url) as url,
        a_wire_to(url) as (wire, through),
        open_engine(through) as engine,
        open_engine(url) as direct,
    ):
        leads = SqlLeads(engine, clock)
        for earlier in after:
            await leads.add(earlier)
        await leads.newest(limit=1)
        wire.cut, wire.at = cut, at

        with pytest.raises(StoreUnavailable):
            await leads.add(lead)

        assert len(await SqlLeads(direct, clock).newest(limit=10)) == stored
        again = await leads.add(lead)
        assert await leads.find(lead.reference) == again
        assert len(await leads.newest(limit=10)) == 1 + len(after)
        assert (await SqlCustomers(engine, clock).acquaintance(ANNA)).phone == again.phone
