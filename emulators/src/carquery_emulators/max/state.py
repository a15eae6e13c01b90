"""What this MAX knows: people, dialogs, messages, presses, files and commands."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.errors import dialog_suspended, not_found
from carquery_emulators.max.files import URL_LIFETIME, MaxFile, MaxFiles
from carquery_emulators.max.updates import UpdateLog

TYPING_SECONDS = 5.0
"""Made up: how long a client shows that the bot types."""
CallbackIds: TypeAlias = Literal["keyboard", "press"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a message. `body` is how MAX describes it, but for the address of its file."""

    body: Json
    file: MaxFile | None = None

    def to_json(self, files: MaxFiles) -> Json:
        if self.file is None:
            return self.body
        return {**self.body, "payload": {**files.payload(self.file), **self.body.get("payload", {})}}


@dataclass(slots=True)
class MaxMessage:
    """A message in a dialog."""

    mid: str
    seq: int
    chat: "DialogRecord"
    sender: Json
    timestamp: int
    """Unix milliseconds."""
    text: str | None
    markup: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    rows: list[list[Json]] = field(default_factory=list)
    """The buttons under it."""
    callback_id: str = ""
    """Of its keyboard, where it has one."""
    link: Json | None = None
    has_body: bool = True
    """False of a message that is nothing but forwarded."""
    is_edited: bool = False
    changed_at: int = 0
    """The chat's `revision` when the bot last changed it; 0 for customers' messages."""

    @property
    def is_from_bot(self) -> bool:
        return bool(self.sender["is_bot"])


@dataclass(frozen=True, slots=True)
class PressAnswer:
    """What the customer saw of an answer to a press: nothing (`text` is empty), or a notification."""

    callback_id: str
    text: str
    at: float


@dataclass(slots=True)
class DialogRecord:
    """A dialog with a customer, with what a client on the customer's side keeps of it."""

    id: int
    user_id: int
    messages: dict[str, MaxMessage] = field(default_factory=dict)
    answers: list[PressAnswer] = field(default_factory=list)
    typing_until: float = 0.0
    revision: int = 0
    """Grows with everything that the bot does to this chat."""
    read_up_to: int = 0
    """Messages up to this `seq` were seen by the page."""
    is_started: bool = False
    is_stopped: bool = False


class MaxState:
    """All of it, with the clock by which messages are dated and expire (Unix seconds)."""

    def __init__(
        self,
        *,
        token: str,
        bot: Json,
        clock: Callable[[], float] = time.time,
        callback_ids: CallbackIds = "keyboard",
        url_lifetime: float = URL_LIFETIME,
    ) -> None:
        self.token = token
        self.bot = bot
        self.clock = clock
        self.changes = Changes()
        self.updates = UpdateLog(clock, self.changes)
        self.host = "http://max.invalid"
        """Where files can be had, and brought to."""
        self.files = MaxFiles(clock, lambda: self.host, url_lifetime=url_lifetime)
        self.users: dict[int, Json] = {}
        self.chats: dict[int, DialogRecord] = {}
        self.callbacks: dict[str, MaxMessage] = {}
        self.commands: list[Json] = []
        self.slots: dict[str, MaxFile | str] = {}
        """Where a file may be brought: its kind, and the file itself once it was."""
        self._callback_ids = callback_ids
        self._numbers = itertools.count(1)

    def now(self) -> int:
        """Unix milliseconds."""
        return int(self.clock() * 1000)

    def new_number(self) -> int:
        return next(self._numbers)

    def chat_of_user(self, user_id: int) -> DialogRecord:
        """Raises MaxError: nobody has this number."""
        for chat in self.chats.values():
            if chat.user_id == user_id:
                return chat
        raise not_found("User")

    def known_chat(self, chat_id: int) -> DialogRecord:
        """Raises MaxError: there is none."""
        if (chat := self.chats.get(chat_id)) is None:
            raise not_found("Chat")
        return chat

    def known_message(self, mid: str) -> MaxMessage:
        """Raises MaxError: there is none, or not any more."""
        if (message := self.find_message(mid)) is None:
            raise not_found("Message")
        return message

    def find_message(self, mid: str) -> MaxMessage | None:
        return next((chat.messages[mid] for chat in self.chats.values() if mid in chat.messages), None)

    def let_write(self, chat: DialogRecord) -> DialogRecord:
        """Raises MaxError: the customer stopped the bot, or has not started it."""
        if chat.is_stopped or not chat.is_started:
            raise dialog_suspended()
        return chat

    def add_message(
        self,
        chat: DialogRecord,
        sender: Json,
        text: str | None,
        *,
        markup: list[Json] | None = None,
        attachments: list[Attachment] | None = None,
        link: Json | None = None,
    ) -> MaxMessage:
        """Put a new message into a chat."""
        timestamp = self.now()
        seq = (timestamp << 16) | (self.new_number() & 0xFFFF)
        mid = f"mid.{chat.id:016x}{seq:016x}"
        message = MaxMessage(mid, seq, chat, sender, timestamp, text, markup or [], attachments or [], link=link)
        chat.messages[mid] = message
        if message.is_from_bot:
            chat.typing_until = 0.0
            self.touch(message)
        else:
            self.announce(chat)
        return message

    def show_buttons(self, message: MaxMessage, rows: list[list[Json]]) -> None:
        """Put a keyboard under a message, in place of the one that it had."""
        message.rows = rows
        message.callback_id = self.new_callback(message) if rows else ""

    def callback_of(self, message: MaxMessage) -> str:
        """The id by which a press is answered: the keyboard's, or one of the press's own."""
        if self._callback_ids == "press" or not message.callback_id:
            return self.new_callback(message)
        return message.callback_id

    def new_callback(self, message: MaxMessage) -> str:
        callback_id = f"f9LHodD0cOL{self.new_number():012d}"
        self.callbacks[callback_id] = message
        return callback_id

    def touch(self, message: MaxMessage) -> None:
        """The bot wrote or edited this message."""
        message.chat.revision += 1
        message.changed_at = message.chat.revision
        self.announce(message.chat)

    def delete_message(self, message: MaxMessage) -> None:
        del message.chat.messages[message.mid]
        message.chat.revision += 1
        self.announce(message.chat)

    def announce(self, chat: DialogRecord) -> None:
        self.changes.tell("chat", customer=chat.user_id)

    def message_to_json(self, message: MaxMessage) -> Json:
        """The platform's Message. To the customer's side it is sent by the bot, and the other way round."""
        recipient_id = message.chat.user_id if message.is_from_bot else self.bot["user_id"]
        body: Json = {
            "recipient": {"chat_id": message.chat.id, "chat_type": "dialog", "user_id": recipient_id},
            "timestamp": message.timestamp,
            "body": self._body_to_json(message) if message.has_body else None,
            "sender": message.sender,
        }
        if message.link is not None:
            body["link"] = message.link
        return body

    def _body_to_json(self, message: MaxMessage) -> Json:
        body: Json = {"mid": message.mid, "seq": message.seq, "text": message.text or ""}
        attachments = [attachment.to_json(self.files) for attachment in message.attachments]
        if message.rows:
            keyboard = {"type": "inline_keyboard", "callback_id": message.callback_id}
            attachments.append({**keyboard, "payload": {"buttons": message.rows}})
        if attachments:
            body["attachments"] = attachments
        if message.markup:
            body["markup"] = message.markup
        return body
