"""When a check is made: before the process starts, or while it runs. Providers bring both; the container collects."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from dishka import AsyncContainer

from carquery.adapters.checks import Check, Examine, Finding

T = TypeVar("T")

KEPT_SECONDS: Final = 5.0


class Process(Enum):
    """Who works."""

    BOT = "bot"
    WORKER = "worker"


BOTH: Final = frozenset(Process)
BOT_ALONE: Final = frozenset({Process.BOT})
WORKER_ALONE: Final = frozenset({Process.WORKER})
NEITHER: Final[frozenset[Process]] = frozenset()


@dataclass(frozen=True, slots=True)
class BeforeStart:
    """A check for `carquery config check`. `hangs_on`: how the variables begin without which it can't be made."""

    check: Check
    hangs_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhileRunning:
    """A check for `/ready`, with one finding.

    Attributes:
        made_by: the processes that have the thing at all.
        needed_by: those that can't do their work without it; the others can, though not all of it.
        kept_seconds: how long a thing that was well is not looked at again; any other, `KEPT_SECONDS`.
        tries: so many looks in a row have to fail before the process counts as unable to work.
    """

    check: Check
    made_by: frozenset[Process] = BOTH
    needed_by: frozenset[Process] = BOTH
    kept_seconds: float = KEPT_SECONDS
    tries: int = 1


def on(container: AsyncContainer, kind: type[T], examine: Callable[[T], AsyncIterator[Finding]]) -> Examine:
    """Examine what the container builds when it comes to that, so that what can't even be built is a finding too."""

    async def examining() -> AsyncIterator[Finding]:
        async for finding in examine(await container.get(kind)):
            yield finding

    return examining
