"""What a message that is no text gives: photos, files and the words under them, a contact card, or nothing of use."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final, TypeAlias

from aiogram.enums import ContentType
from aiogram.types import Animation, Audio, Contact, Document, Message, Video, VideoNote, Voice

from carquery.domain.answers import SharedContact, Unexpected
from carquery.domain.attachments import Parcel, SentFile
from carquery.domain.ids import FileId
from carquery.domain.typed_text import clean

IMAGE_ENDINGS: Final = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "heif": "image/heif",
}
"""Pictures of cars. Not SVG, which can carry scripts, and no animations."""

LARGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes that a bot can download. Source: Bot API, getFile."""

_CONTENT_TYPE: Final = re.compile(r"[\w!#$&^.+-]{1,64}/[\w!#$&^.+-]{1,64}", re.ASCII)
"""Nothing else may go into a header. Source: RFC 6838, 4.2."""

LONGEST_NAME: Final = 80
"""Characters of a file's name that are kept, its ending among them."""

_Uploaded: TypeAlias = Animation | Audio | Document | Video | VideoNote | Voice

_UNNAMED: Final[Mapping[type[_Uploaded], tuple[str, str]]] = {
    Animation: ("анимация.mp4", "video/mp4"),
    Audio: ("аудиозапись.mp3", "audio/mpeg"),
    Document: ("файл", "application/octet-stream"),
    Video: ("видео.mp4", "video/mp4"),
    VideoNote: ("видеосообщение.mp4", "video/mp4"),
    Voice: ("голосовое сообщение.ogg", "audio/ogg"),
}
"""What each kind of file is called, and what it is, if its sender's device does not say. Voice: Ogg with Opus, which
Telegram makes of everything else (Bot API, sendVoice)."""

SERVICE_MESSAGES: Final = frozenset(
    {
        ContentType.BOOST_ADDED,
        ContentType.CHANNEL_CHAT_CREATED,
        ContentType.CHAT_BACKGROUND_SET,
        ContentType.CHAT_OWNER_CHANGED,
        ContentType.CHAT_OWNER_LEFT,
        ContentType.CHAT_SHARED,
        ContentType.CHECKLIST_TASKS_ADDED,
        ContentType.CHECKLIST_TASKS_DONE,
        ContentType.COMMUNITY_CHAT_ADDED,
        ContentType.COMMUNITY_CHAT_JOINED,
        ContentType.COMMUNITY_CHAT_REMOVED,
        ContentType.CONNECTED_WEBSITE,
        ContentType.DELETE_CHAT_PHOTO,
        ContentType.DIRECT_MESSAGE_PRICE_CHANGED,
        ContentType.FORUM_TOPIC_CLOSED,
        ContentType.FORUM_TOPIC_CREATED,
        ContentType.FORUM_TOPIC_EDITED,
        ContentType.FORUM_TOPIC_REOPENED,
        ContentType.GENERAL_FORUM_TOPIC_HIDDEN,
        ContentType.GENERAL_FORUM_TOPIC_UNHIDDEN,
        ContentType.GIFT_UPGRADE_SENT,
        ContentType.GIVEAWAY_COMPLETED,
        ContentType.GIVEAWAY_CREATED,
        ContentType.GROUP_CHAT_CREATED,
        ContentType.LEFT_CHAT_MEMBER,
        ContentType.MANAGED_BOT_CREATED,
        ContentType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
        ContentType.MIGRATE_FROM_CHAT_ID,
        ContentType.MIGRATE_TO_CHAT_ID,
        ContentType.NEW_CHAT_MEMBERS,
        ContentType.NEW_CHAT_PHOTO,
        ContentType.NEW_CHAT_TITLE,
        ContentType.PAID_MESSAGE_PRICE_CHANGED,
        ContentType.PASSPORT_DATA,
        ContentType.PINNED_MESSAGE,
        ContentType.POLL_OPTION_ADDED,
        ContentType.POLL_OPTION_DELETED,
        ContentType.PROXIMITY_ALERT_TRIGGERED,
        ContentType.REFUNDED_PAYMENT,
        ContentType.SUCCESSFUL_PAYMENT,
        ContentType.SUGGESTED_POST_APPROVAL_FAILED,
        ContentType.SUGGESTED_POST_APPROVED,
        ContentType.SUGGESTED_POST_DECLINED,
        ContentType.SUGGESTED_POST_PAID,
        ContentType.SUGGESTED_POST_REFUNDED,
        ContentType.SUPERGROUP_CHAT_CREATED,
        ContentType.USER_SHARED,
        ContentType.USERS_SHARED,
        ContentType.VIDEO_CHAT_ENDED,
        ContentType.VIDEO_CHAT_PARTICIPANTS_INVITED,
        ContentType.VIDEO_CHAT_SCHEDULED,
        ContentType.VIDEO_CHAT_STARTED,
        ContentType.WEB_APP_DATA,
        ContentType.WRITE_ACCESS_ALLOWED,
    }
)
"""What happened, not what somebody said: nobody expects an answer («changed the picture»). Everything else does, also
what this version of the library does not know. Not gifts: who gives one waits for a word."""


def content_of(message: Message, album: Sequence[Message]) -> SharedContact | Parcel | Unexpected | None:
    """What a message without text gives; an album counts as one. None: a service message."""
    if message.contact is not None:
        return _contact(message.contact, message)
    parcel = _parcel(album or (message,))
    if parcel != Parcel():
        return parcel
    return None if message.content_type in SERVICE_MESSAGES else Unexpected()


def _contact(contact: Contact, message: Message) -> SharedContact:
    """`user_id` is set by Telegram's server, not by the sender; only one's own card carries one's own id."""
    is_own = message.from_user is not None and contact.user_id == message.from_user.id
    return SharedContact(contact.phone_number, own=is_own)


def _parcel(parts: Sequence[Message]) -> Parcel:
    photos: list[FileId] = []
    files: list[SentFile] = []
    too_large = 0
    for part in parts:
        if part.photo:
            photos.append(FileId(part.photo[-1].file_id))
            continue
        uploaded = _uploaded(part)
        if uploaded is None:
            continue
        if (uploaded.file_size or 0) > LARGEST_FILE:
            too_large += 1
            continue
        file = _file(uploaded)
        if isinstance(uploaded, Document) and file.content_type in IMAGE_ENDINGS.values():
            photos.append(file.id)
        else:
            files.append(file)
    words = tuple(part.caption for part in parts if part.caption and clean(part.caption))
    return Parcel(tuple(photos), tuple(files), too_large, words)


def _uploaded(message: Message) -> _Uploaded | None:
    """An animation comes as a document too, for old clients; it is one file."""
    return (
        message.animation or message.audio or message.document or message.video or message.video_note or message.voice
    )


def _file(uploaded: _Uploaded) -> SentFile:
    usual_name, usual_type = _UNNAMED[type(uploaded)]
    name = "" if isinstance(uploaded, VideoNote | Voice) else _name(uploaded.file_name or "")
    said = None if isinstance(uploaded, VideoNote) else uploaded.mime_type
    content_type = said.casefold() if said and _CONTENT_TYPE.fullmatch(said) else usual_type
    if content_type == "application/octet-stream":  # which some devices say of their own photos
        content_type = IMAGE_ENDINGS.get(PurePath(name).suffix[1:].casefold(), content_type)
    return SentFile(FileId(uploaded.file_id), name or usual_name, content_type)


def _name(given: str) -> str:
    """As it can be kept: one line, no folders, not too long; a long one keeps its ending."""
    name = clean(given).replace("\\", "/").rpartition("/")[2]
    ending = PurePath(name).suffix[:LONGEST_NAME]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending
