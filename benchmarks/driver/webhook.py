"""Bringing updates to a webhook, as Telegram does: over as many connections as it was told that it may use.

Of one chat, the next message is brought when the one before was answered; presses stand in a line of their own.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from benchmarks.driver.bot_api import BotApi

SECRET: Final = "a-secret-of-telegram-and-ours"  # noqa: S105  # nobody's
CONNECTIONS: Final = 40
"""Where the bot says nothing of it. Source: Bot API, setWebhook."""
AGAIN_AFTER_SECONDS: Final = 1.0
OPENED_AGAIN_AFTER_SECONDS: Final = 0.05


@dataclass(slots=True)
class Deliveries:
    """What is on its way, and how it was answered, by HTTP status. `carried`: the calls in those answers."""

    statuses: Counter[int] = field(default_factory=Counter)
    carried: int = 0
    waiting: asyncio.Queue[tuple[str, bytes]] = field(default_factory=asyncio.Queue)
    _behind: dict[str, deque[bytes]] = field(default_factory=dict)

    def put(self, update: bytes) -> None:
        """One more update."""
        body = json.loads(update)
        kind = next(name for name in body if name != "update_id")
        line = f"{kind == 'callback_query'}{body[kind]['from']['id']}"
        if line in self._behind:
            self._behind[line].append(update)
        else:
            self._behind[line] = deque()
            self.waiting.put_nowait((line, update))

    def taken(self, line: str) -> None:
        """The next one of that line may go."""
        if self._behind[line]:
            self.waiting.put_nowait((line, self._behind[line].popleft()))
        else:
            del self._behind[line]

    @property
    def refused(self) -> int:
        """Answers other than 200."""
        return self.statuses.total() - self.statuses[HTTPStatus.OK]


@asynccontextmanager
async def delivering(api: BotApi, port: int) -> AsyncIterator[Deliveries]:
    """Bring each update to `/telegram` on that port, again and again until it is taken."""
    deliveries = Deliveries()
    api.bring = lambda _, update: deliveries.put(update)
    connections = int(api.webhook.get("max_connections") or CONNECTIONS)
    async with asyncio.TaskGroup() as tasks:
        lines = [tasks.create_task(_deliver(api, port, deliveries)) for _ in range(connections)]
        yield deliveries
        for line in lines:
            line.cancel()


async def _deliver(api: BotApi, port: int, deliveries: Deliveries) -> None:
    line, update = None, b""
    while True:
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the bot lets connections go that say nothing
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                while True:
                    if line is None:
                        line, update = await deliveries.waiting.get()
                    writer.write(_request(port, update))
                    status, body = await _answer(reader)
                    deliveries.statuses[status] += 1
                    if status == HTTPStatus.OK:
                        deliveries.taken(line)
                    else:
                        await asyncio.sleep(AGAIN_AFTER_SECONDS)
                        deliveries.waiting.put_nowait((line, update))
                    line = None
                    if status == HTTPStatus.OK and body:
                        deliveries.carried += 1
                        call = json.loads(body)
                        api.take(str(call.pop("method")), call)
            finally:
                writer.close()
        await asyncio.sleep(OPENED_AGAIN_AFTER_SECONDS)


def _request(port: int, update: bytes) -> bytes:
    head = (
        f"POST /telegram HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(update)}\r\n\r\n"
    )
    return head.encode() + update


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Its status and body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next((row.partition(":")[2] for row in head.split("\r\n") if row.startswith("content-length:")), "0")
    return int(head.split(" ", 2)[1]), await reader.readexactly(int(length))
