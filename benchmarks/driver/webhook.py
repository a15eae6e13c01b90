"""Bringing updates to a webhook, as Telegram does: over as many connections as it was told that it may use."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from benchmarks.driver.bot_api import BotApi

SECRET: Final = "a-secret-of-telegram-and-ours"  # noqa: S105  # nobody's
CONNECTIONS: Final = 40
"""Where the bot says nothing of it. Source: Bot API, setWebhook."""
AGAIN_AFTER_SECONDS: Final = 1.0


@dataclass(slots=True)
class Deliveries:
    """What is on its way, and how it was answered, by HTTP status."""

    statuses: Counter[int] = field(default_factory=Counter)
    waiting: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    @property
    def refused(self) -> int:
        """Answers other than 200."""
        return self.statuses.total() - self.statuses[HTTPStatus.OK]


@asynccontextmanager
async def delivering(api: BotApi, port: int) -> AsyncIterator[Deliveries]:
    """Bring each update to `/telegram` on that port, again and again until it is taken."""
    deliveries = Deliveries()
    api.bring = lambda _, update: deliveries.waiting.put_nowait(update)
    connections = int(api.webhook.get("max_connections") or CONNECTIONS)
    async with asyncio.TaskGroup() as tasks:
        lines = [tasks.create_task(_deliver(api, port, deliveries)) for _ in range(connections)]
        yield deliveries
        for line in lines:
            line.cancel()


async def _deliver(api: BotApi, port: int, deliveries: Deliveries) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /telegram HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
    )
    try:
        while True:
            update = await deliveries.waiting.get()
            writer.write(f"{head}{len(update)}\r\n\r\n".encode() + update)
            status, body = await _answer(reader)
            deliveries.statuses[status] += 1
            if status != HTTPStatus.OK:
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
                deliveries.waiting.put_nowait(update)
            elif body:
                call = json.loads(body)
                api.take(str(call.pop("method")), call)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Its status and body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next((row.partition(":")[2] for row in head.split("\r\n") if row.startswith("content-length:")), "0")
    return int(head.split(" ", 2)[1]), await reader.readexactly(int(length))
