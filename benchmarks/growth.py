"""Whether an update costs more, the more customers there are: in progress at once, stored, and their leads.

Everybody takes the first three steps of the sell form at once, and stays there. Promise: the same within 15 %.
"""

import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import mean
from typing import Final

from benchmarks.driver.bot_api import BotApi
from benchmarks.driver.customers import SELL, walk
from benchmarks.filling import fill_leads, fill_visits
from benchmarks.processes import Process, asked_for_updates, carquery, running
from benchmarks.stores import servers

STEPS: Final = SELL[:3]


async def measured(*, crowds: Sequence[int], usual: int, updates: int, visits: int, leads: int) -> str:
    """CPU of an update in each crowd, against crowds of the usual size before and after it.

    Args:
        updates: at least so many are measured; a small crowd is repeated.
        visits, leads: how many are stored before the last measurement.
    """
    rows = [f"Growth, against {usual} customers at once (promised: 0.85 … 1.15):"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as opened:
            stores = await opened.enter_async_context(servers())
            api = await opened.enter_async_context(BotApi())
            process = await opened.enter_async_context(running(carquery(api, folder, **stores.settings), folder))
            await asked_for_updates(api)
            crowd = _Crowds(api, process, updates)
            await walk(api, range(1, 21))  # so that connections are there
            await crowd.cost(usual)
            usually = [await crowd.cost(usual)]
            for size in crowds:
                cost = await crowd.cost(size)
                usually.append(await crowd.cost(usual))
                rows.append(f"  {size:>7} at once: ratio {cost / mean(usually[-2:]):.2f} ({cost:.2f} s per 1 000)")
            await fill_visits(stores.redis_url, visits)
            await fill_leads(stores.database_url, leads)
            filled = mean([await crowd.cost(usual), await crowd.cost(usual)])
            beside = f"{visits} stored visits and {leads} stored leads"
            rows.append(f"  beside {beside}: ratio {filled / mean(usually):.2f} ({filled:.2f} s per 1 000)")
    return "\n".join(rows)


class _Crowds:
    """New customers each time."""

    def __init__(self, api: BotApi, process: Process, updates: int) -> None:
        self._api = api
        self._process = process
        self._updates = updates
        self._next = 1_000_000

    async def cost(self, size: int) -> float:
        """CPU seconds per 1 000 updates."""
        before, updates = self._process.cpu_seconds(), 0
        while updates < self._updates:
            numbers = range(self._next, self._next + size)
            self._next += size
            updates += (await walk(self._api, numbers, STEPS)).updates
        return (self._process.cpu_seconds() - before) / updates * 1000
