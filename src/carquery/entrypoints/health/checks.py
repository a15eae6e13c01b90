"""Looking at what the bot needs: each thing apart, within a time limit, and not again within seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import structlog

from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable

log = structlog.get_logger(__name__)

LIMIT_SECONDS: Final = 2.0
"""For one look. Whoever asks (an orchestrator, a load balancer) rarely waits longer for the whole."""
KEPT_SECONDS: Final = 5.0


class Unwell(Exception):
    """What was looked at does not work; in a few words, without addresses."""


Look: TypeAlias = Callable[[], Awaitable[str]]
"""Returns what is to be said of the thing. Raises Unwell or StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    Attributes:
        is_needed: without it this process can't do its work; with the others it can, though not all of it.
        kept_seconds: how long a thing that was well is not looked at anew; any other, `KEPT_SECONDS`.
        tries: so many looks in a row have to fail before the process counts as unable to work.
    """

    name: str
    look: Look
    is_needed: bool = True
    kept_seconds: float = KEPT_SECONDS
    tries: int = 1


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What was seen, and in how many milliseconds. `is_fatal`: the process can't do its work."""

    name: str
    is_well: bool
    is_needed: bool
    is_fatal: bool
    says: str
    latency_ms: float


class Checkup:
    """Runs checks side by side. Callers that come at once share one look at each thing."""

    def __init__(self, checks: Sequence[Check], clock: Clock) -> None:
        self._kept = [_Kept(check, clock) for check in checks]

    async def findings(self) -> tuple[CheckFinding, ...]:
        """The latest findings; what is older than it may be is looked at now. Never fails."""
        return tuple(await asyncio.gather(*(kept.finding() for kept in self._kept)))


class _Kept:
    """One check with its latest finding."""

    def __init__(self, check: Check, clock: Clock) -> None:
        self._check = check
        self._clock = clock
        self._look_again_at = float("-inf")
        self._failed_in_a_row = 0
        self._looking: asyncio.Task[CheckFinding] | None = None

    async def finding(self) -> CheckFinding:
        looking = self._looking
        is_old = self._clock.monotonic() > self._look_again_at
        if looking is None or (looking.done() and is_old):
            looking = self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(looking)

    async def _look(self) -> CheckFinding:
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                is_well, says = True, await self._check.look()
        except TimeoutError:
            is_well, says = False, f"no answer within {LIMIT_SECONDS:g} s"
        except (Unwell, StoreUnavailable) as unwell:
            is_well, says = False, str(unwell)
        except Exception:
            log.exception("check_failed", check=self._check.name)
            is_well, says = False, "could not be looked at: see the log"
        return self._finding(says, began, is_well=is_well)

    def _finding(self, says: str, began: float, *, is_well: bool) -> CheckFinding:
        check, now = self._check, self._clock.monotonic()
        self._failed_in_a_row = 0 if is_well else self._failed_in_a_row + 1
        self._look_again_at = now + (check.kept_seconds if is_well else min(check.kept_seconds, KEPT_SECONDS))
        is_fatal = check.is_needed and self._failed_in_a_row >= check.tries
        return CheckFinding(check.name, is_well, check.is_needed, is_fatal, says, round((now - began) * 1000, 1))
