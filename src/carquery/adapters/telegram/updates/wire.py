"""An update, and what of it we read. Everything else in it may be new, odd or missing. Source: Bot API, Update.

What is read must be what the Bot API says it is: an update with anything else in one of these places is read by
`plain_updates`, which bears more.
"""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Raw, Struct, field

LARGEST_ID: Final = 2**52
"""Source: Bot API, `User.id`, `Chat.id`: at most 52 significant bits."""

UserId: TypeAlias = Annotated[int, Meta(ge=1, le=LARGEST_ID)]
ChatId: TypeAlias = Annotated[int, Meta(ge=-LARGEST_ID, le=LARGEST_ID)]
NULL: Final = b"null"
STOPPED: Final = "kicked"
"""What a bot is in the chat of a customer who has stopped it. Source: Bot API, ChatMemberBanned."""
PRIVATE: Final = "private"
"""The type of a chat with one person."""


class Envelope(Struct, frozen=True):
    """An update that was not opened yet."""

    update_id: int
    message: Raw = Raw(NULL)


class TelegramUser(Struct, frozen=True):
    id: UserId
    is_bot: bool = False
    first_name: str = ""
    username: str | None = None


class TelegramChat(Struct, frozen=True):
    id: ChatId
    type: str

    @property
    def is_private(self) -> bool:
        return self.type == PRIVATE


class Contact(Struct, frozen=True):
    phone_number: str
    user_id: int | None = None
    first_name: str = ""


class PhotoSize(Struct, frozen=True):
    file_id: str


class UploadedFile(Struct, frozen=True):
    """What all kinds of files may have; some kinds lack some of it."""

    file_id: str
    file_size: int | None = None
    file_name: str | None = None
    mime_type: str | None = None


class TelegramMessage(Struct, frozen=True, kw_only=True):
    """`is_service`: what happened, not what somebody said; no field of Telegram's."""

    message_id: int
    chat: TelegramChat
    from_user: TelegramUser | None = field(name="from", default=None)
    text: str | None = None
    caption: str | None = None
    media_group_id: str | None = None
    contact: Contact | None = None
    photo: tuple[PhotoSize, ...] | None = None
    animation: UploadedFile | None = None
    audio: UploadedFile | None = None
    document: UploadedFile | None = None
    video: UploadedFile | None = None
    video_note: UploadedFile | None = None
    voice: UploadedFile | None = None
    migrate_to_chat_id: ChatId | None = None
    migrate_from_chat_id: ChatId | None = None
    is_service: bool = field(name="", default=False)


class PressedMessage(Struct, frozen=True):
    """The message with the button, of which there may be no more than this."""

    message_id: int
    chat: TelegramChat


class CallbackQuery(Struct, frozen=True, kw_only=True):
    id: str
    from_user: TelegramUser = field(name="from")
    data: str | None = None
    message: PressedMessage | None = None


class ChatMember(Struct, frozen=True):
    """What somebody is in a chat."""

    status: str


class MyChatMember(Struct, frozen=True, kw_only=True):
    """What the bot itself may do in a chat has changed."""

    chat: TelegramChat
    from_user: TelegramUser = field(name="from")
    new_chat_member: ChatMember
