"""Whether some customers' troubles make the others wait.

One customer's replies are refused for a while (429), one asks again and again what a model thinks about for ten
seconds, one sends thousands of messages at once. Meanwhile the others walk through a form, up to its summary. Promise:
the median and the 95th percentile of what they wait are at most one and a half times of what they are without these
three.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.driver.bot_api import BotApi, Json, Shown
from benchmarks.driver.customers import SELL, Walked, walk
from benchmarks.driver.http_server import Answer, listening
from benchmarks.driver.webhook import SECRET, delivering
from benchmarks.processes import asked_for_updates, carquery, running
from benchmarks.stores import Stores, servers
from carquery.application.screens import TooMany
from tests.ports import free_port
from tests.ports import listening as is_listening

FORM: Final = SELL[:-1]
"""Without «Отправить»: storing a lead is another measurement's."""
REFUSED, THOUGHT_ABOUT, FLOODING = 101, 102, 103
SENDING: Final = frozenset({"sendMessage", "editMessageText"})


class RefusingBotApi(BotApi):
    """Refuses to send to some chats, each until a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.refused_until: dict[int, float] = {}

    def _handle(self, path: str, parameters: Json, answer: Answer) -> None:
        left = self.refused_until.get(int(parameters.get("chat_id", 0)), 0.0) - time.monotonic()
        if left > 0 and path.rpartition("/")[2] in SENDING:
            refusal = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry later"}
            answer(json.dumps(refusal | {"parameters": {"retry_after": int(left) + 1}}).encode())
            return
        super()._handle(path, parameters, answer)


@dataclass(slots=True)
class Troubles:
    """The three, as long as the others walk.

    Attributes:
        refused_seconds: how long one's replies are refused.
        messages: how many another sends at once.
        reply_after: seconds until the refused reply came.
        thoughts: how often the model was waited for.
        told: how often the flooding one was told that it is too much.
    """

    api: RefusingBotApi
    refused_seconds: float
    messages: int
    reply_after: float | None = None
    thoughts: int = 0
    told: int = 0
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def begin(self) -> None:
        """All at once."""
        began = time.monotonic()
        self.api.refused_until[REFUSED] = began + self.refused_seconds
        self.api.on_shown[REFUSED] = lambda _: self._is_replied(time.monotonic() - began)
        self.api.on_shown[THOUGHT_ABOUT] = lambda _: self._think()
        self.api.on_shown[FLOODING] = self._told
        self._write(REFUSED, "/start sell")
        self._think()
        for _ in range(self.messages):
            self._write(FLOODING, "привет")

    @property
    def seen(self) -> str:
        """What they were answered."""
        reply = "not yet" if self.reply_after is None else f"after {self.reply_after:.0f} s"
        return (
            f"the refused reply came {reply}, the model was asked {self.thoughts} times, "
            f"«too many» was said {self.told} times"
        )

    def _is_replied(self, after: float) -> None:
        self.reply_after = self.reply_after or after

    def _think(self) -> None:
        self.thoughts += 1
        self._write(THOUGHT_ABOUT, f"что посоветуете на лето, вариант {next(self._numbers)}?")

    def _told(self, shown: Shown) -> None:
        self.told += TooMany.TEXT in str(shown.message["text"])

    def _write(self, number: int, text: str) -> None:
        person = {"id": number, "is_bot": False, "first_name": "<3", "language_code": "ru"}
        chat = {"id": number, "first_name": "<3", "type": "private"}
        message = {"message_id": self.api.next_message(), "from": person, "chat": chat, "date": int(time.time())}
        self.api.send("message", {**message, "text": text})


async def measured(
    *,
    customers: int,
    messages: int,
    refused_seconds: float,
    thinking_seconds: float,
    answers: Sequence[str] = FORM,
) -> str:
    """What the others wait, undisturbed and disturbed, by polling and by webhook."""
    said = [
        f"{customers} customers walk a form while one is refused for {refused_seconds:.0f} s, one waits for a model"
    ]
    said[0] += f" of {thinking_seconds:.0f} s, and one sends {messages} messages (promised: at most 1.5 times):"
    first = 1_000_000
    async with servers() as stores:
        for way in ("polling", "webhook"):
            async with _bot(way, stores, thinking_seconds) as api:
                await walk(api, range(first, first := first + 5), answers)
                alone = await walk(api, range(first, first := first + customers), answers)
                troubles = Troubles(api, refused_seconds, messages)
                troubles.begin()
                disturbed = await walk(api, range(first, first := first + customers), answers)
                said.append(f"  by {way}: {_compared(alone, disturbed)}; {troubles.seen}")
    return "\n".join(said)


def _compared(alone: Walked, disturbed: Walked) -> str:
    return ", ".join(
        f"{name} {alone.reply_at(share) * 1000:.0f} ms alone, {disturbed.reply_at(share) * 1000:.0f} ms disturbed: "
        f"ratio {disturbed.reply_at(share) / alone.reply_at(share):.2f}"
        for name, share in (("median", 0.5), ("p95", 0.95))
    )


@asynccontextmanager
async def _bot(way: str, stores: Stores, thinking_seconds: float) -> AsyncIterator[RefusingBotApi]:
    """One that takes updates in that way, with a model that is not sure, after a long time."""

    def think(_path: str, _parameters: Json, answer: Answer) -> None:
        asyncio.get_running_loop().call_later(thinking_seconds, answer, b"{}")

    async with AsyncExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        api = RefusingBotApi()
        await opened.enter_async_context(api)
        model = await opened.enter_async_context(listening(think))
        port = free_port()
        settings = {
            **stores.settings,
            "AMOCRM_MOCK_MODE": "true",
            "OPENAI_API_KEY": "sk-nobody-s",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1",
        }
        if way == "webhook":
            settings |= {
                "BOT_MODE": "webhook",
                "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
                "WEBHOOK_SECRET": SECRET,
                "WEBHOOK_PORT": str(port),
            }
        await opened.enter_async_context(running(carquery(api, folder, name=way, **settings), folder))
        if way == "webhook":
            await _brings(api, port, opened)
        else:
            await asked_for_updates(api)
        yield api


async def _brings(api: BotApi, port: int, opened: AsyncExitStack) -> None:
    await api.registered.wait()
    await is_listening(port)
    await opened.enter_async_context(delivering(api, port))
