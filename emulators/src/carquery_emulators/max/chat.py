"""A dialog as the person on the other side sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from carquery_emulators.kit.chats import NothingWritten
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.patience import NothingHappened, patience, words_of
from carquery_emulators.max.markup.marked_text import Mark, MarkedText
from carquery_emulators.max.state import DialogRecord, MaxMessage, MaxState, PressAnswer

ChatCondition = Callable[["MaxChat"], bool]
_FILES = ("video", "audio", "file", "sticker")


@dataclass(frozen=True, slots=True)
class MaxButton:
    """A button under a message: `data` of a callback button, `url` of a link.

    Attributes:
        type: the platform's word: `callback`, `link`, `request_contact`, `message` …
    """

    text: str
    type: str
    data: str | None = None
    url: str | None = None

    @property
    def request_contact(self) -> bool:
        return self.type == "request_contact"


@dataclass(frozen=True, slots=True)
class ShownMaxMessage:
    """One message. `id` is its mid."""

    id: str
    from_bot: bool
    text: str
    marks: tuple[Mark, ...]
    rows: tuple[tuple[MaxButton, ...], ...]
    date: int
    """Unix seconds."""
    edited: bool
    photos: tuple[str, ...]
    """Tokens of its pictures."""
    document: str | None
    """Token of a document, a video, a voice message."""
    kind: str
    """What the file is, where there is one: `video`, `audio`."""
    contact: str | None
    """The card as it was sent."""
    revision: int

    @property
    def photo(self) -> str | None:
        """Token of the first picture."""
        return self.photos[0] if self.photos else None

    @property
    def html(self) -> str:
        return MarkedText(self.text, self.marks).as_html()

    @property
    def buttons(self) -> list[MaxButton]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]

    def button(self, label_or_data: str) -> MaxButton | None:
        """The button with this label; failing that, with this payload."""
        by_label = (button for button in self.buttons if button.text == label_or_data)
        by_data = (button for button in self.buttons if button.data == label_or_data)
        return next(by_label, None) or next(by_data, None)


class MaxChat:
    """A live view: every property is read afresh."""

    def __init__(self, record: DialogRecord, state: MaxState) -> None:
        self._record = record
        self._state = state

    @property
    def id(self) -> int:
        """The dialog's number, which is not the customer's."""
        return self._record.id

    @property
    def messages(self) -> list[ShownMaxMessage]:
        """What is in the chat now, oldest first; deleted messages are gone."""
        return [shown(message) for message in self._record.messages.values()]

    @property
    def bot_messages(self) -> list[ShownMaxMessage]:
        return [message for message in self.messages if message.from_bot]

    @property
    def last_message(self) -> ShownMaxMessage:
        """The newest message of the bot. Raises NothingWritten: there is none."""
        if not (messages := self.bot_messages):
            raise NothingWritten(f"the bot has written nothing in this chat\n{self.described()}")
        return messages[-1]

    @property
    def alerts(self) -> list[PressAnswer]:
        """All answers to presses, oldest first; an empty `text`: the message was edited, and nothing said."""
        return list(self._record.answers)

    @property
    def typing(self) -> bool:
        return self._record.typing_until > self._state.clock()

    @property
    def visible_buttons(self) -> list[str]:
        """All labels that could be pressed now, oldest message first."""
        return [label for message in self.messages for label in message.labels]

    def message(self, message_id: str) -> ShownMaxMessage:
        return shown(self._record.messages[message_id])

    async def wait_for(self, condition: ChatCondition, *, seconds: float | None = None) -> "MaxChat":
        """Wait until `condition(chat)` holds. Raises NothingHappened: not within `seconds`; None: our patience."""
        seconds = patience() if seconds is None else seconds
        if not await self._state.changes.until(lambda: condition(self), seconds=seconds):
            raise NothingHappened(words_of(condition), seconds=seconds, instead=self.described())
        return self

    def described(self) -> str:
        """The chat's end, for error messages."""
        lines = [
            f"  {'bot' if message.from_bot else 'customer'} {message.id}: {message.text[:200]!r} {message.labels}"
            for message in self.messages[-16:]
        ]
        lines += [f"  answer: {answer.text!r}" for answer in self.alerts[-3:] if answer.text]
        return "\n".join(["the chat ends with:", *lines])


def shown(message: MaxMessage) -> ShownMaxMessage:
    """A message as a client shows it."""
    parts = {attachment.body["type"]: attachment for attachment in message.attachments}
    kind = next((kind for kind in _FILES if kind in parts), "")
    file = parts[kind].file if kind else None
    return ShownMaxMessage(
        id=message.mid,
        from_bot=message.is_from_bot,
        text=message.text or "",
        marks=tuple(Mark.from_json(body) for body in message.markup),
        rows=tuple(tuple(_button(button) for button in row) for row in message.rows),
        date=message.timestamp // 1000,
        edited=message.is_edited,
        photos=tuple(
            attachment.file.token
            for attachment in message.attachments
            if attachment.file is not None and attachment.file.kind == "image"
        ),
        document=file.token if file else None,
        kind=kind,
        contact=parts["contact"].body["payload"].get("vcf_info") if "contact" in parts else None,
        revision=message.changed_at,
    )


def _button(button: Json) -> MaxButton:
    kind = str(button["type"])
    data = button.get("payload") if kind == "callback" else None
    return MaxButton(button["text"], kind, data, button.get("url"))
