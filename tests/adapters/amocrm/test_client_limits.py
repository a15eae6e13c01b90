"""When amoCRM is called, and how everybody keeps away from it when it wants to be left alone."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from carquery.adapters.amocrm.client import MOST_PAUSES, LookFirst
from carquery.adapters.amocrm.transport import MOST_AT_ONCE
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.crm import CrmBusy, CrmFailure, CrmLeaseTooShort, CrmShutOut
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.reason import Reason
from tests.adapters.amocrm.connecting import ACCOUNT, PassingTime, a_client, a_server, answering, page, says
from tests.adapters.amocrm.saying import saying
from tests.patience import waiting_for

FINE = says(200, {"id": 1}, "application/hal+json")
MINUTES = timedelta(minutes=1)


def too_many(retry_after: object) -> Callable[[], web.Response]:
    """As Kommo documents it."""
    return says(429, {"title": "Too Many Requests", "status": 429, "retry_after": retry_after})


SHORT_PAUSES = [
    pytest.param(page(429), 5, id="HTML"),
    pytest.param(too_many(3), 3, id="JSON"),
    pytest.param(page(429, Retry_After="4"), 4, id="header"),
    pytest.param(too_many("7"), 7, id="JSON text"),
    pytest.param(too_many(0), 1, id="JSON zero"),
    pytest.param(too_many(-5), 1, id="JSON negative"),
    pytest.param(too_many("soon"), 5, id="JSON nonsense"),
    pytest.param(page(429, Retry_After="nan"), 5, id="header nonsense"),
    pytest.param(page(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), 1, id="header date gone by"),
]


@pytest.mark.parametrize(("response", "seconds"), SHORT_PAUSES)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_a_short_pause_is_waited_out_and_the_call_repeated(
    response: Callable[[], web.Response], seconds: float, method: str
) -> None:
    time = PassingTime()
    async with a_server(answering(response, FINE)) as server, a_client(server.base_url, time=time) as client:
        if method == "GET":
            await client.read(ACCOUNT)
        else:
            await client.write("PATCH", ACCOUNT, [{"name": "once"}], permit=None)

    assert time.slept == [seconds]
    assert len(server.asked) == 2


async def test_a_creation_is_repeated_when_amocrm_itself_asked_for_a_pause() -> None:
    time = PassingTime()
    async with a_server(answering(too_many(3), FINE)) as server, a_client(server.base_url, time=time) as client:
        await client.write("POST", ACCOUNT, [{"name": "once"}], permit=None)

    assert time.slept == [3]
    assert len(server.asked) == 2


async def test_a_creation_is_looked_for_when_another_server_asked_for_a_pause() -> None:
    time = PassingTime()
    gate = time.gate()
    async with (
        a_server(answering(page(429, Retry_After="4"), FINE)) as server,
        a_client(server.base_url, time=time, gate=gate) as client,
    ):
        with pytest.raises(LookFirst, check=saying("429")):
            await client.write("POST", ACCOUNT, [{"name": "once"}], permit=None)

    assert (await gate.take_turn()).next_in == timedelta(seconds=4)
    assert len(server.asked) == 1


LONG_PAUSES = [
    pytest.param(too_many(300), 300, id="JSON"),
    pytest.param(page(429, Retry_After="16"), 16, id="header"),
    pytest.param(too_many(10**6), 3600, id="never longer than an hour"),
]


@pytest.mark.parametrize(("response", "seconds"), LONG_PAUSES)
async def test_a_long_pause_is_the_caller_s_to_wait_out(response: Callable[[], web.Response], seconds: float) -> None:
    time = PassingTime()
    gate = time.gate()
    async with a_server(answering(response)) as server, a_client(server.base_url, time=time, gate=gate) as client:
        with pytest.raises(CrmBusy) as raised:
            await client.read(ACCOUNT)

    assert raised.value.retry_after == timedelta(seconds=seconds)
    assert (await gate.take_turn()).next_in == timedelta(seconds=seconds)
    assert len(server.asked) == 1


async def test_a_date_says_how_long_to_wait() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    async with (
        a_server(answering(page(429, Retry_After=in_a_minute))) as server,
        a_client(server.base_url) as client,
    ):
        with pytest.raises(CrmBusy) as raised:
            await client.read(ACCOUNT)

    assert raised.value.retry_after is not None
    assert timedelta(seconds=50) < raised.value.retry_after <= timedelta(seconds=60)


async def test_all_clients_of_one_gate_wait() -> None:
    time = PassingTime()
    gate = time.gate()
    async with (
        a_server(answering(too_many(300), FINE)) as server,
        a_client(server.base_url, time=time, gate=gate) as told,
        a_client(server.base_url, time=time, gate=gate) as other,
    ):
        with pytest.raises(CrmBusy):
            await told.read(ACCOUNT)
        await other.read(ACCOUNT)

    assert time.slept == [300]


async def test_who_is_told_again_and_again_to_wait_gives_up() -> None:
    time = PassingTime()
    async with a_server(answering(page(429))) as server, a_client(server.base_url, time=time) as client:
        with pytest.raises(CrmBusy, check=saying("429")):
            await client.read(ACCOUNT)

    assert len(server.asked) == MOST_PAUSES + 1


async def test_turns_are_spaced_over_all_clients() -> None:
    time = PassingTime()
    gate = time.gate(spacing=timedelta(seconds=0.15))
    started = time.clock.now()
    async with (
        a_server(answering(FINE)) as server,
        a_client(server.base_url, time=time, gate=gate) as one,
        a_client(server.base_url, time=time, gate=gate) as other,
    ):
        for _ in range(7):
            await one.read(ACCOUNT)
            await other.read(ACCOUNT)

    assert time.clock.now() - started == 13 * timedelta(seconds=0.15)


async def test_callers_at_once_take_turns_one_after_the_other() -> None:
    spacing = timedelta(seconds=0.02)
    arrived: list[float] = []

    async def note(_: web.Request) -> web.StreamResponse:
        arrived.append(asyncio.get_running_loop().time())
        return FINE()

    gate = MemoryCrmGate(SystemClock(), spacing=spacing)
    async with a_server(note) as server, a_client(server.base_url, gate=gate, time=_Waiting()) as client:
        await asyncio.gather(*(client.read(ACCOUNT) for _ in range(10)))

    assert arrived[-1] - arrived[0] >= 8 * spacing.total_seconds()


async def test_no_more_calls_are_under_way_at_once_than_there_are_connections() -> None:
    under_way = most = 0
    full = asyncio.Event()

    async def hold(_: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == MOST_AT_ONCE:
            full.set()
        await full.wait()
        under_way -= 1
        return FINE()

    async with a_server(hold) as server, a_client(server.base_url) as client, waiting_for("all calls"):
        await asyncio.gather(*(client.read(ACCOUNT) for _ in range(3 * MOST_AT_ONCE)))

    assert most == MOST_AT_ONCE


async def closed_for(gate: MemoryCrmGate) -> float | None:
    """Minutes; None: it is open."""
    closure = await gate.closure()
    return None if closure is None else closure.reopens_in / MINUTES


async def test_a_block_closes_the_gate_longer_and_longer_until_a_call_succeeds() -> None:
    time = PassingTime()
    gate = time.gate()
    lasted = []
    async with (
        a_server(answering(*[page(403)] * 6, FINE, page(403))) as server,
        a_client(server.base_url, time=time, gate=gate) as client,
    ):
        for _ in range(6):
            with pytest.raises(CrmShutOut, check=saying("заблокировала")):
                await client.read(ACCOUNT)
            minutes = await closed_for(gate)
            assert minutes is not None
            lasted.append(minutes)
            time.clock.pass_time(minutes * MINUTES)
        await client.read(ACCOUNT)
        with pytest.raises(CrmShutOut):
            await client.read(ACCOUNT)

    assert lasted == [5, 10, 20, 40, 60, 60]
    assert await closed_for(gate) == 5


async def test_nobody_calls_through_a_closed_gate() -> None:
    time = PassingTime()
    gate = time.gate()
    async with (
        a_server(answering(page(403))) as server,
        a_client(server.base_url, time=time, gate=gate) as blocked,
        a_client(server.base_url, time=time, gate=gate) as other,
    ):
        with pytest.raises(CrmShutOut):
            await blocked.read(ACCOUNT)
        for client in (blocked, other):
            with pytest.raises(CrmShutOut, check=saying("заблокировала")):
                await client.write("POST", ACCOUNT, [], permit=None)

    assert len(server.asked) == 1


async def test_calls_that_find_the_block_together_close_the_gate_once() -> None:
    time = PassingTime()
    gate = time.gate()
    async with a_server(answering(page(403))) as server, a_client(server.base_url, time=time, gate=gate) as client:
        await asyncio.gather(*(client.read(ACCOUNT) for _ in range(8)), return_exceptions=True)

    assert await closed_for(gate) == 5


@pytest.mark.parametrize("response", [page(200), says(500, {}), page(429)])
async def test_a_gate_that_was_closed_is_not_opened_by_what_is_no_success(
    response: Callable[[], web.Response],
) -> None:
    time = PassingTime()
    gate = time.gate()
    async with (
        a_server(answering(page(403), response)) as server,
        a_client(server.base_url, time=time, gate=gate) as client,
    ):
        with pytest.raises(CrmShutOut):
            await client.read(ACCOUNT)
        time.clock.pass_time(5 * MINUTES)
        with pytest.raises(CrmBusy):
            await client.read(ACCOUNT)

    await gate.close(Reason(""), shortest=5 * MINUTES, longest=60 * MINUTES)
    assert await closed_for(gate) == 10


async def test_an_unpaid_account_is_asked_once_an_hour() -> None:
    time = PassingTime()
    gate = time.gate()
    lasted = []
    async with (
        a_server(answering(says(402, {"title": "Payment Required", "status": 402}))) as server,
        a_client(server.base_url, time=time, gate=gate) as client,
    ):
        for _ in range(3):
            with pytest.raises(CrmShutOut, check=saying("оплачен")):
                await client.read(ACCOUNT)
            lasted.append(await closed_for(gate))
            time.clock.pass_time(60 * MINUTES)

    assert lasted == [60, 60, 60]


async def test_an_authorisation_that_is_gone_closes_the_gate_for_five_minutes() -> None:
    time = PassingTime()
    gate = time.gate()
    async with (
        a_server(answering(says(401, {"title": "Unauthorized", "status": 401}))) as server,
        a_client(server.base_url, time=time, gate=gate) as client,
    ):
        with pytest.raises(CrmFailure):
            await client.read(ACCOUNT)

    assert await closed_for(gate) == 5


@pytest.mark.parametrize("status", [403, 404])
async def test_a_refusal_by_the_application_closes_nothing(status: int) -> None:
    time = PassingTime()
    gate = time.gate()
    async with (
        a_server(answering(says(status, {"title": "No", "status": status}))) as server,
        a_client(server.base_url, time=time, gate=gate) as client,
    ):
        with pytest.raises(Exception, match=str(status)):
            await client.read(ACCOUNT)

    assert await closed_for(gate) is None


class LeaseUntil:
    """A permit that ends at a moment of that clock."""

    def __init__(self, time: PassingTime, seconds: float) -> None:
        self._time = time
        self._ends_at = time.clock.now() + timedelta(seconds=seconds)

    def check(self) -> None:
        if self._time.clock.now() >= self._ends_at:
            raise CrmLeaseTooShort("too late")


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "upload"])
async def test_nothing_is_sent_if_the_lease_ran_out_while_the_turn_was_waited_for(method: str) -> None:
    time = PassingTime()
    gate = time.gate()
    await gate.pause(timedelta(seconds=60))
    permit = LeaseUntil(time, 30)
    async with a_server(answering(FINE)) as server, a_client(server.base_url, time=time, gate=gate) as client:
        calling = (
            client.upload(f"{server.base_url}/part", b"", "image/jpeg", permit=permit)
            if method == "upload"
            else client.write(method, ACCOUNT, [], permit=permit)
        )
        with pytest.raises(CrmLeaseTooShort):
            await calling

    assert time.slept == [60]
    assert server.asked == []


async def test_the_lease_is_looked_at_again_before_a_call_is_repeated() -> None:
    time = PassingTime()
    async with a_server(answering(too_many(10), FINE)) as server, a_client(server.base_url, time=time) as client:
        with pytest.raises(CrmLeaseTooShort):
            await client.write("POST", ACCOUNT, [], permit=LeaseUntil(time, 10))

    assert len(server.asked) == 1


async def test_a_lease_that_lasts_lets_the_call_go() -> None:
    time = PassingTime()
    async with a_server(answering(FINE)) as server, a_client(server.base_url, time=time) as client:
        assert await client.write("POST", ACCOUNT, [], permit=LeaseUntil(time, 10)) == {"id": 1}


async def test_without_the_gate_s_store_nobody_calls() -> None:
    time = PassingTime()
    gate = time.gate()
    gate.fail_next(StoreUnavailable("away"))
    async with a_server(answering(FINE)) as server, a_client(server.base_url, time=time, gate=gate) as client:
        with pytest.raises(StoreUnavailable):
            await client.read(ACCOUNT)

    assert server.asked == []


class _Waiting(PassingTime):
    """Real time."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
