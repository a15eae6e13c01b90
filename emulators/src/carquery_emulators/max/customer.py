"""A person who uses the bot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from carquery_emulators.kit.acts import CustomerAct
from carquery_emulators.kit.chats import ButtonNotShown, NothingWritten
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.patience import NothingHappened, patience
from carquery_emulators.max.chat import MaxButton, MaxChat, ShownMaxMessage
from carquery_emulators.max.contents import (
    Hash,
    MaxKind,
    MaxUploadKind,
    contact_attachment,
    content_of,
    file_attachment,
    voice_attachment,
)
from carquery_emulators.max.files import A_PHOTO
from carquery_emulators.max.journal import MaxJournal
from carquery_emulators.max.state import Attachment, DialogRecord, MaxMessage, MaxState, PressAnswer

OF_PATIENCE: Final = 6_000
"""Such a part of what we wait for the other side is a moment, in which a call that was begun arrives."""
START_PAYLOAD_LIMIT: Final = 128
"""Characters; a longer one is dropped without a word. Source: dev.max.ru, help/deeplinks, as of 2026."""


@dataclass(frozen=True, slots=True)
class MaxReply:
    """What the bot did after the customer's last action: messages written or edited, presses answered."""

    messages: tuple[ShownMaxMessage, ...]
    alerts: tuple[PressAnswer, ...]

    @property
    def text(self) -> str:
        """The newest message's text; if there is none, that of the answer to the press."""
        if self.messages:
            return self.messages[-1].text
        return self.alerts[-1].text if self.alerts else ""

    @property
    def message(self) -> ShownMaxMessage:
        if not self.messages:
            raise NothingWritten("the bot neither wrote nor edited a message")
        return self.messages[-1]


@dataclass(frozen=True, slots=True)
class MaxPress:
    """A press on its way to the bot."""

    update_id: int
    callback_query_id: str


class MaxCustomer:
    """Acts in one dialog. Every action lets updates happen, and returns the number of the first.

    The acts are named as those of Telegram's customers; what those have and MAX has not is missing here.
    """

    def __init__(self, state: MaxState, journal: MaxJournal, record: DialogRecord, *, phone: str) -> None:
        self._state = state
        self._journal = journal
        self._record = record
        self._acted_at = 0
        self._answers_seen = 0
        self.phone = phone
        self.chat = MaxChat(record, state)
        self.acts: list[CustomerAct] = []
        """What this person did so far; what was forged, or came too late for a button, is not among it."""

    @property
    def id(self) -> int:
        return self._record.user_id

    @property
    def user(self) -> Json:
        """The platform's User."""
        return self._state.users[self.id]

    async def start(self, payload: str | None = None) -> int:
        """Press «Начать», by a deep link if there is a payload."""
        self._begin()
        self._record.is_stopped = False
        passed = payload if payload and len(payload) <= START_PAYLOAD_LIMIT else None
        self.acts.append(CustomerAct("text", f"/start {passed}" if passed else "/start"))
        return self._event("bot_started", {"payload": passed, "user_id": self.id})

    async def send_text(self, text: str) -> int:
        """Write a message, trimmed as a client trims it."""
        return self._send(text.strip(), act=CustomerAct("text", text))

    async def edit_text(self, message_id: str, text: str) -> int:
        """Correct a message written earlier."""
        message = self._record.messages[message_id]
        self._begin()
        message.text, message.is_edited = text.strip(), True
        self.acts.append(CustomerAct("edit", text, message=message_id))
        self._state.announce(self._record)
        return self._update("message_edited", {"message": self._state.message_to_json(message)})

    async def delete(self, message_id: str) -> int:
        """Take a message back."""
        self._begin()
        self._state.delete_message(self._record.messages[message_id])
        return self._update(
            "message_removed", {"message_id": message_id, "chat_id": self._record.id, "user_id": self.id}
        )

    async def press(self, label_or_data: str, message_id: str | None = None, *, twice: bool = False) -> int:
        """Press a button that is shown now: under the newest message that has it, or the message named.

        A callback button sends a press; others send the customer's contact, their place, or what is written on them.
        `twice` is two quick taps.

        Raises:
            ButtonNotShown: no such button, or it only opens a link.
        """
        for message in reversed(self.chat.messages):
            if message_id in {None, message.id} and (button := message.button(label_or_data)):
                pressed = [await self._press(message.id, button) for _ in range(2 if twice else 1)]
                return pressed[0]
        raise ButtonNotShown(f"no button {label_or_data!r} to press; shown: {self.chat.visible_buttons}")

    async def press_stale(self, data: str, message_id: str) -> int:
        """Send a payload that the message does not show (any more): an old screen, or a forged press."""
        return self.press_data(message_id, data).update_id

    def press_data(self, message_id: str, data: str) -> MaxPress:
        """Let a press happen, whatever the message shows; a deleted message comes as null."""
        self._begin()
        self._note_press(message_id, data)
        message = self._record.messages.get(message_id)
        callback_id = self._callback_id(message, message_id)
        callback = {"timestamp": self._state.now(), "callback_id": callback_id, "user": self.user, "payload": data}
        shown = None if message is None else self._state.message_to_json(message)
        return MaxPress(self._update("message_callback", {"callback": callback, "message": shown}), callback_id)

    async def share_contact(
        self,
        phone: str | None = None,
        *,
        other_user_id: int | None = None,
        proof: Hash = "valid",
        literal_breaks: bool = False,
    ) -> int:
        """Share the own card, or (`other_user_id`) somebody else's, which comes without a hash.

        Args:
            proof: the hash that shows that the number is the sender's own.
            literal_breaks: the card's line breaks come as a backslash and a letter.
        """
        if other_user_id is not None:
            other = {"user_id": other_user_id, "first_name": "Пётр", "last_name": "Иванов", "is_bot": False}
            card = self._card(phone or "+79035550101", other, proof="missing", literal_breaks=literal_breaks)
            return self._send(None, card, act=CustomerAct("other", "contact"))
        card = self._card(phone or self.phone, self.user, proof=proof, literal_breaks=literal_breaks)
        return self._send(None, card, act=CustomerAct("contact"))

    async def send_photo(self, content: bytes = A_PHOTO, *, caption: str | None = None) -> int:
        return (await self.send_album([content], captions=[caption]))[0]

    async def send_album(
        self,
        pictures: int | Sequence[bytes],
        *,
        documents: bool = False,
        videos: int = 0,
        captions: Sequence[str | None] = (),
    ) -> list[int]:
        """Send several pictures at once, and videos: one message with several attachments, under the first caption.

        Documents go one by one, each a message.

        Returns:
            The updates' numbers.
        """
        contents = [A_PHOTO] * pictures if isinstance(pictures, int) else list(pictures)
        if documents:
            return [await self.send_document(content) for content in contents]
        files = self._state.files
        parts = [file_attachment(files.add(content, "image")) for content in contents]
        parts += [file_attachment(files.add(b"\0" * 16, "video")) for _ in range(videos)]
        caption = next(filter(None, captions), "")
        return [self._send(caption, *parts, act=CustomerAct("photos", caption=caption, count=len(contents)))]

    async def send_document(
        self,
        content: bytes = A_PHOTO,
        *,
        name: str = "picture.png",
        mime_type: str | None = "image/png",
        size: int | None = None,
        caption: str | None = None,
    ) -> int:
        """Send a file as a document; `size` may claim more bytes than there are."""
        file = self._state.files.add(content, "file", name=name, mime_type=mime_type, size=size)
        return self._send(caption, file_attachment(file), act=CustomerAct("file", name, caption or ""))

    async def send_voice(self, transcription: str | None = None, content: bytes = b"\0" * 16) -> int:
        """Say something. `transcription`: what MAX heard, if it has written it down."""
        file = self._state.files.add(content, "audio")
        return self._send(None, voice_attachment(file, transcription), act=CustomerAct("voice"))

    async def send_upload(
        self,
        kind: MaxUploadKind,
        content: bytes = b"\0" * 16,
        *,
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
        caption: str | None = None,
    ) -> int:
        """Send a video or a recording; `size` may claim more bytes than there are."""
        file = self._state.files.add(
            content, "video" if kind == "video" else "audio", name=name, mime_type=mime_type, size=size
        )
        named = CustomerAct("video" if kind == "video" else "voice", caption=caption or "")
        return self._send(caption, file_attachment(file), act=named)

    async def send_other(self, kind: MaxKind) -> int:
        """Send something that is neither text nor picture."""
        act = CustomerAct(kind) if kind in ("voice", "video") else CustomerAct("other", kind)
        return self._send(None, content_of(kind, self._state.files), act=act)

    async def send_sticker(self) -> int:
        return await self.send_other("sticker")

    async def send_unsupported(self) -> int:
        """Send what MAX does not pass on to bots: the update comes without the message.

        Source: love-apples/maxapi 1.2.3, which tells its users to write to MAX's support about it.
        """
        self._begin()
        return self._update("message_created", {})

    async def forward(self, text: str, *attachments: Attachment) -> int:
        """Pass on what somebody else wrote: the message has no body of its own."""
        self._begin()
        message = self._state.add_message(self._record, self.user, None)
        message.has_body = False
        files = self._state.files
        parts = [attachment.to_json(files) for attachment in attachments]
        body = {"mid": message.mid, "seq": message.seq, "text": text, **({"attachments": parts} if parts else {})}
        other = {"user_id": 398_398_398, "first_name": "Пётр", "is_bot": False, "last_activity_time": 0}
        message.link = {"type": "forward", "sender": other, "chat_id": -695_695_695_695, "message": body}
        self.acts.append(CustomerAct("other", "forward", message=message.mid))
        return self._created(message)

    async def block(self) -> int:
        """Stop the bot: it is told, and gets 403 whenever it writes."""
        self._begin()
        self._record.is_stopped = True
        return self._event("bot_stopped", {})

    async def unblock(self) -> int:
        """Start the bot anew."""
        return await self.start()

    async def remove_dialog(self) -> int:
        """Throw the dialog away, which stops the bot as well. Returns the second update's number."""
        await self.block()
        return self._event("dialog_removed", {})

    async def clear_dialog(self) -> int:
        """Have the dialog's messages vanish from one's own device."""
        self._begin()
        return self._event("dialog_cleared", {})

    async def mute(self, seconds: float = 1800) -> int:
        self._begin()
        return self._event("dialog_muted", {"muted_until": self._state.now() + int(seconds * 1000)})

    async def unmute(self) -> int:
        self._begin()
        return self._event("dialog_unmuted", {})

    async def reply(self, *, seconds: float | None = None) -> MaxReply:
        """Wait until the bot reacted to the last action and is done with it.

        Done means: something was written, edited, deleted or answered in this chat since, no update of this customer
        waits to be taken, no call about this chat is under way, and for a moment none comes. A bot that takes an
        update before it answers, and does other things between two messages, may still be caught there: wait for the
        message itself.

        Raises:
            NothingHappened: not within `seconds` (None: our patience); the message shows the chat.
        """
        seconds = patience() if seconds is None else seconds
        until, moment = self._state.changes.until, patience() / OF_PATIENCE
        done = await until(self._has_reply, seconds=seconds)
        while done and await until(self._goes_on(self._record.revision), seconds=moment):
            done = await until(self._has_reply, seconds=seconds)
        if not done:
            what = "an update still waits" if self._is_pending() else "the bot did nothing"
            raise NothingHappened(f"a reply ({what})", seconds=seconds, instead=self.chat.described())
        return MaxReply(
            tuple(message for message in self.chat.messages if message.revision > self._acted_at),
            tuple(self.chat.alerts[self._answers_seen :]),
        )

    def _has_reply(self) -> bool:
        return self._record.revision > self._acted_at and not self._is_pending()

    def _goes_on(self, revision: int) -> Callable[[], bool]:
        return lambda: self._record.revision != revision or self._is_pending()

    def _is_pending(self) -> bool:
        waits = any(update.user_id == self.id for update in self._state.updates.pending())
        return waits or self._journal.is_busy_with(self._record.id)

    def _begin(self) -> None:
        """From here on counts what the bot does in reply."""
        self._acted_at = self._record.revision
        self._answers_seen = len(self._record.answers)
        self._record.is_started = True
        self.user["last_activity_time"] = self._state.now()

    def _send(self, text: str | None, *parts: Attachment, act: CustomerAct) -> int:
        self._begin()
        message = self._state.add_message(self._record, self.user, text or None, attachments=list(parts))
        self.acts.append(replace(act, message=message.mid))
        return self._created(message)

    def _created(self, message: MaxMessage) -> int:
        return self._update("message_created", {"message": self._state.message_to_json(message)})

    def _event(self, kind: str, fields: Json) -> int:
        """Something that befell the dialog, and is no message."""
        return self._update(kind, {"chat_id": self._record.id, "user": self.user, **fields})

    def _update(self, kind: str, fields: Json) -> int:
        locale = {} if kind in {"message_edited", "message_removed"} else {"user_locale": "ru"}
        # what is sent later must not change with the person
        told = {name: dict(value) if name == "user" else value for name, value in fields.items()}
        return self._state.updates.add(kind, {**told, **locale}, user_id=self.id, chat_id=self._record.id)

    async def _press(self, message_id: str, button: MaxButton) -> int:
        match button.type:
            case "callback":
                return self.press_data(message_id, button.data or "").update_id
            case "request_contact":
                return await self.share_contact()
            case "request_geo_location":
                return await self.send_other("location")
            case "message":
                return self._send(button.text, act=CustomerAct("press", button.text))
            case _:
                raise ButtonNotShown(f"the button {button.text!r} opens {button.url}; there is nothing to send")

    def _callback_id(self, message: MaxMessage | None, message_id: str) -> str:
        if message is not None:
            return self._state.callback_of(message)
        gone = MaxMessage(message_id, 0, self._record, self._state.bot, self._state.now(), None)
        return self._state.new_callback(gone)

    def _card(self, phone: str, owner: Json, *, proof: Hash, literal_breaks: bool) -> Attachment:
        name = " ".join(filter(None, [owner["first_name"], owner.get("last_name")]))
        return contact_attachment(
            phone, name, owner, token=self._state.token, proof=proof, literal_breaks=literal_breaks
        )

    def _note_press(self, message_id: str, data: str) -> None:
        if message_id not in self._record.messages:
            return
        labels = [button.text for button in self.chat.message(message_id).buttons if button.data == data]
        self.acts += [CustomerAct("press", label) for label in labels[:1]]
