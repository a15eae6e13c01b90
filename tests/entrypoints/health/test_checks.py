"""Each thing is looked at apart, within a time limit, and not again within seconds."""

import asyncio
from datetime import timedelta

from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.health.checks import Check, CheckFinding, Checkup, Unwell
from tests.builders import NOW
from tests.patience import waiting_for


class Looks:
    """Something to look at, which counts how often it is."""

    def __init__(self, trouble: Exception | None = None, *, hangs: bool = False) -> None:
        self.count = 0
        self.trouble = trouble
        self._hangs = hangs

    async def __call__(self) -> str:
        self.count += 1
        if self._hangs:
            await asyncio.Event().wait()
        if self.trouble is not None:
            raise self.trouble
        return "fine"


async def finding(looks: Looks) -> CheckFinding:
    (found,) = await Checkup([Check("it", looks)], SettableClock(NOW)).findings()
    return found


async def test_what_works_is_well() -> None:
    found = await finding(Looks())

    assert (found.name, found.is_well, found.says) == ("it", True, "fine")


async def test_what_is_unwell_says_why() -> None:
    found = await finding(Looks(Unwell("the token is refused")))

    assert (found.is_well, found.says) == (False, "the token is refused")


async def test_a_store_that_is_away_is_unwell() -> None:
    found = await finding(Looks(StoreUnavailable("database: OSError")))

    assert (found.is_well, found.says) == (False, "database: OSError")


async def test_an_error_that_nobody_foresaw_shows_no_details() -> None:
    found = await finding(Looks(ValueError("postgresql://user:secret@host")))

    assert (found.is_well, "secret" in found.says) == (False, False)


async def test_what_hangs_holds_nothing_else_up() -> None:
    checkup = Checkup([Check("stuck", Looks(hangs=True)), Check("other", Looks())], SettableClock(NOW))

    async with waiting_for("the findings"):
        stuck, other = await checkup.findings()

    assert (stuck.is_well, other.is_well) == (False, True)
    assert "no answer within" in stuck.says


async def test_a_finding_is_kept_for_seconds() -> None:
    clock, looks = SettableClock(NOW), Looks()
    checkup = Checkup([Check("it", looks, kept_seconds=5)], clock)

    await checkup.findings()
    await checkup.findings()
    kept = looks.count
    clock.pass_time(timedelta(seconds=6))
    await checkup.findings()

    assert (kept, looks.count) == (1, 2)


async def test_who_asks_at_once_shares_one_look() -> None:
    looks = Looks()
    checkup = Checkup([Check("it", looks)], SettableClock(NOW))

    await asyncio.gather(*(checkup.findings() for _ in range(10)))

    assert looks.count == 1


async def test_what_is_unwell_is_looked_at_again_sooner() -> None:
    clock, looks = SettableClock(NOW), Looks(Unwell("away"))
    checkup = Checkup([Check("it", looks, kept_seconds=30)], clock)

    await checkup.findings()
    looks.trouble = None
    clock.pass_time(timedelta(seconds=6))

    assert [found.is_well for found in await checkup.findings()] == [True]


async def test_what_is_tried_several_times_is_fatal_after_the_last() -> None:
    clock, looks = SettableClock(NOW), Looks(Unwell("away"))
    checkup = Checkup([Check("it", looks, tries=3)], clock)

    fatal = []
    for trouble in (Unwell("away"), Unwell("away"), None, Unwell("away"), Unwell("away"), Unwell("away")):
        looks.trouble = trouble
        fatal += [found.is_fatal for found in await checkup.findings()]
        clock.pass_time(timedelta(seconds=6))

    assert fatal == [False, False, False, False, False, True]


async def test_what_is_not_needed_is_never_fatal() -> None:
    (found,) = await Checkup([Check("it", Looks(Unwell("away")), is_needed=False)], SettableClock(NOW)).findings()

    assert (found.is_well, found.is_fatal) == (False, False)
