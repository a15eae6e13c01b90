"""Beside the version before, which knows customers by a number alone: each reads what the other wrote.

That version is played by the tables as its migration made them: it writes their columns, and looks at no others.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.alert_outbox import SqlAlertOutbox
from carquery.adapters.sql.compatibility import WouldBeLost
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_rows import lead_to_row
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import downgrade, upgrade
from carquery.adapters.sql.schema import is_current, revision_of
from carquery.application.ports.alerts import CustomerNotUnderstood
from carquery.application.ports.leads import Chosen
from carquery.domain.consent import Consent
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.ids import CustomerId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.visit import STRANGER, Acquaintance
from tests.builders import ANNA, ANNA_S_HANDLE, BORIS, NAMESAKE, NOW, a_lead, someone
from tests.postgres_databases import a_postgres_database

BEFORE = "0008"
NUMBER = int(ANNA.number)
GIVEN = Consent(NOW, "1", "a" * 64)


@dataclass(frozen=True, slots=True)
class VersionBefore:
    """What it writes and reads."""

    engine: AsyncEngine
    tables: MetaData

    async def writes(self, table: str, *rows: dict[str, Any]) -> None:
        columns = self.tables.tables[table].columns
        async with self.engine.begin() as connection:
            for row in rows:
                known = {name: value for name, value in row.items() if name in columns}
                await connection.execute(insert(self.tables.tables[table]).values(known))

    async def reads(self, table: str) -> list[dict[str, Any]]:
        found = self.tables.tables[table]
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(found).order_by(found.c.id if "id" in found.c else found.c[0]))
            return [dict(row) for row in rows.mappings()]

    async def erases(self, number: int) -> None:
        """As it did: the columns that it knows."""
        leads, nothing = self.tables.tables["leads"], dict.fromkeys(("customer", "username", "phone", "failure"))
        async with self.engine.begin() as connection:
            theirs = update(leads).where(leads.c.customer == number)
            await connection.execute(
                theirs.values(nothing | {"answers": {}, "attachments": {}, "next_attempt_at": None, "erased_at": NOW})
            )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A database as the version before has made it."""
    if request.param == "sqlite":
        async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
            await upgrade(engine, BEFORE)
            yield engine
        return
    server = request.getfixturevalue("postgres_url")
    async with a_postgres_database(server, migrated=False) as url, open_engine(url) as engine:
        await upgrade(engine, BEFORE)
        yield engine


@pytest.fixture
async def before(engine: AsyncEngine) -> VersionBefore:
    tables = MetaData()
    async with engine.connect() as connection:
        await connection.run_sync(tables.reflect)
    return VersionBefore(engine, tables)


@pytest.fixture
async def beside(before: VersionBefore) -> VersionBefore:
    """The version before, beside this one's tables."""
    await upgrade(before.engine)
    return before


@pytest.fixture
def leads(engine: AsyncEngine) -> SqlLeads:
    return SqlLeads(engine, SettableClock(NOW))


@pytest.fixture
def customers(engine: AsyncEngine) -> SqlCustomers:
    return SqlCustomers(engine, SettableClock(NOW))


def many_leads() -> list[Lead]:
    """160, of 40 customers, as they may stand in a dealership's database."""
    all_leads = []
    for number in range(160):
        user = 1_000 + number % 40
        handle = Handle("Telegram", f"@user{user}" if user % 3 else f"id {user}")
        status = list(LeadStatus)[number % 5]
        lead = someone(number, customer=CustomerId.read(f"telegram:{user}"), handle=handle, status=status)
        all_leads.append(lead.erased(at=NOW) if number % 10 == 0 else lead)
    return all_leads


def known_of(lead: Lead) -> dict[str, Any]:
    assert lead.customer is not None
    name, phone = lead.name, lead.phone
    return {"id": int(lead.customer.number), "name": name and name.name, "phone": phone and phone.e164}


def a_consent(number: int, consent: Consent = GIVEN) -> dict[str, Any]:
    return {
        "customer": number,
        "given_at": consent.given_at,
        "version": consent.version,
        "fingerprint": consent.fingerprint,
    }


async def test_many_leads_go_up_down_and_up_and_lose_nothing(
    before: VersionBefore, leads: SqlLeads, customers: SqlCustomers
) -> None:
    written = many_leads()
    await before.writes("leads", *map(lead_to_row, written))
    await before.writes("customers", *{lead.customer: known_of(lead) for lead in written if lead.customer}.values())
    await before.writes("consents", *(a_consent(1_000 + number) for number in range(40)))
    stood = {name: await before.reads(name) for name in ("leads", "customers", "consents")}

    for _ in range(2):
        await upgrade(before.engine)
        assert await all_of(leads) == {lead.id: lead for lead in written}
        for customer in {lead.customer for lead in written if lead.customer}:
            theirs = {lead.id: lead for lead in written if lead.customer == customer}
            found = await leads.newest(limit=200, chosen=Chosen(customer=customer))
            assert {lead.id: lead for lead in found} == theirs
            last = theirs[max(theirs)]
            assert await customers.acquaintance(customer) == Acquaintance(last.name, last.phone, GIVEN)
        await downgrade(before.engine, BEFORE)
        assert {name: await before.reads(name) for name in stood} == stood


async def all_of(leads: SqlLeads) -> dict[str, Lead]:
    return {lead.id: lead for lead in await leads.newest(limit=200)}


async def test_what_the_version_before_goes_on_writing_is_telegram_s(
    beside: VersionBefore, leads: SqlLeads, customers: SqlCustomers
) -> None:
    hers, nameless = a_lead(1, handle=ANNA_S_HANDLE), a_lead(2, handle=Handle("Telegram", f"id {NUMBER}"))
    await beside.writes("leads", lead_to_row(hers), lead_to_row(nameless))
    await beside.writes("customers", known_of(hers))
    await beside.writes("consents", a_consent(NUMBER))

    assert await all_of(leads) == {hers.id: hers, nameless.id: nameless}
    assert await leads.newest(limit=9, chosen=Chosen(customer=ANNA)) == (nameless, hers)
    assert await customers.acquaintance(ANNA) == Acquaintance(hers.name, hers.phone, GIVEN)
    assert await customers.acquaintance(NAMESAKE) == STRANGER


async def test_a_customer_whom_both_versions_know_is_one(
    beside: VersionBefore, leads: SqlLeads, customers: SqlCustomers
) -> None:
    first, second = a_lead(1), someone(2)
    await beside.writes("leads", lead_to_row(first))
    await beside.writes("customers", known_of(first))
    await beside.writes("consents", a_consent(NUMBER))

    await leads.add(second)
    await customers.consent(ANNA, replace(GIVEN, given_at=NOW + timedelta(days=1)))

    assert [row["phone"] for row in await beside.reads("customers")] == [second.phone and second.phone.e164]
    assert len(await beside.reads("consents")) == 1, "it is the same text"
    assert await customers.acquaintance(ANNA) == Acquaintance(second.name, second.phone, GIVEN)
    await customers.erase(ANNA)
    assert await customers.acquaintance(ANNA) == STRANGER
    assert {row["customer"] for row in await beside.reads("leads")} == {None}
    assert (await beside.reads("customers"), await beside.reads("consents")) == ([], [])


async def test_the_version_before_reads_what_this_one_writes_of_telegram_s_customers(
    beside: VersionBefore, leads: SqlLeads, customers: SqlCustomers
) -> None:
    hers = await leads.add(a_lead(1, handle=ANNA_S_HANDLE))
    await leads.add(a_lead(2, customer=BORIS, handle=Handle("Telegram", "id 7000000002")))
    await customers.consent(ANNA, GIVEN)

    assert [(row["customer"], row["username"]) for row in await beside.reads("leads")] == [
        (NUMBER, "anna_k"),
        (int(BORIS.number), None),
    ]
    assert (await beside.reads("customers"))[0] == known_of(hers)
    assert [(row["customer"], row["fingerprint"]) for row in await beside.reads("consents")] == [(NUMBER, "a" * 64)]


async def test_the_version_before_takes_nobody_of_another_channel_for_a_customer_of_its_own(
    beside: VersionBefore, leads: SqlLeads, customers: SqlCustomers
) -> None:
    await leads.add(a_lead(1, customer=NAMESAKE, handle=Handle("MAX", "@anna")))
    await customers.consent(NAMESAKE, GIVEN)

    assert [(row["customer"], row["username"]) for row in await beside.reads("leads")] == [(None, None)]
    assert all(row["id"] < 0 for row in await beside.reads("customers"))
    assert all(row["customer"] < 0 for row in await beside.reads("consents"))


async def test_whom_the_version_before_erases_is_nobody_and_soon_nothing_is_left(
    beside: VersionBefore, leads: SqlLeads, customers: SqlCustomers
) -> None:
    await leads.add(a_lead(1, handle=ANNA_S_HANDLE))
    namesakes = await leads.add(a_lead(2, customer=NAMESAKE, handle=Handle("MAX", "@anna")))

    await beside.erases(NUMBER)

    (anonymous,) = [lead for lead in await leads.newest(limit=9) if lead.id != namesakes.id]
    assert (anonymous.customer, anonymous.handle) == (None, None)
    assert await leads.newest(limit=9, chosen=Chosen(customer=ANNA)) == ()
    assert await customers.erase(ANNA) == ()
    await customers.forget(delivered_before=NOW, at_most=10)
    async with beside.engine.connect() as connection:
        left = (await connection.exec_driver_sql("SELECT id, customer_id, handle FROM leads ORDER BY id")).all()
    assert [tuple(row) for row in left] == [(anonymous.id, None, None), (namesakes.id, "max:7000000001", "MAX: @anna")]


OLD_ALERTS: Sequence[tuple[str | None, Handle]] = [
    ("anna_k", ANNA_S_HANDLE),
    (None, Handle("Telegram", f"id {NUMBER}")),
]


@pytest.mark.parametrize(("username", "handle"), OLD_ALERTS)
async def test_an_alert_of_the_version_before_is_said_and_erased(
    beside: VersionBefore, customers: SqlCustomers, username: str | None, handle: Handle
) -> None:
    outbox = SqlAlertOutbox(beside.engine, SettableClock(NOW))
    body = {"customer": NUMBER, "username": username, "conversation": ["ау"]}
    row = {"kind": "customer not understood", "cause": f"not understood: {NUMBER}", "body": body, "customer": NUMBER}
    await beside.writes("alerts", {"id": 1, "told_at": NOW, "times": 1, "taken": False, **row})

    taken = await outbox.take(lease_for=timedelta(seconds=1))

    assert taken is not None
    assert taken.alert == CustomerNotUnderstood(ANNA, handle, ("ау",))
    await customers.erase(NAMESAKE)
    assert len(await beside.reads("alerts")) == 1
    await customers.erase(ANNA)
    assert await beside.reads("alerts") == []


async def test_an_alert_of_this_version_is_one_that_the_version_before_reads(beside: VersionBefore) -> None:
    outbox = SqlAlertOutbox(beside.engine, SettableClock(NOW))
    await outbox.add(CustomerNotUnderstood(ANNA, ANNA_S_HANDLE, ("ау",)))

    (row,) = await beside.reads("alerts")

    assert row["customer"] == NUMBER
    assert {"customer": NUMBER, "username": "anna_k", "conversation": ["ау"]}.items() <= row["body"].items()


@pytest.mark.parametrize("what", ["a lead", "a consent", "an alert"])
async def test_customers_of_another_channel_are_not_lost_by_going_back(
    beside: VersionBefore, leads: SqlLeads, customers: SqlCustomers, what: str
) -> None:
    if what == "a lead":
        await leads.add(
            a_lead(1, customer=NAMESAKE, answers={"name": PersonName("Анна"), "phone": Phone("+79161234567")})
        )
    elif what == "a consent":
        await customers.consent(NAMESAKE, GIVEN)
    else:
        alert = CustomerNotUnderstood(NAMESAKE, None, ("ау",))
        await SqlAlertOutbox(beside.engine, SettableClock(NOW)).add(alert)

    with pytest.raises(WouldBeLost, match=r"1 of its customers came by another messenger \(max\)") as refused:
        await downgrade(beside.engine, BEFORE)

    assert str(refused.value).startswith("DATABASE_URL: ")
    assert await is_current(beside.engine)
    await customers.erase(NAMESAKE)
    await downgrade(beside.engine, BEFORE)
    assert await revision_of(beside.engine) == BEFORE
