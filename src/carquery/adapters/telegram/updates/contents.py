"""What a message that is no text gives: photos, files and the words under them, a contact card, or nothing of use."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from carquery.adapters.messenger.uploaded_files import IMAGE_ENDINGS, LARGEST_FILE, ending_of, kept_name
from carquery.adapters.telegram.updates.wire import Contact, TelegramMessage, UploadedFile
from carquery.domain.answers import SharedContact, Unexpected
from carquery.domain.attachments import Parcel, SentFile
from carquery.domain.ids import FileId
from carquery.domain.typed_text import clean

_CONTENT_TYPE: Final = re.compile(r"[\w!#$&^.+-]{1,64}/[\w!#$&^.+-]{1,64}", re.ASCII)
"""Nothing else may go into a header. Source: RFC 6838, 4.2."""

UPLOADS: Final[Mapping[str, tuple[str, str]]] = {
    "animation": ("анимация.mp4", "video/mp4"),
    "audio": ("аудиозапись.mp3", "audio/mpeg"),
    "document": ("файл", "application/octet-stream"),
    "video": ("видео.mp4", "video/mp4"),
    "video_note": ("видеосообщение.mp4", "video/mp4"),
    "voice": ("голосовое сообщение.ogg", "audio/ogg"),
}
"""What each kind of file is called, and what it is, if its sender's device does not say. Voice: Ogg with Opus, which
Telegram makes of everything else (Bot API, sendVoice)."""

_UNNAMED: Final = ("video_note", "voice")
"""Kinds that are recorded for this chat and have no name of their own."""

SERVICE_MESSAGES: Final = frozenset(
    {
        "boost_added",
        "channel_chat_created",
        "chat_background_set",
        "chat_owner_changed",
        "chat_owner_left",
        "chat_shared",
        "checklist_tasks_added",
        "checklist_tasks_done",
        "community_chat_added",
        "community_chat_joined",
        "community_chat_removed",
        "connected_website",
        "delete_chat_photo",
        "direct_message_price_changed",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "gift_upgrade_sent",
        "giveaway_completed",
        "giveaway_created",
        "group_chat_created",
        "left_chat_member",
        "managed_bot_created",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "migrate_to_chat_id",
        "new_chat_members",
        "new_chat_photo",
        "new_chat_title",
        "paid_message_price_changed",
        "passport_data",
        "pinned_message",
        "poll_option_added",
        "poll_option_deleted",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "suggested_post_approval_failed",
        "suggested_post_approved",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "supergroup_chat_created",
        "user_shared",
        "users_shared",
        "video_chat_ended",
        "video_chat_participants_invited",
        "video_chat_scheduled",
        "video_chat_started",
        "web_app_data",
        "write_access_allowed",
    }
)
"""What happened, not what somebody said: nobody expects an answer («changed the picture»). Everything else does, also
what nobody has heard of yet. Not gifts: who gives one waits for a word."""


def is_service(fields: Iterable[str]) -> bool:
    """Whether a message with those fields says what happened."""
    return not SERVICE_MESSAGES.isdisjoint(fields)


def is_content(message: TelegramMessage) -> bool:
    """Whether it gives anything besides words."""
    return message.contact is not None or message.photo is not None or _uploaded(message)[1] is not None


def content_of(
    message: TelegramMessage, album: Sequence[TelegramMessage]
) -> SharedContact | Parcel | Unexpected | None:
    """What a message without text gives; an album counts as one. None: a service message."""
    if message.contact is not None:
        return _contact(message.contact, message)
    parcel = _parcel(album or (message,))
    if parcel != Parcel():
        return parcel
    return None if message.is_service else Unexpected()


def _contact(contact: Contact, message: TelegramMessage) -> SharedContact:
    """`user_id` is set by Telegram's server, not by the sender; only one's own card carries one's own id."""
    is_own = message.from_user is not None and contact.user_id == message.from_user.id
    return SharedContact(contact.phone_number, own=is_own, name=contact.first_name)


def _parcel(parts: Sequence[TelegramMessage]) -> Parcel:
    photos: list[FileId] = []
    files: list[SentFile] = []
    too_large = 0
    for part in parts:
        if part.photo:
            photos.append(FileId(part.photo[-1].file_id))
            continue
        kind, uploaded = _uploaded(part)
        if uploaded is None:
            continue
        if (uploaded.file_size or 0) > LARGEST_FILE:  # more no bot can download: Bot API, getFile
            too_large += 1
            continue
        file = _file(kind, uploaded)
        if kind == "document" and file.content_type in IMAGE_ENDINGS.values():
            photos.append(file.id)
        else:
            files.append(file)
    words = tuple(part.caption for part in parts if part.caption and clean(part.caption))
    return Parcel(tuple(photos), tuple(files), too_large, words)


def _uploaded(message: TelegramMessage) -> tuple[str, UploadedFile | None]:
    """The file, and which kind it is. An animation comes as a document too, for old clients; it is one file."""
    for kind in UPLOADS:
        uploaded: UploadedFile | None = getattr(message, kind)
        if uploaded is not None:
            return kind, uploaded
    return "", None


def _file(kind: str, uploaded: UploadedFile) -> SentFile:
    usual_name, usual_type = UPLOADS[kind]
    said = None if kind == "video_note" else uploaded.mime_type
    content_type = said.casefold() if said and _CONTENT_TYPE.fullmatch(said) else usual_type
    name = "" if kind in _UNNAMED else kept_name(uploaded.file_name or "")
    if content_type == "application/octet-stream":  # which some devices say of their own photos
        content_type = IMAGE_ENDINGS.get(ending_of(name), content_type)
    return SentFile(FileId(uploaded.file_id), name or usual_name, content_type)
