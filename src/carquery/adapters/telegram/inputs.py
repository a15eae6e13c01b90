"""Telegram's messages into what the application takes. Nothing else reads them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.enums import ContentType
from aiogram.types import Contact, Message, User

from carquery.application.reception import Arrival
from carquery.domain.answers import SentPhotos, SharedContact, Unexpected
from carquery.domain.contact import PersonName
from carquery.domain.ids import CustomerId, FileId, InputId
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_names import read_name

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})
"""Pictures of cars. Not SVG, which can carry scripts, and no animations."""

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes that a bot can download. Source: Bot API, getFile."""

_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]{1,32})(@\w+)?(\s+(?P<argument>.*))?", re.ASCII | re.IGNORECASE | re.DOTALL)

_WRITTEN_BY_CUSTOMERS = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.DOCUMENT,
        ContentType.GAME,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.POLL,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.UNKNOWN,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""The rest are service messages («changed the picture»), which nobody expects an answer to."""


@dataclass(frozen=True, slots=True)
class BotCommand:
    """A `/command` with what followed it."""

    name: str
    argument: str


def arrival_of(sender: User, update_id: int, along: Sequence[int] = ()) -> Arrival:
    """Who sent an update; `along`: the ids of those that came as one with it."""
    return Arrival(
        CustomerId(sender.id),
        InputId(update_id),
        profile_name=_profile_name(sender.first_name),
        username=sender.username,
        along=tuple(InputId(other) for other in along),
    )


def read_bot_command(text: str) -> BotCommand | None:
    """The command that a text begins with; None: it is an ordinary text."""
    found = _COMMAND.fullmatch(text)
    return None if found is None else BotCommand(found["name"].casefold(), (found["argument"] or "").strip())


def content_of(message: Message, album: Sequence[Message]) -> SharedContact | SentPhotos | Unexpected | None:
    """What a message without text gives; an album's pictures count together. None: a service message."""
    if message.contact is not None:
        return _contact(message.contact, message)
    files = tuple(file for part in (album or (message,)) if (file := _picture(part)) is not None)
    if files:
        return SentPhotos(files)
    return Unexpected() if message.content_type in _WRITTEN_BY_CUSTOMERS else None


def _contact(contact: Contact, message: Message) -> SharedContact:
    """`user_id` is set by Telegram's server, not by the sender; only one's own card carries one's own id."""
    is_own = message.from_user is not None and contact.user_id == message.from_user.id
    return SharedContact(contact.phone_number, own=is_own)


def _picture(message: Message) -> FileId | None:
    if message.photo:
        return FileId(message.photo[-1].file_id)
    document = message.document
    if document is None or document.mime_type not in IMAGE_TYPES or (document.file_size or 0) > LARGEST_FILE:
        return None
    return FileId(document.file_id)


def _profile_name(first_name: str) -> PersonName | None:
    try:
        return read_name(first_name)
    except AnswerRefused:  # «❤️», «<3»: a profile may be called anything
        return None
