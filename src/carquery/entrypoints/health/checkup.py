"""Looking at what a running process needs: each thing apart, within a time limit, and not again within seconds."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from carquery.adapters.checks import Check, Finding, State
from carquery.application.ports.environment import Clock
from carquery.entrypoints.checks.examining import examined
from carquery.entrypoints.checks.kinds import KEPT_SECONDS, Process, WhileRunning

log = structlog.get_logger(__name__)

LIMIT_SECONDS: Final = 2.0
"""For one look. Whoever asks (an orchestrator, a load balancer) rarely waits longer for the whole."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something that the process lives on, as it was last found. `is_fatal`: the process can't do its work."""

    name: str
    finding: Finding
    is_needed: bool
    is_fatal: bool

    @property
    def is_well(self) -> bool:
        return self.finding.state is not State.WRONG


class Checkup:
    """Makes checks side by side. Callers that come at once share one look at each thing."""

    def __init__(self, checks: Iterable[WhileRunning], process: Process, clock: Clock) -> None:
        self._kept = [_Kept(check, process, clock) for check in checks if process in check.made_by]

    async def dependencies(self) -> tuple[Dependency, ...]:
        """The latest findings; what is older than it may be is looked at now. Never fails."""
        return tuple(await asyncio.gather(*(kept.dependency() for kept in self._kept)))


class _Kept:
    """One check with its latest finding."""

    def __init__(self, of: WhileRunning, process: Process, clock: Clock) -> None:
        self._of = of
        self._is_needed = process in of.needed_by
        self._clock = clock
        self._look_again_at = float("-inf")
        self._failed_in_a_row = 0
        self._looking: asyncio.Task[Dependency] | None = None

    async def dependency(self) -> Dependency:
        looking = self._looking
        is_old = self._clock.monotonic() > self._look_again_at
        if looking is None or (looking.done() and is_old):
            looking = self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(looking)

    async def _look(self) -> Dependency:
        of = self._of
        *_, found = await examined(of.check, self._clock, seconds=LIMIT_SECONDS, unforeseen=_unforeseen)
        is_well = found.state is not State.WRONG
        self._failed_in_a_row = 0 if is_well else self._failed_in_a_row + 1
        kept_seconds = of.kept_seconds if is_well else min(of.kept_seconds, KEPT_SECONDS)
        self._look_again_at = self._clock.monotonic() + kept_seconds
        is_fatal = self._is_needed and self._failed_in_a_row >= of.tries
        return Dependency(of.check.name, found, self._is_needed, is_fatal)


def _unforeseen(check: Check, failure: Exception) -> Finding:
    log.error("check_failed", check=check.name, exc_info=failure)
    return Finding(check.name, "could not be looked at: see the log", State.WRONG)
