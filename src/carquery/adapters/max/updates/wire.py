"""An update of MAX, and what of it we read. Everything else in it may be new, odd or missing.

What is read must be what MAX says it is: an update with anything else in one of these places is read by `odd_updates`,
which bears more. Source: dev.max.ru/docs-api/objects/Update; OpenAPI 0.0.33.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

LARGEST_ID: Final = 2**63 - 1
"""Ids are int64."""

MaxUserId: TypeAlias = Annotated[int, Meta(ge=1, le=LARGEST_ID)]
MaxChatId: TypeAlias = Annotated[int, Meta(ge=-LARGEST_ID, le=LARGEST_ID)]

DIALOG: Final = "dialog"
"""The type of a chat with one person. Others are `chat` and `channel`."""
FORWARD: Final = "forward"
"""What a link is whose message was sent on; one that is answered to is a `reply`."""


class MaxUser(Struct, frozen=True):
    user_id: MaxUserId
    is_bot: bool = False
    first_name: str | None = None
    username: str | None = None


class Recipient(Struct, frozen=True):
    """The chat that a message stands in. In a dialog, `user_id` is who gets it."""

    chat_id: MaxChatId | None = None
    chat_type: str | None = None
    user_id: MaxUserId | None = None

    @property
    def is_dialog(self) -> bool:
        """A chat that does not say what it is, is one unless its number is a group's."""
        return self.chat_type == DIALOG or (self.chat_type is None and (self.chat_id or 1) > 0)


class AttachmentPayload(Struct, frozen=True):
    """What all kinds of attachments may have. `vcf_info`, `hash`, `max_info`: of a contact."""

    url: str | None = None
    vcf_info: str | None = None
    hash: str | None = None
    max_info: MaxUser | None = None


class MaxAttachment(Struct, frozen=True):
    """`size`: bytes. `transcription`: what is said in it, in MAX's own hearing."""

    type: str
    payload: AttachmentPayload | None = None
    filename: str | None = None
    size: int | None = None
    transcription: str | None = None


class MessageBody(Struct, frozen=True):
    mid: str | None = None
    text: str | None = None
    attachments: tuple[MaxAttachment | None, ...] | None = None
    """Of one that can't be read, `None` keeps the place: files are asked for by their number."""


class LinkedMessage(Struct, frozen=True):
    """The message that another one forwards or answers."""

    type: str | None = None
    message: MessageBody | None = None


class MaxMessage(Struct, frozen=True, kw_only=True):
    recipient: Recipient | None = None
    sender: MaxUser | None = None
    body: MessageBody | None = None
    link: LinkedMessage | None = None

    @property
    def is_in_dialog(self) -> bool:
        return self.recipient is None or self.recipient.is_dialog

    @property
    def forwarded(self) -> MessageBody | None:
        """The message that it sends on."""
        return self.link.message if self.link is not None and self.link.type == FORWARD else None


class MaxCallback(Struct, frozen=True):
    """A press. `payload`: what the button carries."""

    callback_id: str
    user: MaxUser
    timestamp: int = 0
    payload: str | None = None


class MaxUpdate(Struct, frozen=True, kw_only=True):
    """`update_type` says which of the others are there. `timestamp`: milliseconds since 1970, in UTC."""

    update_type: str
    timestamp: int = 0
    message: MaxMessage | None = None
    callback: MaxCallback | None = None
    chat_id: MaxChatId | None = None
    user: MaxUser | None = None
    payload: str | None = None

    @property
    def at(self) -> datetime | None:
        """When it happened, by MAX's clock; None: it does not say, or nothing that a calendar has."""
        try:
            return datetime.fromtimestamp(self.timestamp / 1000, UTC) if self.timestamp > 0 else None
        except (OverflowError, OSError, ValueError):
            return None
