"""What the bot costs before anybody has said much: CPU until its first reply, and memory after 10 000 updates.

Beside it, the bare aiogram bot. Promise: at most 3 s of CPU until the first update is taken, at most 140 MB.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.driver.bot_api import BotApi
from benchmarks.driver.customers import SELL, walk
from benchmarks.processes import Process, Program, asked_for_updates, carquery, peer, running

AT_ONCE: Final = 50


async def measured(*, starts: int, updates: int) -> str:
    """Starts in turn, the bare bot's and ours; then so many updates to ours on the embedded default."""
    first_reply: dict[str, list[float]] = {"ours": [], "bare": []}
    size: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for start in range(starts):
            for whose, make in _bots(folder).items():
                async with BotApi() as api, running(make(api), folder) as process:
                    cost = await _cost_of_first_reply(api, process)
                    size[whose] = process.megabytes()
                    if start or starts == 1:  # the first one compiles, and makes the database
                        first_reply[whose].append(cost)
                    if whose == "ours" and start == starts - 1:
                        used = await _used(api, process, updates)
    ours, bare = median(first_reply["ours"]), median(first_reply["bare"])
    return (
        f"Start, embedded default: {ours:.1f} s of CPU until the first reply (promised: at most 3), bare aiogram bot "
        f"{bare:.1f} s: ratio {ours / bare:.2f}; then {size['ours']:.0f} MB, bare {size['bare']:.0f} MB; after "
        f"{updates} updates {used:.0f} MB (promised: at most 140)"
    )


def _bots(folder: Path) -> dict[str, Callable[[BotApi], Program]]:
    return {
        "ours": lambda api: carquery(api, folder),
        "bare": lambda api: peer(api, "bare aiogram", "bare_aiogram"),
    }


async def _cost_of_first_reply(api: BotApi, process: Process) -> float:
    await walk(api, [1_000_000], SELL[:1])
    return process.cpu_seconds()


async def _used(api: BotApi, process: Process, updates: int) -> float:
    """Its memory after so many updates."""
    await asked_for_updates(api)
    first, walked = 1_000_001, 0
    while walked < updates:
        walked += (await walk(api, range(first, first + AT_ONCE))).updates
        first += AT_ONCE
    return process.megabytes()
