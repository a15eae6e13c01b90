"""MAX as a channel: what customers, their inputs, files and messages are called in the core."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from carquery.adapters.messenger.chats import PressId
from carquery.domain.contact import Handle
from carquery.domain.ids import Channel, CustomerId, FileId, InputId, MessageToken

MAX: Final = Channel("max")
MESSENGER: Final = "MAX"

ONLY_BY_BOT: Final = "ответить можно только через бота"

_INPUT_BYTES: Final = 12


@lru_cache(maxsize=512)  # asked for several times for each update; more would be memory, not speed
def customer_of_user(user: int) -> CustomerId:
    """The customer with that user id. Each messenger numbers people for itself."""
    return CustomerId(MAX, str(user))


def user_of(customer: CustomerId) -> int:
    """The user id, by which a customer is written to. The chat with them has another number."""
    return int(customer.number)


@lru_cache(maxsize=512)
def handle_of_user(user: int, username: str | None) -> Handle:
    """By what people know them: the id. Few have a username, by which nobody is found; in another messenger it would
    be taken for somebody else's, so no @ stands before it."""
    return Handle(MESSENGER, f"id {user} ({username})" if username else f"id {user}")


def chat_link(customer: CustomerId, handle: Handle | None) -> str | None:
    """As `ChatLinks` promises. No address opens a chat with a person of MAX: the bot alone reaches its customers."""
    del handle
    return ONLY_BY_BOT if customer.channel == MAX else None


def token_of(mid: str) -> MessageToken:
    """As visits keep where a message stands: its `mid`, by which it is edited."""
    return MessageToken(mid)


def input_of(*parts: str | int) -> InputId:
    """What an update is called that has no number of its own, by the parts that a repeat of it has too.

    Short, however long those are: a visit remembers many.
    """
    named = "\n".join(str(part) for part in parts).encode(errors="replace")
    return InputId(blake2b(named, digest_size=_INPUT_BYTES).hexdigest())


def press_of(user: int, callback_id: str) -> PressId:
    """What a press is called that waits to be answered. With whose it is: in one chat, MAX takes few a second."""
    return PressId(f"{user}:{callback_id}")


def read_press(press: PressId) -> tuple[int, str]:
    """The user and the callback id of what `press_of` wrote."""
    user, _, callback_id = press.partition(":")
    return int(user), callback_id


class AttachmentKind(StrEnum):
    """What can be fetched of a message. The names are MAX's."""

    IMAGE = "image"
    FILE = "file"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class AttachmentPlace:
    """Where a photo or file stands. Its address expires, so that it is asked for anew each time, by this.

    Attributes:
        message: the `mid` of the message that the customer sent.
        index: among the attachments of that message, from 0.
        is_forwarded: it is an attachment of the message that this one forwards (`link.message`).
    """

    kind: AttachmentKind
    message: str
    index: int
    is_forwarded: bool = False

    @property
    def file(self) -> FileId:
        """As leads keep it, such as `image:0:mid.0a1b` and `forwarded_file:2:mid.0a1b`."""
        kind = f"forwarded_{self.kind}" if self.is_forwarded else str(self.kind)
        return FileId(f"{kind}:{self.index}:{self.message}")

    @classmethod
    def read(cls, file: FileId) -> "AttachmentPlace | None":
        """What a file's name says; `None` if it is not one of ours."""
        kind, _, rest = file.partition(":")
        index, _, message = rest.partition(":")
        try:
            known = AttachmentKind(kind.removeprefix("forwarded_"))
        except ValueError:
            return None
        if not (index.isascii() and index.isdecimal() and message):
            return None
        return cls(known, message, int(index), is_forwarded=kind.startswith("forwarded_"))
