"""What every adapter of `Alerts` promises."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from carquery.application.ports.alerts import CustomerNotUnderstood
from tests.builders import ANNA, BORIS
from tests.contracts.alerts import ALL_ALERTS, AlertsInHand

OF_ANNA = CustomerNotUnderstood(ANNA, None, ("привет",))
OF_BORIS = CustomerNotUnderstood(BORIS, None, ("почём?",))


@pytest.fixture(params=ALL_ALERTS, ids=lambda adapter: getattr(adapter, "__name__", None))
async def alerts(request: pytest.FixtureRequest) -> AsyncIterator[AlertsInHand]:
    async with request.param() as alerts:
        yield alerts


async def test_what_is_told_reaches_people_once(alerts: AlertsInHand) -> None:
    await alerts.alerts.tell(OF_ANNA)

    assert await alerts.read() == 1


async def test_two_things_told_at_once_reach_people_both(alerts: AlertsInHand) -> None:
    await asyncio.gather(alerts.alerts.tell(OF_ANNA), alerts.alerts.tell(OF_BORIS))

    assert await alerts.read() == 2


async def test_whatever_is_away_whoever_tells_goes_on_and_the_next_is_told(alerts: AlertsInHand) -> None:
    if alerts.breaks is not None:
        alerts.breaks()
    await alerts.alerts.tell(OF_ANNA)
    before = await alerts.read()

    await alerts.alerts.tell(OF_BORIS)

    assert await alerts.read() == before + 1
