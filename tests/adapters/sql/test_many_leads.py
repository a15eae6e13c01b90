"""However many leads there are, what is asked of them reads those that it is about, and no others."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any, Final

import pytest
from sqlalchemy import delete, event, insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql import lead_counts
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.tables import customers, leads
from carquery.application.ports.leads import Chosen
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId
from carquery.domain.lead import LeadStatus
from tests.builders import NOW
from tests.many_leads import LEADS_OF_ONE, Many, store_many

DELIVERED: Final = 2_000
DUE: Final = 1_000
DEAD: Final = 30
AT_ONCE: Final = 50
A_FEW: Final = 500
"""Rows that may be read for some of the `AT_ONCE`: each, its others, and itself again to be changed."""
YEAR: Final = timedelta(days=365)


@pytest.fixture
async def engine(engine: AsyncEngine) -> AsyncEngine:
    """A database with many leads."""
    await store_many(
        engine,
        Many(1, DELIVERED, newest=NOW),
        Many(10_001, 10_000 + DUE, newest=NOW, status=LeadStatus.FAILED, is_due=True),
        Many(20_001, 20_000 + DEAD, newest=NOW, status=LeadStatus.DEAD),
    )
    return engine


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a database finds what a statement asks for.

    Attributes:
        rows: how many rows of `leads` it read; None: it does not say.
        says: its own words.
    """

    rows: int | None
    says: str

    def walks(self, index: str, *, at_most: int = A_FEW) -> bool:
        """Whether it found what it needs by that index, and read no more rows than that."""
        is_sorted = "USE TEMP B-TREE" in self.says or "Sort" in self.says
        return index in self.says and not is_sorted and (self.rows is None or self.rows <= at_most)


async def plans(engine: AsyncEngine, work: Callable[[], Awaitable[object]]) -> list[Plan]:
    """Of each statement about leads that the work sends."""
    sent: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        sent.append((statement, parameters))

    is_one = engine.dialect.name != "sqlite"  # there, who reads has the engine's own connections
    listening = {engine.sync_engine} if is_one else {engine.sync_engine, reading(engine).sync_engine}
    for each in listening:
        event.listen(each, "before_cursor_execute", remember)
    await work()
    for each in listening:
        event.remove(each, "before_cursor_execute", remember)
    return [await _plan(engine, *one) for one in sent if " leads" in one[0] or " ai_log" in one[0]]


async def _plan(engine: AsyncEngine, statement: str, parameters: Any) -> Plan:
    is_sqlite = engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN (ANALYZE, FORMAT JSON)"
    async with engine.connect() as connection:  # what is analysed is done as well, and taken back
        rows = (await connection.exec_driver_sql(f"{explain} {statement}", parameters)).mappings().all()
        await connection.rollback()
    if is_sqlite:
        return Plan(None, "\n".join(str(row["detail"]) for row in rows))
    said = rows[0]["QUERY PLAN"]
    (plan,) = json.loads(said) if isinstance(said, str) else said
    return Plan(sum(_read(plan["Plan"])), json.dumps(plan))


def _read(node: dict[str, Any]) -> Iterator[int]:
    """The rows of `leads` that were looked at, also those that did not fit."""
    if node.get("Relation Name") == "leads" and "Scan" in node["Node Type"]:
        each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield round(each * node["Actual Loops"])
    for inner in node.get("Plans", ()):
        yield from _read(inner)


async def test_a_claim_reads_no_more_of_those_that_are_due_than_it_takes(
    engine: AsyncEngine, clock: SettableClock
) -> None:
    store = SqlLeads(engine, clock)

    (claim,) = await plans(engine, lambda: store.claim(limit=AT_ONCE, lease_for=timedelta(hours=1)))

    assert claim.walks("ix_leads_due"), claim


async def test_those_that_are_due_are_claimed_once_each_and_the_oldest_first(
    engine: AsyncEngine, clock: SettableClock
) -> None:
    store = SqlLeads(engine, clock)

    claims = [await store.claim(limit=AT_ONCE, lease_for=timedelta(hours=1)) for _ in range(3)]

    claimed = [lead for claim in claims for lead in claim.leads]
    assert [len(claim.leads) for claim in claims] == [AT_ONCE] * 3
    assert len({lead.id for lead in claimed}) == len(claimed)
    oldest = [claim.leads[0].created_at for claim in claims]
    assert oldest == sorted(oldest)


async def test_counting_what_was_not_delivered_reads_nothing_else(engine: AsyncEngine, clock: SettableClock) -> None:
    store = SqlLeads(engine, clock)

    (counting,) = await plans(engine, store.undelivered)

    assert "ix_leads_undelivered" in counting.says
    assert counting.rows is None or counting.rows <= DUE + DEAD


async def test_delivered_leads_are_counted_by_their_index(engine: AsyncEngine, clock: SettableClock) -> None:
    counting = await plans(engine, SqlLeads(engine, clock).delivered)

    assert counting
    assert all("ix_leads_delivered" in one.says for one in counting)


async def test_delivered_leads_are_counted_by_portions(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(delete(leads).where(leads.c.id > f"{30:013x}", leads.c.status == "delivered"))
        await connection.execute(update(leads).where(leads.c.id == f"{1:013x}").values(delivered_at=None))
        counts = [await lead_counts.delivered(connection, at_once=at_once) for at_once in (1, 7, 29, 30, 1_000)]

    assert [{service: count for service, count in counted.items() if count} for counted in counts] == [
        {Service.SELL: 30}
    ] * 5


async def test_a_page_of_one_status_reads_that_page(engine: AsyncEngine, clock: SettableClock) -> None:
    store = SqlLeads(engine, clock)

    for status in (LeadStatus.DEAD, LeadStatus.PENDING):
        chosen = Chosen(statuses=frozenset({status}))
        (page,) = await plans(engine, lambda chosen=chosen: store.newest(limit=20, chosen=chosen))  # type: ignore[misc]
        assert page.walks("ix_leads_undelivered", at_most=20), page


async def test_retention_with_nothing_to_forget_reads_nothing(engine: AsyncEngine, clock: SettableClock) -> None:
    keeper = SqlCustomers(engine, clock)

    asked = await plans(engine, lambda: keeper.forget(delivered_before=NOW - YEAR, at_most=100))

    assert any("ix_leads_delivered" in one.says for one in asked)
    assert any("ix_leads_half_erased" in one.says for one in asked)
    assert sum(one.rows or 0 for one in asked) == 0
    assert not any("SCAN leads" in one.says and "SCAN leads USING INDEX" not in one.says for one in asked)


async def test_a_portion_of_retention_reads_that_portion(engine: AsyncEngine, clock: SettableClock) -> None:
    keeper = SqlCustomers(engine, clock)

    asked = await plans(engine, lambda: keeper.forget(delivered_before=NOW, at_most=100))

    assert asked[0].walks("ix_leads_delivered", at_most=100), asked[0]
    assert sum(one.rows or 0 for one in asked) < DELIVERED // 2


async def test_a_walk_finds_whoever_has_no_lead(engine: AsyncEngine, clock: SettableClock) -> None:
    keeper = SqlCustomers(engine, clock)
    hers = CustomerId.read("telegram:9000000001")
    async with engine.begin() as connection:
        await connection.execute(delete(leads).where(leads.c.customer_id == str(hers)))
        await connection.execute(insert(customers).values(id=1, customer_id=None, phone="+79160000001"))

    place, portions = await keeper.forget_without_leads(after=None, at_most=500), 1
    while place is not None:
        place, portions = await keeper.forget_without_leads(after=place, at_most=500), portions + 1

    known = [await keeper.acquaintance(CustomerId.read(f"telegram:900000000{number}")) for number in range(1, 4)]
    assert [one.phone is None for one in known] == [True, False, False]
    assert (await keeper.acquaintance(CustomerId.read("telegram:1"))).phone is None
    assert portions == 1 + ceil((1 + (DELIVERED + DUE + DEAD) // LEADS_OF_ONE) / 500)


async def test_a_portion_of_the_walk_reads_the_leads_of_these_customers(
    engine: AsyncEngine, clock: SettableClock
) -> None:
    keeper = SqlCustomers(engine, clock)

    asked = await plans(engine, lambda: keeper.forget_without_leads(after=None, at_most=50))

    assert sum(one.rows or 0 for one in asked) <= A_FEW
    assert not any("SCAN leads" in one.says for one in asked)
