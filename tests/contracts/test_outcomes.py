"""What every adapter of `Outcomes` promises."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from carquery.application.ports.first_touches import Look
from carquery.application.ports.leads import LeadChange
from carquery.application.ports.outcomes import Outcome
from carquery.application.ports.tallies import By
from carquery.domain.first_touch import FirstTouch
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmUserId, Source
from carquery.domain.moscow import MOSCOW
from tests.builders import ANNA, DAY, HOUR, a_pending_lead
from tests.contracts.databases import Database


async def told(database: Database, by: By | None = None, **given: Any) -> Mapping[str, Outcome]:
    now = database.now()
    usual: dict[str, Any] = {"zone": MOSCOW, "since": now - 30 * DAY, "until": now + DAY}
    asked = usual | given
    return await database.outcomes.of_sent(asked.pop("since"), asked.pop("until"), by=by, **asked)


async def stored(database: Database, number: int, **details: Any) -> None:
    await database.leads.add(a_pending_lead(number, now=database.now(), **details))


async def test_requests_are_sent_then_delivered_then_touched(database: Database) -> None:
    for number in (1, 2, 3):
        await stored(database, number)
    claim = await database.leads.claim(limit=2, lease_for=HOUR)
    done = [lead.delivered(at=database.now()) for lead in claim.leads]
    await database.leads.update([LeadChange(lead) for lead in done], claim.lease, release=True)
    touch = FirstTouch(database.now(), CrmUserId(501))
    await database.touches.note([Look(done[0].id, touch, None)], at=database.now())

    assert await told(database) == {"": Outcome(sent=3, delivered=2, touched=1, waiting=1)}


async def test_a_form_that_nobody_has_sent_is_no_request(database: Database) -> None:
    await stored(database, 1, is_unfinished=True)

    assert await told(database) == {}


async def test_they_are_told_apart_by_what_is_asked_for(database: Database) -> None:
    await stored(database, 1, service=Service.SELL, source=Source("avito"))
    await stored(database, 2, service=Service.BUY, source=None)

    keys = {by: set(await told(database, by)) for by in (By.FORM, By.SOURCE, By.CHANNEL)}

    assert keys == {By.FORM: {"sell", "buy"}, By.SOURCE: {"avito", ""}, By.CHANNEL: {"telegram"}}


async def test_days_are_those_of_the_dealership(database: Database) -> None:
    """Eleven at night in Vladivostok is three in the afternoon in Moscow, and noon in Greenwich."""
    vladivostok = timezone(timedelta(hours=10))
    midnight = database.now().astimezone(vladivostok).replace(hour=0, minute=0, second=0, microsecond=0)
    for number, age in enumerate((timedelta(minutes=1), timedelta(minutes=-1)), start=1):
        await stored(database, number, created_at=midnight - age)

    days = await told(database, By.DAY, zone=vladivostok)

    assert days == {f"{midnight - DAY:%Y-%m-%d}": Outcome(1, waiting=1), f"{midnight:%Y-%m-%d}": Outcome(1, waiting=1)}


async def test_the_first_moment_counts_and_the_last_does_not(database: Database) -> None:
    moments: list[datetime] = [database.now() + number * HOUR for number in range(3)]
    for number, at in enumerate(moments, start=1):
        await stored(database, number, created_at=at)

    assert await told(database, since=moments[0], until=moments[2]) == {"": Outcome(2, waiting=2)}


async def test_one_that_was_erased_counts_without_its_channel_and_is_awaited_no_more(database: Database) -> None:
    await stored(database, 1, customer=ANNA)

    await database.customers.erase(ANNA)

    assert await told(database) == {"": Outcome(1)}
    assert set(await told(database, By.CHANNEL)) == {""}
