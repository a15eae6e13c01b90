"""What every adapter of `Tallies` promises."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any

from carquery.application.ports.tallies import BatchId, By, Days
from carquery.domain.tallied import Occurrence, Tallied
from tests.builders import NOW
from tests.contracts.databases import Database

DAY = date(2026, 3, 2)
BEFORE = DAY - timedelta(days=1)
BOTH = Days(BEFORE, DAY)


def one(what: Occurrence = Occurrence.REACHED, **details: Any) -> Tallied:
    usual: dict[str, Any] = {"day": DAY, "channel": "telegram", "form": "sell", "step": "car_brand"}
    return Tallied(what=what, **usual | details)


async def added(database: Database, counts: dict[Tallied, int], batch: str = "first") -> None:
    await database.tallies.add(counts, batch=BatchId(batch), at=NOW)


async def told(database: Database, days: Days = BOTH, by: By | None = None) -> Counter[tuple[str, str]]:
    """By key and step."""
    counted: Counter[tuple[str, str]] = Counter()
    for total in await database.tallies.totals(days, by=by):
        counted[(total.key, total.step)] += total.times
    return counted


async def test_what_is_added_from_everywhere_adds_up(database: Database) -> None:
    counts = {one(step=step, source=source): 2 for step in ("car_brand", "year") for source in ("", "avito")}

    await asyncio.gather(*(added(database, counts, f"batch {number}") for number in range(5)))

    assert await told(database) == {("", "car_brand"): 20, ("", "year"): 20}
    assert (await told(database, by=By.SOURCE))[("avito", "year")] == 10


async def test_a_batch_that_comes_again_counts_once(database: Database) -> None:
    for _ in range(2):
        await added(database, {one(): 3})

    await added(database, {one(): 1}, "second")

    assert await told(database) == {("", "car_brand"): 4}


async def test_nothing_is_added_of_nothing(database: Database) -> None:
    await added(database, {})

    assert await database.tallies.totals(BOTH) == []


async def test_of_the_days_asked_for_the_first_and_the_last_count(database: Database) -> None:
    days = [BEFORE + timedelta(days=number) for number in range(-1, 3)]
    await added(database, {one(day=day): 1 for day in days})

    assert await told(database) == {("", "car_brand"): 2}


async def test_counts_are_told_apart_by_what_is_asked_for(database: Database) -> None:
    await added(database, {one(): 1, one(day=BEFORE, channel="max", form="buy", source="avito"): 2})

    keys = {by: {key: times for (key, _), times in (await told(database, by=by)).items()} for by in By}

    assert keys == {
        By.FORM: {"sell": 1, "buy": 2},
        By.SOURCE: {"": 1, "avito": 2},
        By.DAY: {"2026-03-02": 1, "2026-03-01": 2},
        By.CHANNEL: {"telegram": 1, "max": 2},
    }


async def test_shapes_of_before_are_forgotten_and_how_many_there_were_is_not(database: Database) -> None:
    refused = {one(Occurrence.REFUSED, day=day, detail=shape): 2 for day in (BEFORE, DAY) for shape in ("аа", "00")}
    await added(database, {**refused, one(day=BEFORE): 1})

    portions = [await database.tallies.forget(before=DAY, at_most=1) for _ in range(3)]

    left = {(total.what, total.detail, total.times) for total in await database.tallies.totals(Days(BEFORE, BEFORE))}
    assert portions == [1, 1, 0]
    assert left == {(Occurrence.REACHED, "", 1), (Occurrence.REFUSED, "", 4)}
    assert {total.detail for total in await database.tallies.totals(Days(DAY, DAY))} == {"аа", "00"}
