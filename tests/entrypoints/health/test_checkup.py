"""Each thing is looked at apart, within a time limit, and not again within seconds."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from carquery.adapters.checks import Check, Finding, State, Unwell
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.checks.kinds import NEITHER, Process, WhileRunning
from carquery.entrypoints.health.checkup import Checkup, Dependency
from tests.builders import NOW
from tests.patience import waiting_for


class Looks:
    """Something to look at, which counts how often it is."""

    def __init__(self, trouble: Exception | None = None, *, hangs: bool = False) -> None:
        self.count = 0
        self.trouble = trouble
        self._hangs = hangs

    async def __call__(self) -> AsyncIterator[Finding]:
        self.count += 1
        if self._hangs:
            await asyncio.Event().wait()
        if self.trouble is not None:
            raise self.trouble
        yield Finding("it", "fine")


def watched(looks: Looks, name: str = "it", remedy: str = "", **how: Any) -> WhileRunning:
    return WhileRunning(check=Check(name, looks, remedy), **how)


def a_checkup(*checks: WhileRunning, clock: SettableClock | None = None, process: Process = Process.BOT) -> Checkup:
    return Checkup(checks, process, clock or SettableClock(NOW))


async def found(looks: Looks) -> Dependency:
    (dependency,) = await a_checkup(watched(looks, remedy="turn it off and on")).dependencies()
    return dependency


async def test_what_works_is_well() -> None:
    it = await found(Looks())

    assert (it.name, it.is_well, it.finding.says, it.finding.remedy) == ("it", True, "fine", "")


async def test_what_is_unwell_says_why_and_what_to_do() -> None:
    it = await found(Looks(Unwell("the token is refused")))

    assert (it.is_well, it.finding.says, it.finding.remedy) == (False, "the token is refused", "turn it off and on")


async def test_what_the_look_itself_advises_is_what_to_do() -> None:
    it = await found(Looks(Unwell("the token is refused", "a new token")))

    assert it.finding.remedy == "a new token"


async def test_a_store_that_is_away_is_unwell() -> None:
    it = await found(Looks(StoreUnavailable("database: OSError")))

    assert (it.is_well, it.finding.says) == (False, "database: OSError")


async def test_an_error_that_nobody_foresaw_shows_no_details() -> None:
    it = await found(Looks(ValueError("postgresql://user:secret@host")))

    assert (it.is_well, "secret" in it.finding.says) == (False, False)


async def test_what_can_t_be_told_or_should_be_known_is_no_fault() -> None:
    async def unsure() -> AsyncIterator[Finding]:
        yield Finding("it", "it does not say", State.UNKNOWN)

    async def newer() -> AsyncIterator[Finding]:
        yield Finding("it", "newer", State.NOTE)

    checks = (WhileRunning(check=Check("it", examine)) for examine in (unsure, newer))

    assert [it.is_well for it in await a_checkup(*checks).dependencies()] == [True, True]


async def test_what_hangs_holds_nothing_else_up() -> None:
    checkup = a_checkup(watched(Looks(hangs=True), "stuck"), watched(Looks(), "other"))

    async with waiting_for("the findings"):
        stuck, other = await checkup.dependencies()

    assert (stuck.is_well, other.is_well) == (False, True)
    assert "no answer within" in stuck.finding.says


async def test_a_finding_is_kept_for_seconds() -> None:
    clock, looks = SettableClock(NOW), Looks()
    checkup = a_checkup(watched(looks, kept_seconds=5), clock=clock)

    await checkup.dependencies()
    await checkup.dependencies()
    kept = looks.count
    clock.pass_time(timedelta(seconds=6))
    await checkup.dependencies()

    assert (kept, looks.count) == (1, 2)


async def test_who_asks_at_once_shares_one_look() -> None:
    looks = Looks()
    checkup = a_checkup(watched(looks))

    await asyncio.gather(*(checkup.dependencies() for _ in range(10)))

    assert looks.count == 1


async def test_what_is_unwell_is_looked_at_again_sooner() -> None:
    clock, looks = SettableClock(NOW), Looks(Unwell("away"))
    checkup = a_checkup(watched(looks, kept_seconds=30), clock=clock)

    await checkup.dependencies()
    looks.trouble = None
    clock.pass_time(timedelta(seconds=6))

    assert [it.is_well for it in await checkup.dependencies()] == [True]


async def test_what_is_tried_several_times_is_fatal_after_the_last() -> None:
    clock, looks = SettableClock(NOW), Looks(Unwell("away"))
    checkup = a_checkup(watched(looks, tries=3), clock=clock)

    fatal = []
    for trouble in (Unwell("away"), Unwell("away"), None, Unwell("away"), Unwell("away"), Unwell("away")):
        looks.trouble = trouble
        fatal += [it.is_fatal for it in await checkup.dependencies()]
        clock.pass_time(timedelta(seconds=6))

    assert fatal == [False, False, False, False, False, True]


async def test_what_is_not_needed_is_never_fatal() -> None:
    (it,) = await a_checkup(watched(Looks(Unwell("away")), needed_by=NEITHER)).dependencies()

    assert (it.is_well, it.is_fatal) == (False, False)


async def test_a_process_looks_only_at_what_it_has() -> None:
    redis = watched(Looks(), "redis", made_by=frozenset({Process.BOT}))

    assert await a_checkup(redis, process=Process.WORKER).dependencies() == ()
    assert len(await a_checkup(redis, process=Process.BOT).dependencies()) == 1
