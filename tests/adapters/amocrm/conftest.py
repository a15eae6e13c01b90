"""What several tests of the authorisation share."""

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from structlog.typing import EventDict

from carquery.adapters.memory.crm_tokens import MemoryCrmTokens
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import PassingTime
from tests.adapters.amocrm.installation import AmoCrmInstallation


@pytest.fixture
async def installation() -> AsyncIterator[AmoCrmInstallation]:
    time = PassingTime()
    async with AmoCrmEmulator(requests_per_second=100_000) as amocrm:
        yield AmoCrmInstallation(amocrm, MemoryCrmTokens(time.clock), time.gate(), time)


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    """What is logged; no token is in it, whatever happens."""
    with structlog.testing.capture_logs() as logged:
        yield logged
    assert "eyJ" not in repr(logged)
    assert "def502" not in repr(logged)
    assert "client-secret" not in repr(logged)
