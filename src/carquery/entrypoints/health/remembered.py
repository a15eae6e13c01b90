"""What takes long to find out: whoever asks is given what is known, while it is looked for anew."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable

T = TypeVar("T")

PAUSE_PER_LOOK: Final = 20
"""So many times as long as a look took, the next one is put off: looking costs a twentieth of one processor at most."""

FIRST_SECONDS: Final = 1.5
"""While nothing is known. Whoever asks (an orchestrator, a load balancer) rarely waits longer than 2 s for all."""
A_MOMENT_SECONDS: Final = 0.2
"""A quick look ends within it; of a long one, what is known is told meanwhile."""


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """What was found, and how long ago that was."""

    value: T
    age_seconds: float


class Remembered(Generic[T]):
    """One thing that is looked for now and then, by one look at a time."""

    def __init__(self, find: Callable[[], Awaitable[T]], clock: Clock, *, kept_seconds: float) -> None:
        """`kept_seconds`: so long it is not looked for again, or longer, if looking takes long."""
        self._find = find
        self._clock = clock
        self._kept_seconds = kept_seconds
        self._looking: asyncio.Task[None] | None = None
        self._look_again_at = float("-inf")
        self._found: tuple[T, float] | None = None
        self._away: StoreUnavailable | None = None

    async def latest(self) -> Known[T] | None:
        """What is known, looked for anew if that is old; None: nothing yet, for the first look takes long.

        Raises:
            StoreUnavailable: so it ended the last time.
        """
        if self._looking is None and self._clock.monotonic() >= self._look_again_at:
            self._looking = asyncio.create_task(self._look())
        if (looking := self._looking) is not None:
            seconds = FIRST_SECONDS if self._found is None else A_MOMENT_SECONDS
            done, _ = await asyncio.wait([looking], timeout=seconds)
            for look in done:
                look.result()  # what nobody has foreseen is for whoever asks
        if self._away is not None:
            raise self._away.with_traceback(None)
        if self._found is None:
            return None
        value, at = self._found
        return Known(value, self._clock.monotonic() - at)

    async def close(self) -> None:
        """Look no more."""
        if (looking := self._looking) is not None:
            looking.cancel()
            await asyncio.wait([looking])

    async def _look(self) -> None:
        began = self._clock.monotonic()
        try:
            self._found = await self._find(), began
            self._away = None
        except StoreUnavailable as away:
            self._away = away
        finally:
            now = self._clock.monotonic()
            self._look_again_at = now + max(self._kept_seconds, PAUSE_PER_LOOK * (now - began))
            self._looking = None
