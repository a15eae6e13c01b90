"""The Bot API of one bot: it answers as Telegram does, and keeps nothing but numbers."""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from benchmarks.driver.http_server import Answer, listening

TOKEN: Final = "7000001:BENCHMARK"  # noqa: S105  # nobody's
MOST_UPDATES: Final = 100
"""In one answer. Source: Bot API, getUpdates."""
SET_UP: Final = frozenset(
    {"getMe", "getUpdates", "setMyCommands", "getWebhookInfo", "setWebhook", "deleteWebhook", "getMyCommands"}
)
"""Calls that no customer causes."""

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a customer sees it, or a sentence over the chat. `buttons`: what each carries, by its text."""

    message: Json
    buttons: Mapping[str, str]


class BotApi:
    """A server on loopback. Updates wait until the bot asks, or go to whoever `bring` is set to.

    Attributes:
        base_url: where it listens.
        calls: how often each method was called.
        polled: the bot has asked for updates.
        on_shown: is told of each message that is sent or edited, by its chat.
        bring: where an update goes; by default it waits to be asked for.
        webhook: the parameters of the last setWebhook.
    """

    def __init__(self) -> None:
        self.base_url = ""
        self.calls: Counter[str] = Counter()
        self.polled = asyncio.Event()
        self.webhook: Json = {}
        self.registered = asyncio.Event()
        self.on_shown: dict[int, Callable[[Shown], None]] = {}
        self.bring: Callable[[int, bytes], None] = self._put_in_line
        self._line: deque[tuple[int, bytes]] = deque()
        self._asking: tuple[int, Answer, asyncio.TimerHandle] | None = None
        self._last_update = 0
        self._last_message = 0
        self._open = AsyncExitStack()

    async def __aenter__(self) -> "BotApi":
        port = await self._open.enter_async_context(listening(self._handle))
        self.base_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    @property
    def settings(self) -> Mapping[str, str]:
        """By which a bot finds it."""
        return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": self.base_url}

    @property
    def calls_of_customers(self) -> int:
        """All that were not made for set-up, nor to ask for updates."""
        return sum(count for method, count in self.calls.items() if method not in SET_UP)

    def send(self, kind: str, content: Json) -> None:
        """Let an update of that kind come."""
        self._last_update += 1
        update = {"update_id": self._last_update, kind: content}
        self.bring(self._last_update, json.dumps(update, ensure_ascii=False).encode())

    def write(self, customer: int, text: str) -> None:
        """A customer writes."""
        message: dict[str, object] = {
            "message_id": self.next_message(),
            "from": _person(customer),
            "chat": {"id": customer, "first_name": "<3", "type": "private"},
            "date": int(time.time()),
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"offset": 0, "length": len(text.split()[0]), "type": "bot_command"}]
        self.send("message", message)

    def press(self, customer: int, shown: Shown, label: str) -> None:
        """A customer presses a button under that message."""
        query = {
            "id": f"{customer}:{shown.message['message_id']}",
            "from": _person(customer),
            "message": shown.message,
            "chat_instance": "1",
            "data": shown.buttons[label],
        }
        self.send("callback_query", query)

    def next_message(self) -> int:
        """The number of a new message."""
        self._last_message += 1
        return self._last_message

    def take(self, method: str, parameters: Json) -> None:
        """Take a call that the bot made in its answer to a webhook's update."""
        self._handle(f"/{method}", parameters, lambda _: None)

    def _put_in_line(self, number: int, update: bytes) -> None:
        self._line.append((number, update))
        if self._asking is not None:
            offset, answer, until = self._asking
            until.cancel()
            self._asking = None
            # Whatever comes in this turn of the loop comes together, as over a network.
            asyncio.get_running_loop().call_soon(self._bring_from, offset, answer, 0)

    def _handle(self, path: str, parameters: Json, answer: Answer) -> None:
        method = path.rpartition("/")[2]
        self.calls[method] += 1
        match method:
            case "getUpdates":
                self.polled.set()
                self._bring_from(int(parameters.get("offset") or 0), answer, float(parameters.get("timeout") or 0))
            case "sendMessage" | "editMessageText":
                answer(_ok(self._shown(method, parameters)))
            case "editMessageReplyMarkup":
                number, chat = int(parameters["message_id"]), int(parameters["chat_id"])
                answer(_ok(_message(number, chat, "…", None)))
            case "answerCallbackQuery":
                told = self.on_shown.get(int(parameters["callback_query_id"].partition(":")[0]))
                if told is not None and "text" in parameters:
                    told(Shown({"text": parameters["text"]}, {}))
                answer(_ok(result=True))
            case "getMe":
                me = {"id": 7_000_001, "is_bot": True, "first_name": "CarQuery", "username": "carquery_bot"}
                answer(_ok(me))
            case "getWebhookInfo":
                answer(_ok({"url": self.webhook.get("url", ""), "pending_update_count": len(self._line)}))
            case "setWebhook":
                self.webhook = parameters
                self.registered.set()
                answer(_ok(result=True))
            case _:
                answer(_ok(result=True))

    def _bring_from(self, offset: int, answer: Answer, patience: float) -> None:
        """All below `offset` are done with. If there are no others, the next one is waited for so many seconds."""
        while self._line and self._line[0][0] < offset:
            self._line.popleft()
        if not self._line:
            until = asyncio.get_running_loop().call_later(patience, self._bring_none, answer)
            self._asking = (offset, answer, until)
            return
        first = [update for _, (_, update) in zip(range(MOST_UPDATES), self._line, strict=False)]
        answer(b'{"ok":true,"result":[' + b",".join(first) + b"]}")

    def _bring_none(self, answer: Answer) -> None:
        self._asking = None
        answer(_ok([]))

    def _shown(self, method: str, parameters: Json) -> Json:
        chat = int(parameters["chat_id"])
        number = self.next_message() if method == "sendMessage" else int(parameters["message_id"])
        sent = parameters.get("reply_markup")
        markup = json.loads(sent) if isinstance(sent, str) else sent
        message = _message(number, chat, parameters["text"], markup)
        rows = (markup or {}).get("inline_keyboard", [])
        buttons = {button["text"]: button.get("callback_data", "") for row in rows for button in row}
        told = self.on_shown.get(chat)
        if told is not None:
            told(Shown(message, buttons))
        return message


def _person(customer: int) -> Json:
    return {"id": customer, "is_bot": False, "first_name": "<3", "language_code": "ru"}


def _message(number: int, chat: int, text: str, markup: Json | None) -> Json:
    message: dict[str, Any] = {
        "message_id": number,
        "from": {"id": 7_000_001, "is_bot": True, "first_name": "CarQuery", "username": "carquery_bot"},
        "chat": {"id": chat, "first_name": "<3", "type": "private"},
        "date": int(time.time()),
        "text": text,
    }
    return message if markup is None or "inline_keyboard" not in markup else message | {"reply_markup": markup}


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()
