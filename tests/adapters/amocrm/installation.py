"""An account and the processes of one installation that share its authorisation."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from carquery.adapters.amocrm.access import OAuthAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.oauth import Integration, OAuth
from carquery.adapters.amocrm.ports import CrmGrant, CrmTokens
from carquery.adapters.amocrm.turns import Sleep, Turns
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.crm_tokens import MemoryCrmTokens
from carquery.application.ports.environment import Clock
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import PassingTime, patient_http
from tests.adapters.amocrm.saying import saying
from tests.builders import DAY

INTEGRATION = Integration("client-id", "client-secret", "https://example.org/amocrm")
LEAD = {"name": "CQ-000001", "request_id": "1"}


@dataclass(frozen=True, slots=True)
class AmoCrmInstallation:
    """An account, the grant that is stored for it, and clients that share both, each with its own memory."""

    amocrm: AmoCrmEmulator
    tokens: MemoryCrmTokens
    gate: MemoryCrmGate
    time: PassingTime

    @asynccontextmanager
    async def client(self, *, tokens: CrmTokens | None = None) -> AsyncIterator[AmoCrmClient]:
        """A process of the installation."""
        async with a_process(tokens or self.tokens, self.gate, self.time.clock, self.time.sleep) as client:
            yield client

    async def log_in(self, *, for_: timedelta = DAY) -> CrmGrant:
        """Store a fresh grant; our clock says when it ends."""
        grant = a_grant(self.amocrm, self.time.clock, for_=for_)
        await self.tokens.store(grant)
        return grant

    async def stored(self) -> CrmGrant:
        grant = await self.tokens.load()
        assert grant is not None
        return grant

    @property
    def refreshes(self) -> int:
        """Requests for tokens."""
        return sum(request.path == "/oauth2/access_token" for request in self.amocrm.journal)

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.path} {request.status}" for request in self.amocrm.journal]


def a_grant(amocrm: AmoCrmEmulator, clock: Clock, *, for_: timedelta) -> CrmGrant:
    access_token, refresh_token = amocrm.grant()
    return CrmGrant(amocrm.base_url, access_token, refresh_token, clock.now() + for_)


@asynccontextmanager
async def a_process(
    tokens: CrmTokens, gate: MemoryCrmGate, clock: Clock, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[AmoCrmClient]:
    async with patient_http() as http:
        turns = Turns(gate, sleep=sleep)
        access = OAuthAccess(tokens, OAuth(http, INTEGRATION, turns, clock), clock, sleep=sleep)
        yield AmoCrmClient(http, access, turns)


@contextmanager
def failing_with(kind: type[Exception], words: str) -> Iterator[None]:
    """It fails with that, and no token is in what it says."""
    with pytest.raises(kind, check=saying(words)) as raised:
        yield
    failure: BaseException | None = raised.value
    seen: list[BaseException] = []
    while failure is not None:
        assert failure not in seen, "loggers walk along causes"
        seen.append(failure)
        for secret in ("eyJ", "def502", "client-secret"):
            assert secret not in f"{failure} {failure!r}"
        failure = failure.__cause__ or failure.__context__
