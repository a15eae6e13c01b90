"""A chat as the person on the other side sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.chats import NothingWritten
from carquery_emulators.kit.patience import NothingHappened, patience, words_of
from carquery_emulators.telegram.markup.formatted_text import Entity, FormattedText
from carquery_emulators.telegram.state import CallbackAnswer, ChatRecord, Message, State

Condition = Callable[["Chat"], bool]


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an inline keyboard: `data` for a callback button, `url` for a link."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyButton:
    text: str
    request_contact: bool = False


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    rows: tuple[tuple[ReplyButton, ...], ...]
    placeholder: str | None = None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message; `text` is the caption where there is a picture or a document."""

    id: int
    from_bot: bool
    text: str
    entities: tuple[Entity, ...]
    rows: tuple[tuple[Button, ...], ...]
    date: int
    edited: bool
    photo: str | None
    """file_id of the largest size."""
    document: str | None
    """file_id of a document, a video, a voice message."""
    kind: str
    """What the file is, where there is one: `video`, `voice`."""
    album: str | None
    contact: tuple[str, str] | None
    """Phone number and first name."""
    revision: int

    @property
    def html(self) -> str:
        return FormattedText(self.text, self.entities).as_html()

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]

    def button(self, label_or_data: str) -> Button | None:
        """The button with this label; failing that, with this callback data."""
        by_label = (button for button in self.buttons if button.text == label_or_data)
        by_data = (button for button in self.buttons if button.data == label_or_data)
        return next(by_label, None) or next(by_data, None)


class Chat:
    """A live view: every property is read afresh."""

    def __init__(self, record: ChatRecord, state: State) -> None:
        self._record = record
        self._state = state

    @property
    def id(self) -> int:
        return self._record.id

    @property
    def messages(self) -> list[ShownMessage]:
        """What is in the chat now, oldest first; deleted messages are gone."""
        return [_shown(message) for message in self._record.messages.values()]

    @property
    def bot_messages(self) -> list[ShownMessage]:
        return [message for message in self.messages if message.from_bot]

    @property
    def last_message(self) -> ShownMessage:
        """The newest message of the bot. Raises NothingWritten: there is none."""
        if not (messages := self.bot_messages):
            raise NothingWritten(f"the bot has written nothing in this chat\n{self.described()}")
        return messages[-1]

    @property
    def reply_keyboard(self) -> ReplyKeyboard | None:
        """The keyboard shown in place of the letters."""
        if self._record.keyboard is None:
            return None
        rows = tuple(
            tuple(ReplyButton(button["text"], bool(button.get("request_contact"))) for button in row)
            for row in self._record.keyboard["keyboard"]
        )
        return ReplyKeyboard(rows, self._record.keyboard.get("input_field_placeholder"))

    @property
    def reply_keyboard_of(self) -> int | None:
        """The message that put up the reply keyboard that is shown."""
        return self._record.keyboard_message

    @property
    def alerts(self) -> list[CallbackAnswer]:
        """All answers to callback queries, oldest first; an empty `text` only stopped the button's clock."""
        return list(self._record.answers)

    @property
    def typing(self) -> bool:
        return self._record.typing_until > self._state.clock()

    @property
    def visible_buttons(self) -> list[str]:
        """All labels that could be pressed now, oldest message first, the reply keyboard last."""
        labels = [label for message in self.messages for label in message.labels]
        keyboard = self.reply_keyboard
        return labels + [button.text for row in keyboard.rows for button in row] if keyboard else labels

    def message(self, message_id: int) -> ShownMessage:
        return _shown(self._record.messages[message_id])

    async def wait_for(self, condition: Condition, *, seconds: float | None = None) -> "Chat":
        """Wait until `condition(chat)` holds. Raises NothingHappened: not within `seconds`; None: our patience."""
        seconds = patience() if seconds is None else seconds
        if not await self._changes.until(lambda: condition(self), seconds=seconds):
            raise NothingHappened(words_of(condition), seconds=seconds, instead=self.described())
        return self

    def described(self) -> str:
        """The chat's end, for error messages."""
        lines = [
            f"  {'bot' if message.from_bot else 'customer'} #{message.id}: {message.text[:200]!r} {message.labels}"
            for message in self.messages[-16:]
        ]
        lines += [f"  answer: {answer.text!r}" for answer in self.alerts[-3:] if answer.text]
        return "\n".join(["the chat ends with:", *lines])

    @property
    def _changes(self) -> Changes:
        return self._state.changes


def _shown(message: Message) -> ShownMessage:
    content = message.content
    kind = next((kind for kind in _FILES if kind in content), "")
    contact = content.get("contact")
    return ShownMessage(
        id=message.id,
        from_bot=message.is_from_bot,
        text=content.get("text") or content.get("caption") or "",
        entities=tuple(
            Entity.from_json(body) for body in content.get("entities") or content.get("caption_entities") or ()
        ),
        rows=tuple(
            tuple(Button(button["text"], button.get("callback_data"), button.get("url")) for button in row)
            for row in message.inline_rows
        ),
        date=message.date,
        edited=message.edit_date is not None,
        photo=content["photo"][-1]["file_id"] if "photo" in content else None,
        document=content[kind]["file_id"] if kind else None,
        kind=kind,
        album=content.get("media_group_id"),
        contact=(contact["phone_number"], contact["first_name"]) if contact else None,
        revision=message.changed_at,
    )


_FILES = ("animation", "audio", "document", "video", "video_note", "voice")
