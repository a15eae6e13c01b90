"""Updates brought to a webhook by Telegram, beside the same ones asked for: what they cost, and how many are refused.

Promise: none is refused with 200 customers in a closed loop, and CPU is at most that of polling and a quarter.
"""

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

from benchmarks.driver.bot_api import BotApi
from benchmarks.driver.customers import walk
from benchmarks.driver.webhook import SECRET, delivering
from benchmarks.processes import asked_for_updates, carquery, running
from benchmarks.stores import servers
from tests.ports import free_port, listening


async def measured(*, customers: int, rounds: int) -> str:
    """CPU of both in turn, and the answers other than 200."""
    port, first = free_port(), 1_000_000
    costs: dict[str, list[float]] = {"polling": [], "webhook": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as opened, servers() as stores:
            asking, brought = [await opened.enter_async_context(BotApi()) for _ in range(2)]
            route = {
                "BOT_MODE": "webhook",
                "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
                "WEBHOOK_SECRET": SECRET,
                "WEBHOOK_PORT": str(port),
            }
            polled = await opened.enter_async_context(
                running(carquery(asking, folder, name="polling", **stores.settings), folder)
            )
            hooked = await opened.enter_async_context(
                running(carquery(brought, folder, name="webhook", **stores.settings, **route), folder)
            )
            await asked_for_updates(asking)
            await brought.registered.wait()
            await listening(port)
            deliveries = await opened.enter_async_context(delivering(brought, port))
            bots = {"polling": (asking, polled), "webhook": (brought, hooked)}
            for api, _ in bots.values():
                await walk(api, range(first, first := first + 5))
            updates, calls, carried = 0, brought.calls_of_customers, deliveries.carried
            for number in range(rounds):
                for way in list(bots)[:: -1 if number % 2 else 1]:
                    api, process = bots[way]
                    before = process.cpu_seconds()
                    walked = await walk(api, range(first, first := first + customers))
                    costs[way].append((process.cpu_seconds() - before) / walked.updates * 1000)
                    updates += walked.updates if way == "webhook" else 0
            calls, carried = brought.calls_of_customers - calls, deliveries.carried - carried
    ratio = median(hook / poll for hook, poll in zip(costs["webhook"], costs["polling"], strict=True))
    return (
        f"Webhook, {customers} customers at a time, {rounds} rounds: {deliveries.refused} of "
        f"{deliveries.statuses.total()} deliveries refused (promised: none); CPU s per 1 000 updates "
        f"{median(costs['webhook']):.2f}, by polling {median(costs['polling']):.2f}: ratio {ratio:.2f} "
        f"(promised: at most 1.25); requests an update {(calls - carried) / updates:.2f}, with {carried / updates:.2f} "
        f"calls more in our answers"
    )
