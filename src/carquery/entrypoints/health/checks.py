"""Looking at what the bot needs: each thing apart, within a time limit, and not again within seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable

log = structlog.get_logger(__name__)

LIMIT_SECONDS: Final = 2.0
"""For one look. Whoever asks (an orchestrator, a load balancer) rarely waits longer for the whole."""
KEPT_SECONDS: Final = 5.0


class Unwell(Exception):
    """What was looked at does not work; in a few words, without addresses."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    Attributes:
        look: returns what is to be said of it. Raises Unwell or StoreUnavailable.
        is_needed: without it this process can't do its work; with the others it can, though not all of it.
        kept_seconds: how long a finding is not looked at anew.
    """

    name: str
    look: Callable[[], Awaitable[str]]
    is_needed: bool = True
    kept_seconds: float = KEPT_SECONDS


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What was seen, and in how many milliseconds."""

    name: str
    is_well: bool
    is_needed: bool
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
        self._looked_at = float("-inf")
        self._looking: asyncio.Task[CheckFinding] | None = None

    async def finding(self) -> CheckFinding:
        looking = self._looking
        is_old = self._clock.monotonic() - self._looked_at > self._check.kept_seconds
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
        self._looked_at = self._clock.monotonic()
        return CheckFinding(
            self._check.name, is_well, self._check.is_needed, says, round((self._looked_at - began) * 1000, 1)
        )
