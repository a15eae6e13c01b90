"""One amoCRM per test, asked over a real socket."""

from collections.abc import AsyncIterator

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import NO_LIMIT, Client, ManualClock, client_of


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def amocrm(clock: ManualClock) -> AsyncIterator[AmoCrmEmulator]:
    async with AmoCrmEmulator(clock=clock, requests_per_second=NO_LIMIT) as amocrm:
        yield amocrm


@pytest.fixture
async def api(amocrm: AmoCrmEmulator) -> AsyncIterator[Client]:
    async with client_of(amocrm) as api:
        yield api


@pytest.fixture
async def drive(amocrm: AmoCrmEmulator) -> AsyncIterator[Client]:
    async with client_of(amocrm, host=amocrm.drive_url) as drive:
        yield drive
