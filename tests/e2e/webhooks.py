"""Updates as Telegram brings them to a webhook."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
from dishka import Provider

from carquery_emulators.telegram import TelegramEmulator
from tests.e2e.running_bot import RunningBot, running_bot
from tests.ports import listening

SECRET = "a-secret-of-telegram-and-ours"  # of this test alone


SHOWN = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@asynccontextmanager
async def webhook_bot(
    telegram: TelegramEmulator, database_url: str, port: int, *providers: Provider, **settings: Any
) -> AsyncIterator[RunningBot]:
    """A replica that listens on that port, once Telegram knows of it."""
    door: dict[str, Any] = {
        "bot_mode": "webhook",
        "webhook_url": f"http://127.0.0.1:{port}/telegram",
        "webhook_secret": SECRET,
        "webhook_port": port,
    }
    async with running_bot(telegram, *providers, database_url=database_url, **door, **settings) as bot:
        await telegram.wait_for(lambda: bool(telegram.calls_of("setWebhook")))
        await listening(port)
        yield bot


def written(text: str, *, update_id: int, customer: int = 7_100) -> dict[str, Any]:
    """An update as Telegram brings it."""
    person = {"id": customer, "is_bot": False, "first_name": "<3"}
    chat = {"id": customer, "type": "private", "first_name": "<3"}
    message = {"message_id": update_id, "date": 1_790_000_000, "from": person, "chat": chat, "text": text}
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"update_id": update_id, "message": message}


def pressed(data: str | None, message: int, *, query: str, update_id: int, customer: int) -> dict[str, Any]:
    """A press on a button of that message, which carries those data."""
    person = {"id": customer, "is_bot": False, "first_name": "<3"}
    shown = {"message_id": message, "date": 0, "chat": {"id": customer, "type": "private"}}
    press = {"id": query, "from": person, "chat_instance": "1", "data": data, "message": shown}
    return {"update_id": update_id, "callback_query": press}


async def post(port: int, body: object, headers: dict[str, str] = SHOWN, path: str = "/telegram") -> int:
    return (await posted(port, body, headers, path))[0]


async def posted(
    port: int, body: object, headers: dict[str, str] = SHOWN, path: str = "/telegram"
) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = f"http://127.0.0.1:{port}{path}"
    async with aiohttp.ClientSession() as http, http.post(address, data=BytesIO(content), headers=headers) as response:
        answer = await response.text() if response.status == 200 else ""
        return response.status, json.loads(answer or "{}")
