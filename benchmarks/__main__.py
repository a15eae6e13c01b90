"""`python -m benchmarks`: run them all; `--smoke`: as short as still shows that they run; names: only those."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks import (
    calls,
    catching_up,
    command_start,
    cost,
    growth,
    messengers,
    million_leads,
    nobody_waits,
    reading_free_text,
    redis_clients,
    soak,
    starting,
    storing_leads,
    webhook_mode,
)
from benchmarks.driver.customers import SELL
from benchmarks.processes import ROOT

SHORT: Final = SELL[:4]
"""The first steps of a form."""

SMOKES_AT_ONCE: Final = 2
"""What they print is not compared, and most of the time they wait for programs to start."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One of them.

    Attributes:
        whole, smoke: what it prints, in full and shortened.
        is_asked_for: it takes minutes, and is run in full only by its name.
    """

    whole: Callable[[], Awaitable[str]]
    smoke: Callable[[], Awaitable[str]]
    is_asked_for: bool = False


BENCHMARKS: Final[Mapping[str, Benchmark]] = {
    "cost": Benchmark(
        lambda: cost.measured(customers=30, rounds=12),
        lambda: cost.measured(customers=2, rounds=1, peers=False),
    ),
    "messengers": Benchmark(
        lambda: messengers.measured(customers=20, rounds=4, thought=1.2),
        lambda: messengers.measured(customers=2, rounds=1, thought=0.05),
    ),
    "starting": Benchmark(
        lambda: starting.measured(starts=4, updates=10_000),
        lambda: starting.measured(starts=1, updates=100),
    ),
    "growth": Benchmark(
        lambda: growth.measured(crowds=(10, 2_000, 5_000), usual=200, updates=2_000, visits=100_000, leads=1_000_000),
        lambda: growth.measured(crowds=(2,), usual=5, updates=30, visits=100, leads=100),
    ),
    "webhook": Benchmark(
        lambda: webhook_mode.measured(customers=200, rounds=6),
        lambda: webhook_mode.measured(customers=4, rounds=1),
    ),
    "waiting": Benchmark(
        lambda: nobody_waits.measured(customers=400, messages=10_000, refused_seconds=60, thinking_seconds=10),
        lambda: nobody_waits.measured(
            customers=10, messages=300, refused_seconds=1, thinking_seconds=0.5, answers=SHORT
        ),
    ),
    "calls": Benchmark(
        lambda: asyncio.to_thread(calls.measured, 3_000),
        lambda: asyncio.to_thread(calls.measured, 160),
    ),
    "redis": Benchmark(
        lambda: redis_clients.measured(commands=8_000),
        lambda: redis_clients.measured(commands=320),
    ),
    "storing": Benchmark(
        lambda: storing_leads.measured(leads=1_000),
        lambda: storing_leads.measured(leads=50),
    ),
    "million": Benchmark(
        lambda: million_leads.measured(leads=1_000_000),
        lambda: million_leads.measured(leads=2_000),
        is_asked_for=True,
    ),
    "backlog": Benchmark(
        lambda: catching_up.measured(leads=1_000),
        lambda: catching_up.measured(leads=20),
    ),
    "soak": Benchmark(
        lambda: soak.measured(warm_up=5_000, updates=30_000),
        lambda: soak.measured(warm_up=100, updates=100),
        is_asked_for=True,
    ),
    "rules": Benchmark(
        lambda: asyncio.to_thread(reading_free_text.measured, rounds=10),
        lambda: asyncio.to_thread(reading_free_text.measured, rounds=1),
    ),
    "command": Benchmark(
        lambda: asyncio.to_thread(command_start.measured, runs=15),
        lambda: asyncio.to_thread(command_start.measured, runs=3),
    ),
}


async def run(names: list[str], *, is_smoke: bool) -> None:
    """Print each benchmark's figures, as soon as they are there."""
    usual = [name for name, one in BENCHMARKS.items() if not one.is_asked_for]
    for name in names or usual:
        began = time.monotonic()
        benchmark = BENCHMARKS[name]
        said = await (benchmark.smoke() if is_smoke else benchmark.whole())
        print(f"{said}\n  ({name}: {time.monotonic() - began:.0f} s)\n", flush=True)


async def smoke_all() -> bool:
    """Smoke all, in a few processes that share them. Whether all ran."""
    names = list(BENCHMARKS)
    codes = await asyncio.gather(*(_smoke(names[first::SMOKES_AT_ONCE]) for first in range(SMOKES_AT_ONCE)))
    return not any(codes)


async def _smoke(names: Sequence[str]) -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks", "--smoke", *names, cwd=ROOT)
    return await process.wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What is promised about speed, measured.")
    long = ", ".join(name for name, one in BENCHMARKS.items() if one.is_asked_for)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; none: all but {long}")
    parser.add_argument("--smoke", action="store_true", help="as short as still shows that they run")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - BENCHMARKS.keys()):
        parser.error(f"there is none of the name {', '.join(unknown)}")
    if arguments.smoke and not arguments.names:
        sys.exit(not asyncio.run(smoke_all()))
    asyncio.run(run(arguments.names, is_smoke=arguments.smoke))


if __name__ == "__main__":
    main()
