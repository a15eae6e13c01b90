"""MAX of one bot: it answers as MAX does, and keeps nothing but numbers."""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from benchmarks.driver.bot_api import Json, Shown
from benchmarks.driver.http_server import Answer, listening

TOKEN: Final = "benchmark-token-of-a-max-bot"  # noqa: S105  # nobody's
BOT: Final = {"user_id": 7_000_001, "first_name": "CarQuery", "username": "carquery_bot", "is_bot": True}
CHATS_BEGIN_AT: Final = 10_000_000
"""A dialog has another number than its customer."""
MOST_UPDATES: Final = 100


class MaxServer:
    """A server on loopback. Updates wait until the bot asks.

    Attributes:
        base_url: where it listens.
        calls: how often each path was called.
        polled: the bot has asked for updates.
        on_shown: is told of each message that is sent or edited, by its customer.
    """

    def __init__(self) -> None:
        self.base_url = ""
        self.calls: Counter[str] = Counter()
        self.polled = asyncio.Event()
        self.on_shown: dict[int, Callable[[Shown], None]] = {}
        self._whose: dict[str, int] = {}
        self._line: deque[tuple[int, bytes]] = deque()
        self._asking: tuple[int, Answer, asyncio.TimerHandle] | None = None
        self._last_update = 0
        self._last_message = 0
        self._open = AsyncExitStack()

    async def __aenter__(self) -> "MaxServer":
        port = await self._open.enter_async_context(listening(self._handle))
        self.base_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    @property
    def settings(self) -> Mapping[str, str]:
        """By which a bot finds it."""
        return {"MAX_BOT_TOKEN": TOKEN, "MAX_API_BASE": self.base_url}

    @property
    def calls_of_customers(self) -> int:
        """All that were not made for set-up, nor to ask for updates."""
        return sum(self.calls[path] for path in ("/messages", "/answers", "/actions"))

    def write(self, customer: int, text: str) -> None:
        """A customer writes."""
        message = {
            "recipient": {"chat_id": CHATS_BEGIN_AT + customer, "chat_type": "dialog", "user_id": BOT["user_id"]},
            "timestamp": _now(),
            "sender": _person(customer),
            "body": {"mid": self._next_mid(customer), "seq": self._last_message, "text": text},
        }
        self._send({"update_type": "message_created", "message": message, "user_locale": "ru"})

    def press(self, customer: int, shown: Shown, label: str) -> None:
        """A customer presses a button under that message."""
        message = shown.message
        callback = {
            "timestamp": _now(),
            "callback_id": f"{customer}-{message['message_id']}",
            "payload": shown.buttons[label],
            "user": _person(customer),
        }
        body = {"mid": message["message_id"], "seq": 1, "text": message["text"], "attachments": message["attachments"]}
        pressed = {
            "recipient": {"chat_id": CHATS_BEGIN_AT + customer, "chat_type": "dialog", "user_id": customer},
            "timestamp": _now(),
            "sender": BOT,
            "body": body,
        }
        self._send({"update_type": "message_callback", "callback": callback, "message": pressed, "user_locale": "ru"})

    def _send(self, update: dict[str, Any]) -> None:
        self._last_update += 1
        update["timestamp"] = _now()
        self._line.append((self._last_update, json.dumps(update, ensure_ascii=False).encode()))
        if self._asking is not None:
            marker, answer, until = self._asking
            until.cancel()
            self._asking = None
            # Whatever comes in this turn of the loop comes together, as over a network.
            asyncio.get_running_loop().call_soon(self._bring_from, marker, answer, 0)

    def _next_mid(self, customer: int) -> str:
        self._last_message += 1
        mid = f"mid.{self._last_message:032x}"
        self._whose[mid] = customer
        return mid

    def _handle(self, target: str, parameters: Json, answer: Answer) -> None:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = "/actions" if parts.path.endswith("/actions") else parts.path
        self.calls[path] += 1
        match path:
            case "/updates":
                self.polled.set()
                self._bring_from(int(query.get("marker", 0)), answer, float(query["timeout"]))
            case "/messages" if "user_id" in query:
                customer = int(query["user_id"])
                mid = self._next_mid(customer)
                self._show(customer, mid, parameters)
                answer(_json({"message": {"recipient": {"user_id": customer}, "body": {"mid": mid, "seq": 1}}}))
            case "/messages":
                self._edited(query["message_id"], parameters)
                answer(_json({"success": True}))
            case "/answers":
                whose, _, mid = query["callback_id"].partition("-")
                if (text := parameters.get("notification")) and (told := self.on_shown.get(int(whose))):
                    told(Shown({"text": text}, {}))
                if parameters.get("message"):
                    self._edited(mid, parameters["message"])
                answer(_json({"success": True}))
            case "/me":
                answer(_json(BOT))
            case "/subscriptions":
                answer(_json({"subscriptions": []}))
            case _:
                answer(_json({"success": True}))

    def _edited(self, mid: str, becomes: Json) -> None:
        if becomes["text"]:
            self._show(self._whose[mid], mid, becomes)

    def _show(self, customer: int, mid: str, sent: Json) -> None:
        attachments = sent.get("attachments") or []
        buttons = {
            button["text"]: button.get("payload", "")
            for keyboard in attachments
            for row in keyboard["payload"]["buttons"]
            for button in row
        }
        told = self.on_shown.get(customer)
        if told is not None:
            told(Shown({"message_id": mid, "text": sent["text"], "attachments": attachments}, buttons))

    def _bring_from(self, marker: int, answer: Answer, patience: float) -> None:
        """All below `marker` are done with. If there are no others, the next one is waited for so many seconds."""
        while self._line and self._line[0][0] < marker:
            self._line.popleft()
        if not self._line:
            until = asyncio.get_running_loop().call_later(patience, self._bring_none, marker, answer)
            self._asking = (marker, answer, until)
            return
        first = [one for _, one in zip(range(MOST_UPDATES), self._line, strict=False)]
        updates = b",".join(update for _, update in first)
        answer(b'{"updates":[' + updates + b'],"marker":%d}' % (first[-1][0] + 1))

    def _bring_none(self, marker: int, answer: Answer) -> None:
        self._asking = None
        answer(_json({"updates": [], "marker": marker}))


def _person(customer: int) -> Mapping[str, object]:
    return {"user_id": customer, "first_name": "<3", "is_bot": False, "last_activity_time": 0, "name": "<3"}


def _now() -> int:
    return int(time.time() * 1000)


def _json(result: object) -> bytes:
    return json.dumps(result, ensure_ascii=False).encode()
