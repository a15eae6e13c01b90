"""What every adapter of `AiBudget` promises."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from carquery.application.ports.stores import StoreUnavailable
from tests.builders import TODAY
from tests.contracts.databases import Away, Database

TOMORROW = TODAY + timedelta(days=1)
CENT = Decimal("0.01")
MILLIONTH = Decimal("0.000001")
NOTHING = Decimal(0)


async def test_a_day_begins_with_nothing_spent(database: Database) -> None:
    assert await database.budget.spent(TODAY) == NOTHING


async def test_what_is_reserved_counts_as_spent(database: Database) -> None:
    granted = [await database.budget.reserve(TODAY, CENT, limit=CENT * 10) for _ in range(3)]

    assert granted == [True, True, True]
    assert await database.budget.spent(TODAY) == CENT * 3


async def test_the_limit_itself_may_be_spent_and_not_a_millionth_more(database: Database) -> None:
    assert await database.budget.reserve(TODAY, CENT, limit=CENT)

    assert not await database.budget.reserve(TODAY, MILLIONTH, limit=CENT)
    assert await database.budget.spent(TODAY) == CENT


async def test_a_day_s_first_cost_is_held_to_the_limit_too(database: Database) -> None:
    assert not await database.budget.reserve(TODAY, CENT + MILLIONTH, limit=CENT)

    assert await database.budget.spent(TODAY) == NOTHING


async def test_a_smaller_cost_still_fits_when_a_greater_one_was_refused(database: Database) -> None:
    await database.budget.reserve(TODAY, CENT * 8, limit=CENT * 10)

    assert not await database.budget.reserve(TODAY, CENT * 3, limit=CENT * 10)
    assert await database.budget.reserve(TODAY, CENT * 2, limit=CENT * 10)


async def test_without_money_only_what_is_free_is_granted(database: Database) -> None:
    assert await database.budget.reserve(TODAY, NOTHING, limit=NOTHING)
    assert not await database.budget.reserve(TODAY, MILLIONTH, limit=NOTHING)


async def test_of_twenty_at_once_as_many_are_granted_as_there_is_money_for(database: Database) -> None:
    granted = await asyncio.gather(*(database.budget.reserve(TODAY, CENT * 3, limit=CENT * 20) for _ in range(20)))

    assert sum(granted) == 6
    assert await database.budget.spent(TODAY) == CENT * 18


async def test_settling_at_once_with_reserving_loses_nothing(database: Database) -> None:
    await database.budget.reserve(TODAY, CENT * 10, limit=CENT * 100)

    await asyncio.gather(
        *(database.budget.settle(TODAY, reserved=CENT, spent=CENT / 2) for _ in range(10)),
        *(database.budget.reserve(TODAY, CENT, limit=CENT * 100) for _ in range(10)),
    )

    assert await database.budget.spent(TODAY) == CENT * 15


async def test_each_day_has_its_own_money(database: Database) -> None:
    await database.budget.reserve(TODAY, CENT, limit=CENT)

    assert await database.budget.reserve(TOMORROW, CENT, limit=CENT)
    assert await database.budget.spent(TODAY) == CENT


async def test_what_was_not_spent_after_all_can_be_reserved_again(database: Database) -> None:
    await database.budget.reserve(TODAY, CENT, limit=CENT)

    await database.budget.settle(TODAY, reserved=CENT, spent=MILLIONTH)

    assert await database.budget.spent(TODAY) == MILLIONTH
    assert await database.budget.reserve(TODAY, CENT - MILLIONTH, limit=CENT)


async def test_what_was_spent_beyond_what_was_reserved_counts(database: Database) -> None:
    await database.budget.reserve(TODAY, CENT, limit=CENT)

    await database.budget.settle(TODAY, reserved=CENT, spent=CENT * 3)

    assert await database.budget.spent(TODAY) == CENT * 3
    assert not await database.budget.reserve(TODAY, NOTHING, limit=CENT)


async def test_a_day_never_falls_below_nothing(database: Database) -> None:
    await database.budget.settle(TODAY, reserved=CENT, spent=NOTHING)  # of a day that nothing was reserved on
    await database.budget.reserve(TOMORROW, CENT, limit=CENT)
    await database.budget.settle(TOMORROW, reserved=CENT * 2, spent=NOTHING)

    assert await database.budget.spent(TODAY) == NOTHING
    assert await database.budget.spent(TOMORROW) == NOTHING
    assert not await database.budget.reserve(TODAY, CENT * 2, limit=CENT)


async def test_what_was_spent_without_being_reserved_counts(database: Database) -> None:
    await database.budget.settle(TODAY, reserved=NOTHING, spent=CENT)

    assert await database.budget.spent(TODAY) == CENT


async def test_a_part_of_a_millionth_is_rounded_up_when_reserved_and_when_spent(database: Database) -> None:
    part = MILLIONTH / 3

    await database.budget.reserve(TODAY, part, limit=CENT)
    assert await database.budget.spent(TODAY) == MILLIONTH

    await database.budget.settle(TODAY, reserved=part, spent=CENT + part)
    assert await database.budget.spent(TODAY) == CENT + MILLIONTH


async def test_a_limit_that_is_not_whole_millionths_is_not_exceeded_either(database: Database) -> None:
    assert not await database.budget.reserve(TODAY, MILLIONTH, limit=MILLIONTH * Decimal("0.9"))
    assert await database.budget.reserve(TODAY, MILLIONTH, limit=MILLIONTH * Decimal("1.9"))


async def test_a_store_that_is_away_is_unavailable(away: Away) -> None:
    for call in (
        away.budget.reserve(TODAY, CENT, limit=CENT),
        away.budget.settle(TODAY, reserved=CENT, spent=NOTHING),
        away.budget.spent(TODAY),
    ):
        with pytest.raises(StoreUnavailable):
            await call
