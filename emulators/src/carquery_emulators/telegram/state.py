"""What this Telegram knows: people, chats, messages, queries, files and commands."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.errors import BotApiError, bad_request, blocked_by_the_user, upgraded_to_supergroup
from carquery_emulators.telegram.files import Files
from carquery_emulators.telegram.updates import CALLBACK_QUERY_LIFETIME, UpdateQueue

TYPING_SECONDS = 5  # Source: Bot API, sendChatAction


@dataclass(slots=True)
class Message:
    """A message in a chat. `content` holds the Bot API's content fields: text and entities, photo and caption, …"""

    id: int
    chat: "ChatRecord"
    sender: Json
    date: int
    content: Json
    markup: Json | None = None
    edit_date: int | None = None
    changed_at: int = 0
    """The chat's `revision` when the bot last changed it; 0 for customers' messages."""

    @property
    def is_from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    @property
    def inline_rows(self) -> list[list[Json]]:
        return list((self.markup or {}).get("inline_keyboard", []))

    def to_json(self) -> Json:
        body: Json = {"message_id": self.id, "from": self.sender, "chat": self.chat.to_json(), "date": self.date}
        body |= self.content
        if self.edit_date is not None:
            body["edit_date"] = self.edit_date
        if self.inline_rows:
            body["reply_markup"] = self.markup
        return body


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the customer saw after pressing: nothing (`text` is empty), a toast, or an alert."""

    callback_query_id: str
    text: str
    show_alert: bool
    at: float


@dataclass(slots=True)
class ChatRecord:
    """A private chat with a customer or a group, with what a client on the customer's side keeps of it."""

    id: int
    profile: Json
    """The fields of Bot API's Chat besides the id."""
    messages: dict[int, Message] = field(default_factory=dict)
    answers: list[CallbackAnswer] = field(default_factory=list)
    keyboard: Json | None = None
    keyboard_message: int | None = None
    typing_until: float = 0.0
    revision: int = 0
    """Grows with everything that the bot does to this chat."""
    read_up_to: int = 0
    is_started: bool = True
    moved_to: int | None = None
    """A group that became a supergroup has this id now."""
    has_blocked_bot: bool = False

    @property
    def is_private(self) -> bool:
        return bool(self.profile["type"] == "private")

    def to_json(self) -> Json:
        return {"id": self.id, **self.profile}


@dataclass(slots=True)
class CallbackQuery:
    id: str
    chat: ChatRecord
    asked_at: float
    is_answered: bool = False


class State:
    """All of it, with the clock by which messages are dated and expire (Unix seconds)."""

    def __init__(
        self,
        *,
        bot: Json,
        clock: Callable[[], float] = time.time,
        changes: Changes | None = None,
        first_update_id: int = 100_000,
    ) -> None:
        self.bot = bot
        self.clock = clock
        self.changes = changes or Changes()
        self.updates = UpdateQueue(clock, self.changes, first_id=first_update_id)
        self.files = Files()
        self.users: dict[int, Json] = {}
        self.chats: dict[int, ChatRecord] = {}
        self.queries: dict[str, CallbackQuery] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self._message_ids = itertools.count(1)
        self._query_ids = itertools.count(4_300_000_000_000_001)
        self._album_ids = itertools.count(13_800_000_000_000_001)

    def new_album_id(self) -> str:
        return str(next(self._album_ids))

    def chat_to_write_to(self, chat_id: str | None) -> ChatRecord:
        """The chat that a bot may send to. Raises BotApiError: none, unknown, not started, blocked."""
        chat = self.known_chat(chat_id)
        if chat.has_blocked_bot:
            raise blocked_by_the_user()
        if not chat.is_started:
            raise BotApiError(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def known_chat(self, chat_id: str | None) -> ChatRecord:
        if not chat_id:
            raise bad_request("chat_id is empty")
        wanted = chat_id.strip()
        for chat in self.chats.values():
            if wanted in {str(chat.id), f"@{chat.profile.get('username', '')}"}:
                if chat.moved_to is not None:
                    raise upgraded_to_supergroup(chat.moved_to)
                return chat
        raise bad_request("chat not found")

    def add_message(self, chat: ChatRecord, sender: Json, content: Json, markup: Json | None = None) -> Message:
        """Put a new message into a chat; a bot's keyboards change what the customer's client shows."""
        message = Message(next(self._message_ids), chat, sender, int(self.clock()), content, markup)
        chat.messages[message.id] = message
        if message.is_from_bot:
            chat.typing_until = 0.0
            if markup and "keyboard" in markup:
                chat.keyboard, chat.keyboard_message = markup, message.id
            elif markup and "remove_keyboard" in markup:
                chat.keyboard, chat.keyboard_message = None, None
            self.touch(message)
        self.announce(chat)
        return message

    def touch(self, message: Message) -> None:
        """The bot wrote or edited this message."""
        message.chat.revision += 1
        message.changed_at = message.chat.revision
        self.announce(message.chat)

    def delete_message(self, message: Message) -> None:
        chat = message.chat
        del chat.messages[message.id]
        if chat.keyboard_message == message.id:
            chat.keyboard, chat.keyboard_message = None, None
        chat.revision += 1
        self.announce(chat)

    def announce(self, chat: ChatRecord) -> None:
        self.changes.tell("chat", customer=chat.id)

    def new_query(self, chat: ChatRecord) -> CallbackQuery:
        query = CallbackQuery(str(next(self._query_ids)), chat, self.clock())
        self.queries[query.id] = query
        return query

    def open_query(self, query_id: str | None) -> CallbackQuery:
        """A callback query that still waits. Raises BotApiError: unknown, answered or too old."""
        query = self.queries.get(query_id or "")
        if query is None or query.is_answered or self.clock() - query.asked_at > CALLBACK_QUERY_LIFETIME:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query
