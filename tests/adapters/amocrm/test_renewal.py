"""Renewing the authorisation: one process does it, and the new pair is not lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
from structlog.typing import EventDict

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.ports import CrmGrant, CrmTokens
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.crm_tokens import MemoryCrmTokens
from carquery.adapters.sql.crm_tokens import SqlCrmTokens
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.seal import Seal
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.crm import CrmBusy, CrmUnauthorised
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import ACCOUNT
from tests.adapters.amocrm.installation import LEAD, AmoCrmInstallation, a_grant, a_process, failing_with
from tests.builders import DAY
from tests.postgres_databases import a_postgres_database

pytestmark = pytest.mark.usefixtures("logged")


async def eight_at_once(amocrm: AmoCrmEmulator, clients: list[AmoCrmClient]) -> None:
    """Each makes a deal; there is one renewal, and no call fails."""
    answers = await asyncio.gather(*(client.write("POST", "/api/v4/leads", [LEAD], permit=None) for client in clients))

    assert all(answer is not None for answer in answers)
    assert len(amocrm.world.leads) == len(clients)
    assert [request.path for request in amocrm.journal].count("/oauth2/access_token") == 1


@asynccontextmanager
async def memory_stores(_request: pytest.FixtureRequest) -> AsyncIterator[list[CrmTokens]]:
    yield [MemoryCrmTokens(SystemClock())] * 8


@asynccontextmanager
async def postgres_stores(request: pytest.FixtureRequest) -> AsyncIterator[list[CrmTokens]]:
    """Each process has its own connections."""
    async with a_postgres_database(request.getfixturevalue("postgres_url")) as url, AsyncExitStack() as stack:
        engines = [await stack.enter_async_context(open_engine(url)) for _ in range(8)]
        yield [SqlCrmTokens(engine, SystemClock(), Seal(("a secret key of the tests",))) for engine in engines]


@pytest.mark.parametrize(
    "stores",
    [memory_stores, pytest.param(postgres_stores, marks=pytest.mark.postgres)],
    ids=["memory", "PostgreSQL"],
)
@pytest.mark.parametrize("is_known", [True, False], ids=["we know that it is over", "amoCRM says so"])
async def test_of_eight_processes_with_an_expired_token_one_renews_it(
    stores: Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[list[CrmTokens]]],
    request: pytest.FixtureRequest,
    *,
    is_known: bool,
) -> None:
    clock = SystemClock()
    gate = MemoryCrmGate(clock, spacing=timedelta())
    async with (
        AmoCrmEmulator(requests_per_second=100_000) as amocrm,
        stores(request) as tokens,
        AsyncExitStack() as stack,
    ):
        amocrm.faults.slow = 0.05
        await tokens[0].store(a_grant(amocrm, clock, for_=timedelta() if is_known else DAY))
        amocrm.expire_access_tokens()
        clients = [await stack.enter_async_context(a_process(store, gate, clock)) for store in tokens]

        await eight_at_once(amocrm, clients)


async def test_of_eight_calls_of_one_process_one_renews(installation: AmoCrmInstallation) -> None:
    await installation.log_in(for_=timedelta())
    installation.amocrm.expire_access_tokens()
    async with installation.client() as client:
        await eight_at_once(installation.amocrm, [client] * 8)


async def test_a_lost_renewal_costs_nothing_while_the_old_token_lives(
    installation: AmoCrmInstallation, logged: list[EventDict]
) -> None:
    await installation.log_in(for_=timedelta(minutes=4))
    installation.amocrm.faults.add("drop", path="access_token")

    async with installation.client() as client:
        for _ in range(3):
            assert await client.read(ACCOUNT) is not None

    assert installation.refreshes == 1
    assert [(line["event"], line["log_level"]) for line in logged] == [("tokens_not_renewed", "warning")]


async def test_a_renewal_that_failed_is_tried_again_after_a_minute(installation: AmoCrmInstallation) -> None:
    await installation.log_in(for_=timedelta(minutes=4))
    installation.amocrm.faults.add("refuse", path="access_token")

    async with installation.client() as client:
        await client.read(ACCOUNT)
        installation.time.clock.pass_time(timedelta(seconds=59))
        await client.read(ACCOUNT)
        assert installation.refreshes == 1
        installation.time.clock.pass_time(timedelta(seconds=1))
        await client.read(ACCOUNT)

    assert installation.refreshes == 2
    assert (await installation.stored()).expires_at == installation.time.clock.now() + DAY


async def test_a_renewal_that_never_arrived_is_repeated_by_the_next_call(installation: AmoCrmInstallation) -> None:
    await installation.log_in(for_=timedelta())
    installation.amocrm.faults.add("refuse", path="access_token")

    async with installation.client() as client:
        with failing_with(CrmBusy, "оборвалась"):
            await client.write("POST", "/api/v4/leads", [LEAD], permit=None)

        assert await client.read(ACCOUNT) is not None

    assert installation.asked[-1] == f"GET {ACCOUNT} 200"


async def test_a_renewal_whose_answer_was_lost_ends_in_the_command(installation: AmoCrmInstallation) -> None:
    """The refresh token is spent, and nobody has the next one; nothing that was to be made is in doubt."""
    await installation.log_in(for_=timedelta())
    installation.amocrm.faults.add("drop", path="access_token")

    async with installation.client() as client:
        with failing_with(CrmBusy, "оборвалась"):
            await client.write("POST", "/api/v4/leads", [LEAD], permit=None)
        with failing_with(CrmUnauthorised, "carquery amocrm login --code"):
            await client.write("POST", "/api/v4/leads", [LEAD], permit=None)

    assert installation.amocrm.world.leads == {}


async def test_others_go_on_with_a_token_that_still_lives_while_one_renews(installation: AmoCrmInstallation) -> None:
    grant = await installation.log_in(for_=timedelta(minutes=4))
    assert await installation.tokens.begin_renewal(grant, at_most=timedelta(minutes=1)) is not None

    async with installation.client() as client:
        assert await client.read(ACCOUNT) is not None

    assert installation.refreshes == 0
    assert installation.time.slept == []


async def test_a_process_that_died_while_renewing_keeps_the_others_up_for_a_limited_time(
    installation: AmoCrmInstallation,
) -> None:
    grant = await installation.log_in(for_=timedelta())
    assert await installation.tokens.begin_renewal(grant, at_most=timedelta(minutes=1)) is not None

    async with installation.client() as client:
        assert await client.read(ACCOUNT) is not None

    assert sum(installation.time.slept) == pytest.approx(60, abs=1)
    assert installation.refreshes == 1


class Taken(MemoryCrmTokens):
    """Somebody else renews, on and on."""

    async def begin_renewal(self, grant: CrmGrant, *, at_most: timedelta) -> None:
        del grant, at_most


async def test_nobody_waits_for_ever_for_another_s_renewal(installation: AmoCrmInstallation) -> None:
    tokens = Taken(installation.time.clock)
    await tokens.store(await installation.log_in(for_=timedelta()))

    async with installation.client(tokens=tokens) as client:
        with failing_with(CrmBusy, "другой процесс"):
            await client.read(ACCOUNT)

    assert 60 < sum(installation.time.slept) < 180


async def test_a_renewal_waits_for_no_long_pause(installation: AmoCrmInstallation) -> None:
    await installation.log_in(for_=timedelta())
    await installation.gate.pause(timedelta(minutes=10))

    async with installation.client() as client:
        with failing_with(CrmBusy, "подождать"):
            await client.read(ACCOUNT)

    assert installation.time.slept == []
    grant = await installation.stored()
    assert await installation.tokens.begin_renewal(grant, at_most=DAY) is not None, "the right to renew was given back"


class LosingTouch(MemoryCrmTokens):
    """A store that goes away just when a new pair is to be stored, for so many tries."""

    def __init__(self, clock: Clock, *, tries: int) -> None:
        super().__init__(clock)
        self._tries = tries

    async def renewed(self, renewal: object, grant: CrmGrant) -> None:
        if self._tries:
            self._tries -= 1
            self.fail_next(StoreUnavailable("away"))
        await super().renewed(renewal, grant)  # type: ignore[arg-type]  # handed on as it came


@pytest.mark.parametrize("tries", [1, 19])
async def test_a_new_pair_waits_for_a_store_that_is_away_for_a_moment(
    installation: AmoCrmInstallation, tries: int
) -> None:
    tokens = LosingTouch(installation.time.clock, tries=tries)
    await tokens.store(await installation.log_in(for_=timedelta()))

    async with installation.client(tokens=tokens) as client:
        assert await client.read(ACCOUNT) is not None

    grant = await tokens.load()
    assert grant is not None
    assert grant.expires_at > installation.time.clock.now()
    assert installation.refreshes == 1


async def test_a_new_pair_outlives_a_store_that_stays_away(installation: AmoCrmInstallation) -> None:
    tokens = LosingTouch(installation.time.clock, tries=22)
    await tokens.store(await installation.log_in(for_=timedelta()))

    async with installation.client(tokens=tokens) as client:
        for _ in range(3):
            with failing_with(StoreUnavailable, "away"):
                await client.read(ACCOUNT)
        assert installation.asked == ["POST /oauth2/access_token 200"], "it is not used before it is durable"

        assert await client.read(ACCOUNT) is not None

    grant = await tokens.load()
    assert grant is not None
    assert grant.expires_at > installation.time.clock.now()
    assert installation.refreshes == 1


class TakenOver(MemoryCrmTokens):
    """Storing takes so long that another process has taken the right to renew, and given it back."""

    is_taken_over = False

    async def renewed(self, renewal: object, grant: CrmGrant) -> None:
        if not self.is_taken_over:
            self.is_taken_over = True
            old = await self.load()
            assert old is not None
            await self.call_off(renewal)  # type: ignore[arg-type]  # as above
            other = await self.begin_renewal(old, at_most=DAY)
            assert other is not None
            await self.call_off(other)
        await super().renewed(renewal, grant)  # type: ignore[arg-type]  # as above


async def test_a_new_pair_is_stored_though_the_right_to_renew_ran_out(installation: AmoCrmInstallation) -> None:
    """The other process has only the token that is spent; this pair is the only living one."""
    tokens = TakenOver(installation.time.clock)
    old = await installation.log_in(for_=timedelta())
    await tokens.store(old)

    async with installation.client(tokens=tokens) as client:
        assert await client.read(ACCOUNT) is not None

    assert tokens.is_taken_over
    assert await tokens.load() != old
    assert installation.refreshes == 1


async def test_a_login_meanwhile_wins_over_a_renewal(installation: AmoCrmInstallation, logged: list[EventDict]) -> None:
    await installation.log_in(for_=timedelta())
    hold = installation.amocrm.faults.hold("after", path="access_token")

    async with installation.client() as client, asyncio.TaskGroup() as tasks:
        call = tasks.create_task(client.read(ACCOUNT))
        await hold.wait()
        login = await installation.log_in()
        hold.release(drop=False)

    assert call.result() is not None
    assert await installation.stored() == login
    assert [line["event"] for line in logged] == ["renewal_lost"]
