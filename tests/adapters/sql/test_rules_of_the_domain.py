"""What SQL does to many rows at once is what the domain says of each lead, column by column."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain, product
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_rows import lead_to_row, progress_to_row
from carquery.adapters.sql.lead_storing import REWRITTEN
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.tables import leads
from carquery.adapters.sql.transitions import FILLED, RELEASED
from carquery.adapters.stored.answer_json import attachments_to_json
from carquery.application.leads.reasons import LeadReason
from carquery.domain.attachments import NOTHING_ATTACHED
from carquery.domain.claiming import CONTACT_SETTLES, Standing
from carquery.domain.contact import Phone
from carquery.domain.effects import CallIntent, Effect
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus
from tests.builders import ANNA, NOW, a_lead
from tests.sqlite_files import a_sqlite_database

SECOND: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)
DUE: Final = (None, NOW, NOW + SECOND)
HELD: Final = (None, NOW, NOW + SECOND)
INTENTS: Final = (
    None,
    CallIntent(Effect.NOTE, NOW),
    CallIntent(Effect.CONTACT, NOW),
    CallIntent(Effect.CONTACT, NOW - CONTACT_SETTLES),
)
ERASED: Final = (None, NOW)
LEAD: Final = a_lead()
EMPTY: Final[tuple[object, ...]] = (None, {}, [], attachments_to_json(NOTHING_ATTACHED))
LEFT_AFTER_ERASURE: Final = {
    *("id", "reference", "service", "source", "consent", "status", "made", "intent", "intent_at", "doubts"),
    *("outdated", "attempts", "created_at", "delivered_at", "erased_at", "route", "responsible"),
    "unfinished",
}
"""The columns of what may stay (tests/domain/test_erasure.py says why)."""


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_engine(a_sqlite_database(tmp_path)) as engine:
        yield engine


def row_of(standing: Standing) -> dict[str, Any]:
    return lead_to_row(standing.lead) | {
        "lease": None if standing.held_until is None else "somebody",
        "lease_until": standing.held_until,
    }


async def stored(engine: AsyncEngine, *standings: Standing) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(leads), [row_of(standing) for standing in standings])


async def rows(engine: AsyncEngine) -> dict[str, dict[str, Any]]:
    async with engine.connect() as connection:
        return {row["id"]: dict(row) for row in (await connection.execute(select(leads))).mappings()}


def numbered(number: int, phone: Phone | None = None, **changes: Any) -> Lead:
    identity = {"id": LeadId(f"{number:013}"), "reference": Reference(f"CQ-{number:06}")}
    answers = {} if phone is None else {"phone": phone}
    return replace(LEAD, **identity | {"answers": answers} | changes)


def pairs() -> Iterator[tuple[Standing, Standing]]:
    """A lead and another one of the same person, of another or of nobody known, in all states that matter to a claim.

    What the other one is matters only to a lead that is due and free.
    """
    alone = product(DUE, HELD, INTENTS, ERASED, [None], [None], [None], ["two"])
    beside = product([NOW], [None], INTENTS, [None], HELD, INTENTS, ERASED, ["one", "two", "none"])
    for number, (due, held, intent, erased, other_held, other_intent, other_erased, people) in enumerate(
        chain(alone, beside)
    ):
        phone = None if people == "none" else Phone(f"+7916{number:07}")
        other_phone = Phone(f"+7917{number:07}") if people == "two" else phone
        lead = numbered(2 * number, phone, next_attempt_at=due, intent=intent, erased_at=erased)
        other = numbered(2 * number + 1, other_phone, next_attempt_at=None, intent=other_intent, erased_at=other_erased)
        yield Standing(lead, held), Standing(other, other_held)


async def test_those_are_claimed_that_the_domain_lets_be_claimed(engine: AsyncEngine) -> None:
    known = list(pairs())
    await stored(engine, *(standing for pair in known for standing in pair))

    claim = await SqlLeads(engine, SettableClock(NOW)).claim(limit=len(known), lease_for=HOUR)

    may_be = {one.lead.id for one, other in known if one.may_be_claimed([one, other], now=NOW)}
    assert {lead.id for lead in claim.leads} == may_be
    assert 0 < len(may_be) < len(known)


async def test_a_claim_writes_what_the_domain_says(engine: AsyncEngine) -> None:
    lead = numbered(1, attempts=2, status=LeadStatus.FAILED, failure="words")
    await stored(engine, Standing(lead))

    claim = await SqlLeads(engine, SettableClock(NOW)).claim(limit=1, lease_for=HOUR)

    (row,) = (await rows(engine)).values()
    assert row == lead_to_row(lead.claimed()) | {"lease": claim.lease, "lease_until": NOW + HOUR}


def every_status() -> Iterator[Standing]:
    for number, (status, held, erased) in enumerate(product(LeadStatus, HELD, ERASED)):
        changes: dict[str, Any] = {
            "status": status,
            "erased_at": erased,
            "attempts": 3,
            "failure": "words",
            "doubts": 2,
        }
        yield Standing(numbered(number, next_attempt_at=None, **changes), held)


async def test_those_are_put_back_that_the_domain_lets_be_put_back_as_it_says(engine: AsyncEngine) -> None:
    known = list(every_status())
    await stored(engine, *known)
    later = NOW + HOUR

    put_back = await SqlLeads(engine, SettableClock(NOW)).put_back([one.lead.id for one in known], at=later)

    assert put_back == {one.lead.id for one in known if one.may_be_put_back(now=NOW)}
    expected = {
        one.lead.id: lead_to_row(one.lead.resubmitted(at=later)) | RELEASED if one.lead.id in put_back else row_of(one)
        for one in known
    }
    assert await rows(engine) == expected


async def test_those_are_put_in_doubt_that_the_domain_puts_in_doubt_as_it_does(engine: AsyncEngine) -> None:
    known = [replace(one, lead=replace(one.lead, intent=intent)) for one in every_status() for intent in INTENTS]
    known = [
        replace(one, lead=replace(one.lead, id=LeadId(f"{number:013}"), reference=Reference(f"CQ-{number:06}")))
        for number, one in enumerate(known)
    ]
    await stored(engine, *known)

    await SqlLeads(engine, SettableClock(NOW)).put_in_doubt(at=NOW)

    expected = {one.lead.id: row_of(replace(one, lead=one.lead.put_in_doubt(at=NOW))) for one in known}
    assert await rows(engine) == expected


def test_no_column_of_the_filled_lead_is_empty() -> None:
    """Or what a transition clears would not be seen: whoever adds a column fills it there."""
    row = lead_to_row(FILLED)

    assert row.keys() | RELEASED.keys() == set(leads.c.keys())
    assert [name for name, value in row.items() if value in (None, {}, [], 0, False)] == []


async def test_erasing_clears_every_column_but_those_that_may_stay(engine: AsyncEngine) -> None:
    full = replace(FILLED, customer=ANNA, erased_at=None)
    await stored(engine, Standing(full, NOW + HOUR))

    await SqlCustomers(engine, SettableClock(NOW)).erase(ANNA)

    (row,) = (await rows(engine)).values()
    assert {name for name, value in row.items() if value not in EMPTY} == LEFT_AFTER_ERASURE
    assert row == lead_to_row(full.erased(at=NOW)) | RELEASED


async def test_what_cannot_be_read_is_given_up_as_the_domain_says(engine: AsyncEngine) -> None:
    lead = numbered(1, attempts=2)
    await stored(engine, Standing(lead))
    async with engine.begin() as connection:
        await connection.execute(update(leads).values(service="of a later version"))

    await SqlLeads(engine, SettableClock(NOW)).claim(limit=1, lease_for=HOUR)

    (row,) = (await rows(engine)).values()
    given_up = lead_to_row(lead.claimed().given_up(LeadReason.UNREADABLE()))
    assert row == given_up | RELEASED | {"service": "of a later version"}


def test_what_the_customer_says_anew_is_written_by_the_columns_of_the_domain() -> None:
    newer = replace(FILLED, **{name: getattr(FILLED.erased(at=NOW), name) for name in ("answers", "attachments")})
    newer = replace(newer, conversation=("other words",), is_unfinished=False)
    before, after = lead_to_row(FILLED), lead_to_row(FILLED.rewritten(newer))

    assert {name for name in before if before[name] != after[name]} == REWRITTEN


def test_how_far_a_lead_has_come_is_written_by_the_columns_of_the_domain() -> None:
    untouched = replace(a_lead(), next_attempt_at=None)
    before, after = lead_to_row(FILLED), lead_to_row(FILLED.as_far_as(untouched))

    assert {name for name in before if before[name] != after[name]} == set(progress_to_row(FILLED))
