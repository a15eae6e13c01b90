"""A stored lead that this version can't read, such as one that a newer version stored."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.amendments import SqlAmendments
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.application.ports.alerts import ContactToErase
from carquery.application.ports.leads import LeadUnreadable
from carquery.application.staff.admin_desk import AdminDesk, Retried
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import Reference
from carquery.domain.lead import LeadStatus
from tests.builders import HOUR, NOW, someone
from tests.sqlite_files import a_sqlite_database

ODD = ["service = 'teleport'", 'answers = \'{"vin": {"words": 5}}\'', "intent = 'dance'"]


@asynccontextmanager
async def a_database(folder: Path) -> AsyncIterator[AsyncEngine]:
    async with open_engine(a_sqlite_database(folder)) as engine:
        yield engine


@pytest.mark.parametrize("odd", ODD)
async def test_it_keeps_no_other_lead_from_delivery_or_from_being_listed(tmp_path: Path, odd: str) -> None:
    async with a_database(tmp_path) as engine:
        leads = SqlLeads(engine, SettableClock(NOW))
        for number in (1, 2, 3):
            await leads.add(someone(number))
        async with engine.begin() as connection:
            await connection.execute(text(f"UPDATE leads SET {odd} WHERE reference = 'CQ-000002'"))  # noqa: S608  # ours

        claim = await leads.claim(limit=10, lease_for=HOUR)
        listed = await leads.newest(limit=10)

        assert [lead.reference for lead in claim.leads] == ["CQ-000001", "CQ-000003"]
        assert [lead.reference for lead in listed] == ["CQ-000003", "CQ-000001"]
        async with engine.connect() as connection:
            row = (await connection.execute(text("SELECT * FROM leads WHERE reference = 'CQ-000002'"))).one()
        assert (row.status, row.lease, row.next_attempt_at) == ("dead", None, None)
        assert row.failure == "lead.unreadable"


@pytest.mark.parametrize("odd", ODD)
async def test_it_is_erased_and_forgotten_like_any_other(tmp_path: Path, odd: str) -> None:
    async with a_database(tmp_path) as engine:
        leads, customers = SqlLeads(engine, SettableClock(NOW)), SqlCustomers(engine, SettableClock(NOW))
        old = NOW - timedelta(days=400)
        forgotten = someone(1, status=LeadStatus.DELIVERED, delivered_at=old, made={Effect.CONTACT: CrmId(1)})
        erased = someone(2, made={Effect.CONTACT: CrmId(2)})
        for lead in (forgotten, erased):
            await leads.add(lead)
        async with engine.begin() as connection:
            await connection.execute(text(f"UPDATE leads SET {odd}"))  # noqa: S608  # ours

        assert await customers.forget(delivered_before=NOW - timedelta(days=365), at_most=10) == 1
        assert erased.customer is not None
        assert await customers.erase(erased.customer) == (ContactToErase((CrmId(2),)),)

        async with engine.connect() as connection:
            rows = (await connection.execute(text("SELECT * FROM leads"))).all()
        kept = [(row.customer, row.phone, row.answers, row.conversation) for row in rows]
        assert kept == [(None, None, "{}", "[]")] * 2


@pytest.mark.parametrize("odd", ODD)
async def test_whoever_looks_for_it_is_told(tmp_path: Path, odd: str) -> None:
    async with a_database(tmp_path) as engine:
        leads = SqlLeads(engine, SettableClock(NOW))
        await leads.add(someone(1))
        async with engine.begin() as connection:
            await connection.execute(text(f"UPDATE leads SET {odd}"))  # noqa: S608  # ours
        desk = AdminDesk(
            leads=leads,
            amendments=SqlAmendments(engine, SettableClock(NOW)),
            counts=leads,
            bell=MemoryBell(),
            clock=SettableClock(NOW),
        )

        with pytest.raises(LeadUnreadable):
            await leads.find(Reference("CQ-000001"))
        assert await desk.retry(Reference("CQ-000001")) is Retried.UNREADABLE


async def test_figures_leave_out_forms_and_statuses_that_are_not_known(tmp_path: Path) -> None:
    async with a_database(tmp_path) as engine:
        leads = SqlLeads(engine, SettableClock(NOW))
        for number in (1, 2, 3):
            await leads.add(someone(number))
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE leads SET service = 'teleport' WHERE reference = 'CQ-000001'"))
            await connection.execute(text("UPDATE leads SET status = 'teleported' WHERE reference = 'CQ-000002'"))

        assert sum((await leads.figures()).counts.values()) == 1
