"""What every adapter of `Leads` promises about the number of one customer's leads."""

import asyncio
from datetime import datetime

import pytest

from carquery.application.ports.leads import TooManyLeads
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead
from carquery.domain.lead_limits import USUAL_LIMITS
from tests.builders import BORIS, DAY, HOUR, MINUTE, NAMESAKE, NOW, a_lead
from tests.contracts.databases import Database


async def add(database: Database, number: int, *, at: datetime = NOW, **changes: object) -> Lead:
    lead = a_lead(number, **{"created_at": at, "next_attempt_at": at} | changes)
    return await database.leads.add(lead, limits=USUAL_LIMITS)


async def test_the_fourth_lead_within_an_hour_is_not_stored(database: Database) -> None:
    for number in (1, 2, 3):
        await add(database, number, at=NOW + number * MINUTE)

    with pytest.raises(TooManyLeads) as refused:
        await add(database, 4, at=NOW + 10 * MINUTE)

    assert refused.value.again_at == NOW + HOUR + MINUTE
    assert len(await database.leads.newest(limit=9)) == 3
    await add(database, 4, at=NOW + HOUR + MINUTE)


async def test_the_eleventh_lead_within_a_day_is_not_stored(database: Database) -> None:
    for number in range(10):
        await add(database, number, at=NOW + number * HOUR)

    with pytest.raises(TooManyLeads) as refused:
        await add(database, 10, at=NOW + 10 * HOUR)

    assert refused.value.again_at == NOW + DAY


async def test_what_was_refused_has_changed_nothing(database: Database) -> None:
    for number in (1, 2, 3):
        await add(database, number)
    known = await database.customers.acquaintance(a_lead().customer or BORIS)

    with pytest.raises(TooManyLeads):
        await add(database, 4, answers={})

    assert await database.customers.acquaintance(a_lead().customer or BORIS) == known
    assert await database.leads.load(LeadId(f"{4:013}")) is None


async def test_a_lead_that_is_there_already_is_never_one_too_many(database: Database) -> None:
    first = await add(database, 1)
    for number in (2, 3):
        await add(database, number)

    assert await add(database, 1) == first


async def test_others_are_counted_apart(database: Database) -> None:
    for number in (1, 2, 3):
        await add(database, number)

    await add(database, 4, customer=BORIS)
    await add(database, 5, customer=NAMESAKE)

    assert len(await database.leads.newest(limit=9)) == 5


async def test_without_limits_any_number_is_stored(database: Database) -> None:
    for number in range(12):
        await database.leads.add(a_lead(number))

    assert len(await database.leads.newest(limit=99)) == 12


@pytest.mark.parametrize("known_before", [True, False])
async def test_of_many_at_once_no_more_are_stored(database: Database, *, known_before: bool) -> None:
    """From several processes as well: the customer's row is locked, or is being made."""
    if known_before:
        await add(database, 99, at=NOW - 2 * HOUR)

    outcomes = await asyncio.gather(*(add(database, number) for number in range(1, 9)), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Lead"] * 3 + ["TooManyLeads"] * 5
    assert len(await database.leads.newest(limit=99)) == 3 + known_before
