"""The authorisation: when it is renewed, by whom, and what happens when that goes wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.typing import EventDict

from carquery.adapters.amocrm.access import LongLivedAccess, OAuthAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.doors import Doors, Sleep
from carquery.adapters.amocrm.oauth import Integration, OAuth
from carquery.adapters.amocrm.transport import open_http
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.crm_tokens import MemoryCrmTokens
from carquery.adapters.sql.crm_tokens import SqlCrmTokens
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.schema import upgrade
from carquery.adapters.sql.seal import Seal
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.crm import CrmBusy, CrmShutOut, CrmUnauthorised
from carquery.application.ports.crm_access import CrmGrant, CrmTokens, StoreUnavailable
from carquery.application.ports.environment import Clock
from carquery.emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import PassingTime, a_client, a_server, answering, says
from tests.conftest import a_postgres_database

INTEGRATION = Integration("client-id", "client-secret", "https://example.org/amocrm")
ACCOUNT = "/api/v4/account"
DAY = timedelta(days=1)
LEAD = {"name": "CQ-000001", "request_id": "1"}


@dataclass(frozen=True, slots=True)
class Installation:
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
    async with open_http() as http:
        doors = Doors(gate, sleep=sleep)
        access = OAuthAccess(tokens, OAuth(http, INTEGRATION, doors, clock), clock, sleep=sleep)
        yield AmoCrmClient(http, access, doors)


@pytest.fixture
async def here() -> AsyncIterator[Installation]:
    time = PassingTime()
    async with AmoCrmEmulator(requests_per_second=100_000) as amocrm:
        yield Installation(amocrm, MemoryCrmTokens(time.clock), time.gate(), time)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    """What is logged; no token is in it, whatever happens."""
    with structlog.testing.capture_logs() as logged:
        yield logged
    assert "eyJ" not in repr(logged)
    assert "def502" not in repr(logged)
    assert "client-secret" not in repr(logged)


@contextmanager
def failing_with(kind: type[Exception], words: str) -> Iterator[None]:
    """It fails with that, and no token is in what it says."""
    with pytest.raises(kind, match=words) as raised:
        yield
    failure: BaseException | None = raised.value
    seen: list[BaseException] = []
    while failure is not None:
        assert failure not in seen, "loggers walk along causes"
        seen.append(failure)
        for secret in ("eyJ", "def502", "client-secret"):
            assert secret not in f"{failure} {failure!r}"
        failure = failure.__cause__ or failure.__context__


@pytest.mark.parametrize(("left", "refreshes"), [(DAY, 0), (timedelta(minutes=5), 0), (timedelta(seconds=299), 1)])
async def test_a_token_is_renewed_when_less_than_five_minutes_are_left(
    here: Installation, left: timedelta, refreshes: int
) -> None:
    await here.log_in(for_=left)

    async with here.client() as client:
        await client.read(ACCOUNT)
        await client.read(ACCOUNT)

    assert here.refreshes == refreshes
    assert here.asked[-1] == f"GET {ACCOUNT} 200"


async def test_the_new_pair_is_stored_and_used(here: Installation) -> None:
    old = await here.log_in(for_=timedelta())

    async with here.client() as client:
        here.amocrm.expire_access_tokens()
        await client.read(ACCOUNT)

    new = await here.stored()
    assert new.access_token != old.access_token
    assert new.refresh_token != old.refresh_token
    assert new.expires_at == here.time.clock.now() + DAY


async def test_a_token_that_is_refused_before_its_time_is_renewed_and_the_call_repeated_once(
    here: Installation,
) -> None:
    await here.log_in()
    here.amocrm.expire_access_tokens()

    async with here.client() as client:
        await client.write("POST", "/api/v4/leads", [LEAD], permit=None)

    assert here.asked == ["POST /api/v4/leads 401", "POST /oauth2/access_token 200", "POST /api/v4/leads 200"]
    assert len(here.amocrm.world.leads) == 1


async def test_a_token_that_another_process_has_renewed_is_taken_from_the_store(here: Installation) -> None:
    await here.log_in()
    async with here.client() as one, here.client() as other:
        await one.read(ACCOUNT)
        await other.read(ACCOUNT)
        here.amocrm.expire_access_tokens()

        await one.read(ACCOUNT)
        await other.read(ACCOUNT)

    assert here.refreshes == 1


async def test_a_second_refusal_means_that_the_authorisation_is_gone(here: Installation) -> None:
    await here.log_in()
    here.amocrm.faults.add("401", path="account", times=None)

    async with here.client() as client:
        with failing_with(CrmUnauthorised, "carquery amocrm login --code"):
            await client.read(ACCOUNT)

    assert here.asked == [f"GET {ACCOUNT} 401", "POST /oauth2/access_token 200", f"GET {ACCOUNT} 401"]
    closure = await here.gate.closure()
    assert closure is not None
    assert "carquery amocrm login" in closure.reason


async def test_nobody_has_logged_in(here: Installation) -> None:
    async with here.client() as client:
        with failing_with(CrmUnauthorised, "ещё нет.*carquery amocrm login --code"):
            await client.read(ACCOUNT)

    assert here.asked == []


async def test_after_a_login_the_next_call_works(here: Installation) -> None:
    async with here.client() as client:
        with failing_with(CrmUnauthorised, "ещё нет"):
            await client.read(ACCOUNT)
        await here.log_in()
        await here.gate.open()

        assert await client.read(ACCOUNT) is not None


async def test_a_revoked_grant_names_the_command_and_closes_the_gate(here: Installation) -> None:
    await here.log_in()
    here.amocrm.revoke_tokens()

    async with here.client() as client:
        with failing_with(CrmUnauthorised, "отозван.*carquery amocrm login --code"):
            await client.read(ACCOUNT)
        with failing_with(CrmShutOut, "carquery amocrm login --code"):
            await client.read(ACCOUNT)

    assert here.refreshes == 1


async def test_a_login_revives_clients_whose_grant_was_revoked(here: Installation) -> None:
    await here.log_in()
    async with here.client() as client:
        await client.read(ACCOUNT)
        here.amocrm.revoke_tokens()
        with failing_with(CrmUnauthorised, "login"):
            await client.read(ACCOUNT)
        await here.log_in()
        await here.gate.open()

        assert await client.read(ACCOUNT) is not None


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


async def test_of_eight_calls_of_one_process_one_renews(here: Installation) -> None:
    await here.log_in(for_=timedelta())
    here.amocrm.expire_access_tokens()
    async with here.client() as client:
        await eight_at_once(here.amocrm, [client] * 8)


async def test_a_lost_renewal_costs_nothing_while_the_old_token_lives(
    here: Installation, logged: list[EventDict]
) -> None:
    await here.log_in(for_=timedelta(minutes=4))
    here.amocrm.faults.add("drop", path="access_token")

    async with here.client() as client:
        for _ in range(3):
            assert await client.read(ACCOUNT) is not None

    assert here.refreshes == 1
    assert [(line["event"], line["log_level"]) for line in logged] == [("tokens_not_renewed", "warning")]


async def test_a_renewal_that_failed_is_tried_again_after_a_minute(here: Installation) -> None:
    await here.log_in(for_=timedelta(minutes=4))
    here.amocrm.faults.add("refuse", path="access_token")

    async with here.client() as client:
        await client.read(ACCOUNT)
        here.time.clock.pass_time(timedelta(seconds=59))
        await client.read(ACCOUNT)
        assert here.refreshes == 1
        here.time.clock.pass_time(timedelta(seconds=1))
        await client.read(ACCOUNT)

    assert here.refreshes == 2
    assert (await here.stored()).expires_at == here.time.clock.now() + DAY


async def test_a_renewal_that_never_arrived_is_repeated_by_the_next_call(here: Installation) -> None:
    await here.log_in(for_=timedelta())
    here.amocrm.faults.add("refuse", path="access_token")

    async with here.client() as client:
        with failing_with(CrmBusy, "оборвалась"):
            await client.write("POST", "/api/v4/leads", [LEAD], permit=None)

        assert await client.read(ACCOUNT) is not None

    assert here.asked[-1] == f"GET {ACCOUNT} 200"


async def test_a_renewal_whose_answer_was_lost_ends_in_the_command(here: Installation) -> None:
    """The refresh token is spent, and nobody has the next one; nothing that was to be made is in doubt."""
    await here.log_in(for_=timedelta())
    here.amocrm.faults.add("drop", path="access_token")

    async with here.client() as client:
        with failing_with(CrmBusy, "оборвалась"):
            await client.write("POST", "/api/v4/leads", [LEAD], permit=None)
        with failing_with(CrmUnauthorised, "carquery amocrm login --code"):
            await client.write("POST", "/api/v4/leads", [LEAD], permit=None)

    assert here.amocrm.world.leads == {}


async def test_others_go_on_with_a_token_that_still_lives_while_one_renews(here: Installation) -> None:
    grant = await here.log_in(for_=timedelta(minutes=4))
    assert await here.tokens.begin_renewal(grant, at_most=timedelta(minutes=1)) is not None

    async with here.client() as client:
        assert await client.read(ACCOUNT) is not None

    assert here.refreshes == 0
    assert here.time.slept == []


async def test_a_process_that_died_while_renewing_keeps_the_others_up_for_a_limited_time(here: Installation) -> None:
    grant = await here.log_in(for_=timedelta())
    assert await here.tokens.begin_renewal(grant, at_most=timedelta(minutes=1)) is not None

    async with here.client() as client:
        assert await client.read(ACCOUNT) is not None

    assert sum(here.time.slept) == pytest.approx(60, abs=1)
    assert here.refreshes == 1


class Taken(MemoryCrmTokens):
    """Somebody else renews, on and on."""

    async def begin_renewal(self, grant: CrmGrant, *, at_most: timedelta) -> None:
        del grant, at_most


async def test_nobody_waits_for_ever_for_another_s_renewal(here: Installation) -> None:
    tokens = Taken(here.time.clock)
    await tokens.store(await here.log_in(for_=timedelta()))

    async with here.client(tokens=tokens) as client:
        with failing_with(CrmBusy, "другой процесс"):
            await client.read(ACCOUNT)

    assert 60 < sum(here.time.slept) < 180


async def test_a_renewal_waits_for_no_long_pause(here: Installation) -> None:
    await here.log_in(for_=timedelta())
    await here.gate.pause(timedelta(minutes=10))

    async with here.client() as client:
        with failing_with(CrmBusy, "подождать"):
            await client.read(ACCOUNT)

    assert here.time.slept == []
    grant = await here.stored()
    assert await here.tokens.begin_renewal(grant, at_most=DAY) is not None, "the right to renew was given back"


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
async def test_a_new_pair_waits_for_a_store_that_is_away_for_a_moment(here: Installation, tries: int) -> None:
    tokens = LosingTouch(here.time.clock, tries=tries)
    await tokens.store(await here.log_in(for_=timedelta()))

    async with here.client(tokens=tokens) as client:
        assert await client.read(ACCOUNT) is not None

    grant = await tokens.load()
    assert grant is not None
    assert grant.expires_at > here.time.clock.now()
    assert here.refreshes == 1


async def test_a_new_pair_outlives_a_store_that_stays_away(here: Installation) -> None:
    tokens = LosingTouch(here.time.clock, tries=22)
    await tokens.store(await here.log_in(for_=timedelta()))

    async with here.client(tokens=tokens) as client:
        for _ in range(3):
            with failing_with(StoreUnavailable, "away"):
                await client.read(ACCOUNT)
        assert here.asked == ["POST /oauth2/access_token 200"], "it is not used before it is durable"

        assert await client.read(ACCOUNT) is not None

    grant = await tokens.load()
    assert grant is not None
    assert grant.expires_at > here.time.clock.now()
    assert here.refreshes == 1


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


async def test_a_new_pair_is_stored_though_the_right_to_renew_ran_out(here: Installation) -> None:
    """The other process has only the token that is spent; this pair is the only living one."""
    tokens = TakenOver(here.time.clock)
    old = await here.log_in(for_=timedelta())
    await tokens.store(old)

    async with here.client(tokens=tokens) as client:
        assert await client.read(ACCOUNT) is not None

    assert tokens.is_taken_over
    assert await tokens.load() != old
    assert here.refreshes == 1


async def test_a_login_meanwhile_wins_over_a_renewal(here: Installation, logged: list[EventDict]) -> None:
    await here.log_in(for_=timedelta())
    hold = here.amocrm.faults.hold("after", path="access_token")

    async with here.client() as client, asyncio.TaskGroup() as tasks:
        call = tasks.create_task(client.read(ACCOUNT))
        await hold.wait()
        login = await here.log_in()
        hold.release(drop=False)

    assert call.result() is not None
    assert await here.stored() == login
    assert [line["event"] for line in logged] == ["renewal_lost"]


async def test_tokens_sealed_with_another_key_name_both_ways_out(tmp_path: Path, here: Installation) -> None:
    clock = here.time.clock
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        await upgrade(engine)
        await SqlCrmTokens(engine, clock, Seal(("the key before",))).store(await here.log_in())
        for keys in (("another key",), ()):
            tokens = SqlCrmTokens(engine, clock, Seal(keys))
            async with here.client(tokens=tokens) as client:
                with failing_with(CrmUnauthorised, "верните SECRET_KEY или .*carquery amocrm login --code"):
                    await client.read(ACCOUNT)
            await here.gate.open()

    assert here.asked == []


async def test_a_key_that_is_being_changed_opens_what_the_old_one_sealed(tmp_path: Path, here: Installation) -> None:
    clock = here.time.clock
    async with open_engine(f"sqlite:///{tmp_path}/carquery.db") as engine:
        await upgrade(engine)
        await SqlCrmTokens(engine, clock, Seal(("the key before",))).store(await here.log_in())

        async with here.client(tokens=SqlCrmTokens(engine, clock, Seal(("another key", "the key before")))) as client:
            assert await client.read(ACCOUNT) is not None


async def test_an_account_that_has_moved_is_called_at_its_new_address(here: Installation) -> None:
    """The old address answers 401 to everything; the token names the host that knows better."""
    grant = await here.log_in()
    unauthorised = says(401, {"title": "Unauthorized", "status": 401})
    async with a_server(answering(unauthorised)) as old:
        await here.tokens.store(replace(grant, base_url=old.base_url))
        async with here.client() as client:
            assert await client.read(ACCOUNT) is not None

    assert (await here.stored()).base_url == here.amocrm.base_url
    assert [asked.path for asked in old.asked] == [ACCOUNT, "/oauth2/access_token"]


async def test_a_store_that_is_away_is_told_as_such(here: Installation) -> None:
    await here.log_in()
    here.tokens.fail_next(StoreUnavailable("away"))

    async with here.client() as client:
        with failing_with(StoreUnavailable, "away"):
            await client.read(ACCOUNT)

        assert await client.read(ACCOUNT) is not None


async def test_amocrm_away_during_a_renewal_is_no_lost_authorisation(here: Installation) -> None:
    await here.log_in(for_=timedelta())
    await here.amocrm.stop_listening()

    async with here.client() as client:
        with failing_with(CrmBusy, "нет связи"):
            await client.read(ACCOUNT)
        await here.amocrm.start_listening()

        assert await client.read(ACCOUNT) is not None


async def test_a_block_during_a_renewal_shuts_everybody_out(here: Installation) -> None:
    await here.log_in(for_=timedelta())
    here.amocrm.faults.block()

    async with here.client() as client:
        with failing_with(CrmShutOut, "заблокировала"):
            await client.read(ACCOUNT)

    assert await here.gate.closure() is not None


async def test_a_long_lived_token_is_used_as_it_is(here: Installation) -> None:
    access = LongLivedAccess(here.amocrm.base_url, here.amocrm.long_lived_token())
    async with a_client(here.amocrm.base_url, access=access) as client:
        assert await client.read(ACCOUNT) is not None

    assert here.refreshes == 0


async def test_a_long_lived_token_that_was_revoked_says_where_to_make_another(here: Installation) -> None:
    access = LongLivedAccess(here.amocrm.base_url, here.amocrm.long_lived_token())
    here.amocrm.revoke_tokens()
    async with a_client(here.amocrm.base_url, access=access) as client:
        with failing_with(CrmUnauthorised, "AMOCRM_LONG_LIVED_TOKEN"):
            await client.read(ACCOUNT)

    assert here.asked == [f"GET {ACCOUNT} 401"]


async def test_a_bearer_does_not_show_its_token(here: Installation) -> None:
    token = here.amocrm.long_lived_token()
    bearer = await LongLivedAccess(here.amocrm.base_url, token).bearer()

    assert bearer.token == token
    assert token not in repr(bearer)
    assert token not in str(bearer)
