"""A person who uses the bot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from carquery_emulators.kit.acts import CustomerAct
from carquery_emulators.kit.chats import ButtonNotShown, NothingWritten
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.patience import NothingHappened, patience
from carquery_emulators.telegram.chat import Button, Chat, ReplyButton, ShownMessage
from carquery_emulators.telegram.contents import Kind, UploadKind, contact_content, content_of, upload_content
from carquery_emulators.telegram.files import A_PHOTO
from carquery_emulators.telegram.journal import BotApiJournal
from carquery_emulators.telegram.markup.formatted_text import cleaned, with_commands
from carquery_emulators.telegram.state import CallbackAnswer, ChatRecord, Message, State

OF_PATIENCE: Final = 6_000
"""Such a part of what we wait for the other side is a moment, in which a call that was begun arrives."""
OF_A_KEYBOARD: Final = 60
"""Such a part is the moment after a keyboard was taken away."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot did after the customer's last action: messages written or edited, callback queries answered."""

    messages: tuple[ShownMessage, ...]
    alerts: tuple[CallbackAnswer, ...]

    @property
    def text(self) -> str:
        """The newest message's text; if there is none, that of the answer to the press."""
        if self.messages:
            return self.messages[-1].text
        return self.alerts[-1].text if self.alerts else ""

    @property
    def message(self) -> ShownMessage:
        if not self.messages:
            raise NothingWritten("the bot neither wrote nor edited a message")
        return self.messages[-1]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press on its way to the bot."""

    update_id: int
    callback_query_id: str


class Customer:
    """Acts in one private chat. Every action queues its updates and returns the id of the first."""

    def __init__(self, state: State, journal: BotApiJournal, record: ChatRecord, *, phone: str) -> None:
        self._state = state
        self._journal = journal
        self._record = record
        self._acted_at = 0
        self._answers_seen = 0
        self.phone = phone
        self.chat = Chat(record, state)
        self.acts: list[CustomerAct] = []
        """What this person did so far; what was forged, or came too late for a button, is not among it."""

    @property
    def id(self) -> int:
        return self._record.id

    @property
    def user(self) -> Json:
        """The Bot API's User."""
        return self._state.users[self.id]

    async def send_text(self, text: str) -> int:
        """Write a message, trimmed as a client trims it; /commands in it are marked as entities."""
        return self._send(_text_content(text), act=CustomerAct("text", text))[0]

    async def edit_text(self, message_id: int, text: str) -> int:
        """Correct a message written earlier."""
        message = self._record.messages[message_id]
        self._begin()
        message.content = {**_without_text(message.content), **_text_content(text)}
        message.edit_date = int(self._state.clock())
        self.acts.append(CustomerAct("edit", text, message=message_id))
        self._state.announce(self._record)
        return self._state.updates.add("edited_message", message.to_json())

    async def press(self, label_or_data: str, message_id: int | None = None, *, twice: bool = False) -> int:
        """Press a button that is shown now.

        A button under a message (the newest that has it, or the message named) sends a callback query; one of the
        reply keyboard sends its text, or the customer's contact where it asks for that. `twice` is two quick taps.

        Raises:
            ButtonNotShown: no such button, or it only opens a link.
        """
        for message in reversed(self.chat.messages):
            if message_id not in {None, message.id}:
                continue
            if button := message.button(label_or_data):
                return self._press_inline(message.id, button, twice=twice)
        if message_id is None and (reply_button := self._reply_buttons().get(label_or_data)):
            return await self._press_reply_button(reply_button, twice=twice)
        raise ButtonNotShown(f"no button {label_or_data!r} to press; shown: {self.chat.visible_buttons}")

    async def press_stale(self, data: str, message_id: int) -> int:
        """Send callback data that the message does not show (any more): an old screen, or a forged query."""
        return self.press_data(message_id, data).update_id

    def press_data(self, message_id: int, data: str) -> Pressed:
        """Queue a callback query, whatever the message shows; a deleted message comes as an inaccessible one."""
        self._begin()
        self._note_press(message_id, data)
        return self._query(self._record, message_id, data)

    def press_in_group(self, label_or_data: str, group: "Group", message_id: int | None = None) -> Pressed:
        """Press a button under a message of a group: the newest that has it, or the message named.

        Raises:
            ButtonNotShown: no such button, or it only opens a link.
        """
        for message in reversed(group.chat.messages):
            button = message.button(label_or_data) if message_id in {None, message.id} else None
            if button is not None and button.data is not None:
                return self._query(group.record, message.id, button.data)
        raise ButtonNotShown(f"no button {label_or_data!r} to press; shown: {group.chat.visible_buttons}")

    def _query(self, record: ChatRecord, message_id: int, data: str) -> Pressed:
        query = self._state.new_query(record)
        message = record.messages.get(message_id)
        inaccessible = {"chat": record.to_json(), "message_id": message_id, "date": 0}
        update_id = self._state.updates.add(
            "callback_query",
            {
                "id": query.id,
                "from": self.user,
                "message": message.to_json() if message else inaccessible,
                "chat_instance": str(record.id * 7919),
                "data": data,
            },
        )
        return Pressed(update_id, query.id)

    async def share_contact(self, phone: str | None = None, *, other_user_id: int | None = None) -> int:
        """Share the own card, or (`other_user_id`) somebody else's."""
        if other_user_id is not None:
            card = contact_content(phone or "+79035550101", "Пётр", "Иванов", other_user_id)
            return self._send(card, act=CustomerAct("other", "contact"))[0]
        user = self.user
        card = contact_content(phone or self.phone, user["first_name"], user.get("last_name"), self.id)
        return self._send(card, act=CustomerAct("contact"))[0]

    async def send_photo(self, content: bytes = A_PHOTO, *, caption: str | None = None) -> int:
        picture = {"photo": self._state.files.add_photo(content), **_caption(caption)}
        return self._send(picture, act=CustomerAct("photos", caption=caption or "", count=1))[0]

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
        file = self._state.files.add(content, folder="documents", name=name, mime_type=mime_type, size=size)
        document = {"document": self._state.files.document(file), **_caption(caption)}
        return self._send(document, act=CustomerAct("file", name, caption or ""))[0]

    async def send_upload(
        self,
        kind: UploadKind,
        content: bytes = b"\0" * 16,
        *,
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
        caption: str | None = None,
    ) -> int:
        """Send a video, a voice message or another such file; `size` may claim more bytes than there are."""
        file = self._state.files.add(content, folder=kind, name=name, mime_type=mime_type, size=size)
        named = (
            CustomerAct(kind, caption=caption or "")
            if kind in ("voice", "video")
            else CustomerAct("file", name or kind, caption or "")
        )
        return self._send({**upload_content(kind, file), **_caption(caption)}, act=named)[0]

    async def send_album(
        self,
        pictures: int | Sequence[bytes],
        *,
        documents: bool = False,
        videos: int = 0,
        captions: Sequence[str | None] = (),
    ) -> list[int]:
        """Send several pictures at once, and videos: one media_group_id, one update for each.

        Returns:
            The update ids.
        """
        contents = [A_PHOTO] * pictures if isinstance(pictures, int) else pictures
        files = self._state.files
        items: list[Json] = []
        for content in contents:
            if documents:
                file = files.add(content, folder="documents", name="picture.png", mime_type="image/png")
                items.append({"document": files.document(file)})
            else:
                items.append({"photo": files.add_photo(content)})
        items += [upload_content("video", files.add(b"\0" * 16, folder="video")) for _ in range(videos)]
        album = {"media_group_id": self._state.new_album_id()}
        said = [*captions, *[None] * len(items)]
        act = CustomerAct("photos", caption=next(filter(None, captions), ""), count=len(items) - videos)
        parts = ({**item, **album, **_caption(words)} for item, words in zip(items, said, strict=False))
        return self._send(*parts, act=act)

    async def send_other(self, kind: Kind) -> int:
        """Send something that is neither text nor picture."""
        content = content_of(kind, self._state.files, now=int(self._state.clock()))
        return self._send(content, act=CustomerAct(kind) if kind in ("voice", "video") else CustomerAct("other", kind))[
            0
        ]

    async def block(self) -> int:
        """Block the bot: it gets my_chat_member, and 403 whenever it writes."""
        return self._set_blocked(blocked=True)

    async def unblock(self) -> int:
        return self._set_blocked(blocked=False)

    async def send_in_group(self, text: str, group: "Group | None" = None) -> int:
        """Write in a group that the bot is a member of; without one, in a group of the emulator's own."""
        record = group.record if group else self._default_group()
        message = self._state.add_message(record, self.user, _text_content(text))
        return self._state.updates.add("message", message.to_json())

    async def reply(self, *, seconds: float | None = None) -> Reply:
        """Wait until the bot reacted to the last action and is done with it.

        Done means: something was written, edited, deleted or answered in this chat since, no update of this customer
        is unconfirmed, no call about this chat is under way, and for a moment none comes. The moment is longer after a
        message that takes a keyboard away, for something else is always to be said then. A bot that confirms before it
        answers, and does other things between two messages, may still be caught there: wait for the message itself.

        Raises:
            NothingHappened: not within `seconds` (None: our patience); the message shows the chat.
        """
        seconds = patience() if seconds is None else seconds
        until = self._state.changes.until
        done = await until(self._has_reply, seconds=seconds)
        while done and await until(self._goes_on(self._record.revision), seconds=self._moment):
            done = await until(self._has_reply, seconds=seconds)
        if not done:
            what = "an update is still unconfirmed" if self._is_pending() else "the bot did nothing"
            raise NothingHappened(f"a reply ({what})", seconds=seconds, instead=self.chat.described())
        return Reply(
            tuple(message for message in self.chat.messages if message.revision > self._acted_at),
            tuple(self.chat.alerts[self._answers_seen :]),
        )

    def _has_reply(self) -> bool:
        return self._record.revision > self._acted_at and not self._is_pending()

    def _goes_on(self, revision: int) -> Callable[[], bool]:
        return lambda: self._record.revision != revision or self._is_pending()

    @property
    def _moment(self) -> float:
        last = max(self._record.messages.values(), key=lambda message: message.changed_at, default=None)
        takes_keyboard_away = last is not None and "remove_keyboard" in (last.markup or {})
        return patience() / (OF_A_KEYBOARD if takes_keyboard_away else OF_PATIENCE)

    def _is_pending(self) -> bool:
        unconfirmed = any(update.user_id == self.id for update in self._state.updates.pending())
        return unconfirmed or self._journal.is_busy_with(self.id)

    def _begin(self) -> None:
        """From here on counts what the bot does in reply."""
        self._acted_at = self._record.revision
        self._answers_seen = len(self._record.answers)
        self._record.is_started = True

    def _send(self, *contents: Json, act: CustomerAct) -> list[int]:
        self._begin()
        for content in contents:
            self._hide_used_keyboard(content)
        messages: list[Message] = [self._state.add_message(self._record, self.user, content) for content in contents]
        self.acts.append(replace(act, message=messages[0].id))
        return [self._state.updates.add("message", message.to_json()) for message in messages]

    def _press_inline(self, message_id: int, button: Button, *, twice: bool) -> int:
        if button.data is None:
            raise ButtonNotShown(f"the button {button.text!r} opens {button.url}; there is nothing to send")
        first = self.press_data(message_id, button.data)
        if twice:
            self.press_data(message_id, button.data)
        return first.update_id

    def _reply_buttons(self) -> dict[str, ReplyButton]:
        keyboard = self.chat.reply_keyboard
        return {button.text: button for row in keyboard.rows for button in row} if keyboard else {}

    async def _press_reply_button(self, button: ReplyButton, *, twice: bool) -> int:
        sent = []
        for _ in range(2 if twice else 1):
            if button.request_contact:
                sent.append(await self.share_contact())
            else:
                sent += self._send(_text_content(button.text), act=CustomerAct("press", button.text))
        return sent[0]

    def _hide_used_keyboard(self, content: Json) -> None:
        """A one-time keyboard leaves the screen when one of its buttons was used."""
        if (self._record.keyboard or {}).get("one_time_keyboard") and (
            "contact" in content or content.get("text") in self._reply_buttons()
        ):
            self._record.keyboard = None

    def _note_press(self, message_id: int, data: str) -> None:
        if message_id not in self._record.messages:
            return
        labels = [button.text for button in self.chat.message(message_id).buttons if button.data == data]
        self.acts += [CustomerAct("press", label) for label in labels[:1]]

    def _set_blocked(self, *, blocked: bool) -> int:
        self._begin()
        self._record.has_blocked_bot = blocked
        member: Json = {"status": "member", "user": self._state.bot}
        kicked: Json = {"status": "kicked", "user": self._state.bot, "until_date": 0}
        return self._state.updates.add(
            "my_chat_member",
            {
                "chat": self._record.to_json(),
                "from": self.user,
                "date": int(self._state.clock()),
                "old_chat_member": member if blocked else kicked,
                "new_chat_member": kicked if blocked else member,
            },
        )

    def _default_group(self) -> ChatRecord:
        return self._state.chats.setdefault(
            -1_002_000_000_001, ChatRecord(-1_002_000_000_001, {"type": "supergroup", "title": "Автолюбители"})
        )


ANONYMOUS_ADMIN: Json = {
    "id": 1_087_968_824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Who a group's own messages come from."""


class Group:
    """A group chat that the bot is a member of, such as the managers' one."""

    def __init__(self, state: State, record: ChatRecord) -> None:
        self.record = record
        self.chat = Chat(record, state)
        self._state = state

    @property
    def id(self) -> int:
        return self.record.id

    def becomes(self, supergroup: "Group") -> None:
        """Every call about this chat is refused from now on, and says the new id; each group says so as well."""
        self._say({"migrate_to_chat_id": supergroup.id})
        supergroup._say({"migrate_from_chat_id": self.id})  # noqa: SLF001  # of its own class
        self.record.moved_to = supergroup.id

    def _say(self, content: Json) -> None:
        message = self._state.add_message(self.record, ANONYMOUS_ADMIN, content)
        self._state.updates.add("message", message.to_json())


def _text_content(text: str) -> Json:
    typed = with_commands(cleaned(text).strip(" \n"))
    content: Json = {"text": typed.text}
    if typed.entities:
        content["entities"] = [entity.to_json() for entity in typed.entities]
    return content


def _caption(caption: str | None) -> Json:
    return {"caption": caption} if caption else {}


def _without_text(content: Json) -> Json:
    return {name: value for name, value in content.items() if name not in {"text", "entities"}}
