"""How long a test waits: for a condition, as long as this machine may need for it now, never for a number of seconds.

How slow the machine is, is measured: before the first test, and anew between tests, for what runs beside them comes and
goes. A wait that ends without its condition says what it waited for and what stood there instead.
"""

import asyncio
import inspect
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from carquery_emulators.kit.patience import NothingHappened, set_patience, words_of

_WORK = "sum(n * n for n in range(1_000_000))"
_AT_ONCE = 2
"""Processes, as the test command runs them: a machine with one core, or with busy ones, takes longer."""
_REFERENCE_SECONDS = 0.09
"""What they take on two quiet cores of a common server."""
_FRESH_SECONDS = 30.0
"""How long a measurement holds good."""

_SECONDS = 60.0
"""Patience on such a machine. It costs time only where something fails, so it is many times what anything takes."""
_OF_A_TEST = 10
"""How many times that a whole test may take: against one that hangs where nothing is waited for in words."""

_SLOWNESS = "CARQUERY_TEST_SLOWNESS"
"""The latest figure, for processes that this one starts."""


class _Machine:
    def __init__(self) -> None:
        self._slowness: float | None = float(os.environ[_SLOWNESS]) if _SLOWNESS in os.environ else None
        self._measured_at = time.monotonic()

    @property
    def slowness(self) -> float:
        return self.measure() if self._slowness is None else self._slowness

    def measure(self) -> float:
        began = time.monotonic()
        command = [sys.executable, "-I", "-S", "-c", _WORK]
        for process in [subprocess.Popen(command) for _ in range(_AT_ONCE)]:  # noqa: S603  # our own interpreter
            process.wait()
        self._measured_at = time.monotonic()
        self._slowness = max(1.0, (self._measured_at - began) / _REFERENCE_SECONDS)
        os.environ[_SLOWNESS] = f"{self._slowness:.2f}"
        return self._slowness

    @property
    def is_measured_lately(self) -> bool:
        return time.monotonic() - self._measured_at < _FRESH_SECONDS


_machine = _Machine()


def look_at_the_machine() -> None:
    """Measure it, unless that was done moments ago. To be called between tests: measuring takes its time too."""
    if not _machine.is_measured_lately:
        _machine.measure()
    set_patience(patience())


def slowness() -> float:
    """How many times slower than two quiet cores this machine is now; at least 1."""
    return _machine.slowness


def patience() -> float:
    """Seconds after which what has not come will not come."""
    return _SECONDS * slowness()


def patience_with_a_test() -> float:
    """Seconds after which a test hangs."""
    return _OF_A_TEST * patience()


@asynccontextmanager
async def waiting_for(what: str, *, instead: Callable[[], object] = str) -> AsyncIterator[None]:
    """Give the block as long as it may need. Raises NothingHappened: that was not enough."""
    limit = patience()
    try:
        async with asyncio.timeout(limit) as time_limit:
            yield
    except TimeoutError:
        if not time_limit.expired():
            raise
        raise NothingHappened(what, seconds=limit, instead=str(instead())) from None


async def eventually(
    condition: Callable[[], bool] | Callable[[], Awaitable[bool]], *, instead: Callable[[], object] = str
) -> None:
    """Wait until what only looking can tell is so. Raises NothingHappened: it never was."""
    async with waiting_for(words_of(condition), instead=instead):
        while True:
            seen = condition()
            if await seen if inspect.isawaitable(seen) else seen:
                return
            await asyncio.sleep(0.01)


def wait_until(condition: Callable[[], bool], what: str, *, instead: Callable[[], object] = str) -> None:
    """The same where no event loop runs."""
    limit = patience()
    give_up_at = time.monotonic() + limit
    while not condition():
        if time.monotonic() > give_up_at:
            raise NothingHappened(what, seconds=limit, instead=str(instead()))
        time.sleep(0.01)
