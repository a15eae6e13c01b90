"""What an update costs CarQuery in MAX, beside what it costs in Telegram: `python -m benchmarks messengers`.

Two processes with the embedded default, each with a messenger of its own; customers walk whole forms in both at the
same time. Counted is a process's CPU time, user and system. They take their time: MAX wants no more than thirty calls a
second, and what comes one by one costs more than what comes in a crowd, wherever it is.
"""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.driver.bot_api import BotApi
from benchmarks.driver.customers import walk
from benchmarks.driver.max_api import MaxServer
from benchmarks.processes import Process, asked_for_updates, carquery, running

FIRST_CUSTOMER: Final = 1_000_000
LAST_CUSTOMER: Final = 9_999_999
"""Their phones end with these."""


@dataclass(slots=True)
class Walk:
    """What rounds in one messenger cost: CPU milliseconds and calls of each update."""

    messenger: BotApi | MaxServer
    process: Process
    costs: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)

    async def measure(self, customers: range, thought: float) -> None:
        """One round of whole forms."""
        cpu, calls = self.process.cpu_seconds(), self.messenger.calls_of_customers
        walked = await walk(self.messenger, customers, thought=thought)
        self.costs.append((self.process.cpu_seconds() - cpu) / walked.updates * 1000)
        self.calls.append((self.messenger.calls_of_customers - calls) / walked.updates)


async def measured(*, customers: int, rounds: int, thought: float) -> str:
    """One line; the ratio is that of the same round.

    `thought`: seconds before each answer; a second and a half lets twenty customers stay below MAX's limits.
    """
    crowds = (range(first, first + customers) for first in range(FIRST_CUSTOMER, LAST_CUSTOMER, customers))
    with tempfile.TemporaryDirectory() as name:
        async with AsyncExitStack() as opened:
            walks = [await _started(opened, messenger(), Path(name)) for messenger in (BotApi, MaxServer)]
            for one in walks:  # first connections, and code that runs for the first time, are not what is meant
                await walk(one.messenger, next(crowds)[: max(customers // 10, 2)])
            for _ in range(rounds):
                crowd = next(crowds)
                await asyncio.gather(*(one.measure(crowd, thought) for one in walks))
    telegram, max_ = walks
    ratio = median(in_max / in_telegram for in_max, in_telegram in zip(max_.costs, telegram.costs, strict=True))
    return (
        f"CPU of an update in MAX ({customers} customers at a time, {rounds} rounds): {median(max_.costs):.2f} ms and "
        f"{median(max_.calls):.2f} calls; in Telegram {median(telegram.costs):.2f} ms and "
        f"{median(telegram.calls):.2f} calls; MAX × {ratio:.2f}"
    )


async def _started(opened: AsyncExitStack, messenger: BotApi | MaxServer, folder: Path) -> Walk:
    await opened.enter_async_context(messenger)
    name = type(messenger).__name__
    own = folder / name
    own.mkdir()
    process = await opened.enter_async_context(running(carquery(messenger, own, name=name), folder))
    await asked_for_updates(messenger)
    return Walk(messenger, process)
