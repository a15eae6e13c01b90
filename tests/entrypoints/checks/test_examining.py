"""A check is timed, limited, never fails, and looks the same to everybody."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from rich.console import Console

from carquery.adapters.checks import Check, Finding, State, Unwell
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.checks.examining import examined
from carquery.entrypoints.checks.showing import findings_table, json_of
from tests.builders import NOW


def unforeseen(check: Check, failure: Exception) -> Finding:
    return Finding(check.name, type(failure).__name__, State.WRONG)


async def made(check: Check, clock: SettableClock | None = None, *, seconds: float = 60) -> tuple[Finding, ...]:
    return await examined(check, clock or SettableClock(NOW), seconds=seconds, unforeseen=unforeseen)


async def test_each_finding_has_the_time_since_the_one_before() -> None:
    clock = SettableClock(NOW)

    async def examine() -> AsyncIterator[Finding]:
        clock.pass_time(timedelta(milliseconds=200))
        yield Finding("account", "ours")
        clock.pass_time(timedelta(milliseconds=30))
        yield Finding("pipeline", "the main one")

    assert [one.latency_ms for one in await made(Check("crm", examine), clock)] == [200, 30]


async def test_what_was_found_before_the_trouble_is_kept() -> None:
    clock = SettableClock(NOW)

    async def examine() -> AsyncIterator[Finding]:
        yield Finding("account", "ours")
        clock.pass_time(timedelta(seconds=1))
        raise Unwell("no answer any more")

    account, crm = await made(Check("crm", examine, "ask its support"), clock)

    assert (account.what, account.state) == ("account", State.OK)
    assert crm == Finding("crm", "no answer any more", State.WRONG, "ask its support", latency_ms=1000)


@pytest.mark.parametrize(
    ("trouble", "says"),
    [(StoreUnavailable("redis: away"), "redis: away"), (ValueError("secret"), "ValueError")],
    ids=["a store is away", "nobody foresaw it"],
)
async def test_no_trouble_gets_out_of_a_check(trouble: Exception | None, says: str) -> None:
    async def examine() -> AsyncIterator[Finding]:
        if trouble is not None:
            raise trouble
        yield Finding("it", "never")

    (found,) = await made(Check("it", examine))

    assert (found.says, found.state) == (says, State.WRONG)


async def test_what_hangs_is_wrong_after_its_time() -> None:
    async def examine() -> AsyncIterator[Finding]:
        await asyncio.Event().wait()
        yield Finding("it", "never")

    (found,) = await made(Check("it", examine, "is it there?"), seconds=0.01)

    assert (found.says, found.remedy) == ("no answer within 0.01 s", "is it there?")


@pytest.mark.parametrize(("state", "is_ok"), list(zip(State, (True, None, None, False), strict=True)))
def test_a_finding_is_one_row_and_one_object(state: State, *, is_ok: bool | None) -> None:
    found = Finding("it", "[red]as it is[/]", state, "what to do", 12.3)
    console = Console(width=100)

    with console.capture() as shown:
        console.print(findings_table([found], title="Tried"))

    assert json_of(found) == {
        "what": "it",
        "says": "[red]as it is[/]",
        "is_ok": is_ok,
        "remedy": "what to do",
        "latency_ms": 12.3,
    }
    assert all(part in shown.get() for part in ("it", state.value, "[red]as it is[/]", "what to do", "12"))
