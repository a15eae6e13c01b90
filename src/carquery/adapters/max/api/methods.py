"""MAX's methods that we use, with what we give, and what we read of their answers.

Names are MAX's. Source: dev.max.ru/docs-api/methods; OpenAPI 0.0.33. Links show no previews.
"""

from collections.abc import Hashable, Sequence
from typing import ClassVar, Final, Literal, Protocol, TypeVar
from urllib.parse import quote, urlencode

from msgspec import Raw, Struct
from msgspec.json import Decoder

from carquery.adapters.max.api.keyboards import NewMessage
from carquery.adapters.max.api.stored_message import StoredMessage

Result_co = TypeVar("Result_co", covariant=True)


class MaxMethod(Protocol[Result_co]):
    """One call.

    Attributes:
        name: what the log calls it.
        verb: HTTP's.
        is_repeatable: done twice, it leaves the chat as done once.
        is_about_message: a refusal is about a message that stands in the chat, or a press on it, not about the chat.
    """

    name: ClassVar[str]
    verb: ClassVar[str]
    is_repeatable: ClassVar[bool]
    is_about_message: ClassVar[bool]

    @property
    def target(self) -> str:
        """Path and query, in ASCII."""
        ...

    @property
    def body(self) -> Struct | None: ...

    @property
    def line(self) -> Hashable | None:
        """Of calls with one line, MAX takes two a second; None: only the whole bot's count."""
        ...

    def read(self, answer: bytes) -> Result_co:
        """What we need of the answer. Raises ValueError, RecursionError: it is not there."""
        ...


class _Call(Struct, frozen=True, kw_only=True):
    is_repeatable: ClassVar[bool] = True
    is_about_message: ClassVar[bool] = False

    @property
    def body(self) -> Struct | None:
        return None

    @property
    def line(self) -> Hashable | None:
        return None


class _Simple(_Call, frozen=True, kw_only=True):
    """A call of which we only need to know that it was done."""

    def read(self, answer: bytes) -> None:
        if not _DONE.decode(answer).success:
            raise ValueError("not done")


class _Done(Struct, frozen=True):
    success: bool = True


class _MessageBody(Struct, frozen=True):
    mid: str


class _Message(Struct, frozen=True):
    body: _MessageBody


class _SentToUser(Struct, frozen=True):
    message: _Message


_DONE: Final = Decoder(_Done)
_SENT: Final = Decoder(_SentToUser)


class SendToUser(_Call, frozen=True, kw_only=True):
    """Its result: the message's `mid`."""

    name: ClassVar[str] = "POST /messages"
    verb: ClassVar[str] = "POST"
    is_repeatable: ClassVar[bool] = False

    user_id: int
    message: NewMessage

    @property
    def target(self) -> str:
        return f"/messages?user_id={self.user_id}&disable_link_preview=true"

    @property
    def body(self) -> NewMessage:
        return self.message

    @property
    def line(self) -> Hashable:
        return "messages", self.user_id

    def read(self, answer: bytes) -> str:
        return _SENT.decode(answer).message.body.mid


class EditMessage(_Simple, frozen=True, kw_only=True):
    """`user_id`: in whose chat the message stands."""

    name: ClassVar[str] = "PUT /messages"
    verb: ClassVar[str] = "PUT"
    is_about_message: ClassVar[bool] = True

    user_id: int
    message_id: str
    message: NewMessage

    @property
    def target(self) -> str:
        return f"/messages?message_id={quote(self.message_id, safe='')}"

    @property
    def body(self) -> NewMessage:
        return self.message

    @property
    def line(self) -> Hashable:
        return "edits", self.user_id


class _PressAnswer(Struct, frozen=True, omit_defaults=True):
    message: NewMessage | None = None
    notification: str | None = None


class AnswerPress(_Simple, frozen=True, kw_only=True):
    """Lets the button rest, makes its message this one, and shows a sentence over the chat; each may be left out."""

    name: ClassVar[str] = "POST /answers"
    verb: ClassVar[str] = "POST"
    is_about_message: ClassVar[bool] = True

    user_id: int
    callback_id: str
    message: NewMessage | None = None
    notification: str | None = None

    @property
    def target(self) -> str:
        return f"/answers?callback_id={quote(self.callback_id, safe='')}"

    @property
    def body(self) -> _PressAnswer:
        return _PressAnswer(self.message, self.notification)

    @property
    def line(self) -> Hashable:
        return "answers", self.user_id


class _Action(Struct, frozen=True):
    action: Literal["typing_on"] = "typing_on"


class ShowTyping(_Simple, frozen=True, kw_only=True):
    name: ClassVar[str] = "POST /chats/{chat_id}/actions"
    verb: ClassVar[str] = "POST"
    is_repeatable: ClassVar[bool] = False

    chat_id: int

    @property
    def target(self) -> str:
        return f"/chats/{self.chat_id}/actions"

    @property
    def body(self) -> _Action:
        return _Action()


class GetMessage(_Call, frozen=True, kw_only=True):
    """Its result: the message, with fresh addresses of what it has attached."""

    name: ClassVar[str] = "GET /messages/{mid}"
    verb: ClassVar[str] = "GET"
    is_about_message: ClassVar[bool] = True

    message_id: str

    @property
    def target(self) -> str:
        return f"/messages/{quote(self.message_id, safe='')}"

    def read(self, answer: bytes) -> StoredMessage:
        return _STORED.decode(answer)


class VideoPlaces(Struct, frozen=True):
    """Addresses of one video by quality, such as `mp4_720`, for a while."""

    urls: dict[str, str | None] | None = None


class GetVideo(_Call, frozen=True, kw_only=True):
    """`token`: as the attachment has it."""

    name: ClassVar[str] = "GET /videos/{token}"
    verb: ClassVar[str] = "GET"

    token: str

    @property
    def target(self) -> str:
        return f"/videos/{quote(self.token, safe='')}"

    def read(self, answer: bytes) -> VideoPlaces:
        return _VIDEOS.decode(answer)


class MaxBot(Struct, frozen=True):
    """Who we are; `username`: stands in deep links."""

    user_id: int
    username: str | None = None


class GetMyself(_Call, frozen=True):
    name: ClassVar[str] = "GET /me"
    verb: ClassVar[str] = "GET"

    @property
    def target(self) -> str:
        return "/me"

    def read(self, answer: bytes) -> MaxBot:
        return _BOTS.decode(answer)


class MaxCommand(Struct, frozen=True):
    name: str
    description: str


class _Commands(Struct, frozen=True):
    commands: Sequence[MaxCommand]


class SetCommands(_Simple, frozen=True, kw_only=True):
    """At most 32; names of at most 64 characters, descriptions of at most 128."""

    name: ClassVar[str] = "PATCH /me/commands"
    verb: ClassVar[str] = "PATCH"

    commands: Sequence[MaxCommand]

    @property
    def target(self) -> str:
        return "/me/commands"

    @property
    def body(self) -> _Commands:
        return _Commands(self.commands)


class Subscription(Struct, frozen=True):
    """Where MAX brings updates."""

    url: str
    update_types: Sequence[str] | None = None


class _Subscriptions(Struct, frozen=True):
    subscriptions: Sequence[Subscription]


class GetSubscriptions(_Call, frozen=True):
    name: ClassVar[str] = "GET /subscriptions"
    verb: ClassVar[str] = "GET"

    @property
    def target(self) -> str:
        return "/subscriptions"

    def read(self, answer: bytes) -> Sequence[Subscription]:
        return _SUBSCRIPTIONS.decode(answer).subscriptions


class _NewSubscription(Struct, frozen=True):
    url: str
    update_types: Sequence[str]
    secret: str


class Subscribe(_Simple, frozen=True, kw_only=True):
    """`secret`: 5 … 256 of `A-Za-z0-9_-`; it comes with each update. What is subscribed already stays so."""

    name: ClassVar[str] = "POST /subscriptions"
    verb: ClassVar[str] = "POST"

    url: str
    update_types: Sequence[str]
    secret: str

    @property
    def target(self) -> str:
        return "/subscriptions"

    @property
    def body(self) -> _NewSubscription:
        return _NewSubscription(self.url, self.update_types, self.secret)


class Unsubscribe(_Simple, frozen=True, kw_only=True):
    """Of what was subscribed by that very address."""

    name: ClassVar[str] = "DELETE /subscriptions"
    verb: ClassVar[str] = "DELETE"

    url: str

    @property
    def target(self) -> str:
        return f"/subscriptions?{urlencode({'url': self.url})}"


class MaxUpdates(Struct, frozen=True):
    """Each update as it came, to be read alone. `marker`: where the next ones begin."""

    updates: list[Raw]
    marker: int | None = None


class PollUpdates(_Call, frozen=True, kw_only=True):
    """Polling. With a marker, what comes before it is over; without one, only the latest update comes.

    Attributes:
        timeout: seconds that MAX waits for one; at most 90.
        limit: at most 1000.
    """

    name: ClassVar[str] = "GET /updates"
    verb: ClassVar[str] = "GET"

    marker: int | None
    timeout: int
    limit: int
    types: Sequence[str]

    @property
    def target(self) -> str:
        marker = "" if self.marker is None else f"&marker={self.marker}"
        return f"/updates?limit={self.limit}&timeout={self.timeout}&types={','.join(self.types)}{marker}"

    @property
    def line(self) -> Hashable:
        return "updates"

    def read(self, answer: bytes) -> MaxUpdates:
        return _UPDATES.decode(answer)


_STORED: Final = Decoder(StoredMessage)
_VIDEOS: Final = Decoder(VideoPlaces)
_BOTS: Final = Decoder(MaxBot)
_SUBSCRIPTIONS: Final = Decoder(_Subscriptions)
_UPDATES: Final = Decoder(MaxUpdates)
